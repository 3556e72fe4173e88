"""Put a message into the outbox, in the same transaction as what it tells about."""

from __future__ import annotations

import json

from eztong.domain.notices import Message, OutboxEntry, Topic, life_of, priority_of
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.usecases.naming import new_id


def send_message(act: Act, message: Message) -> str:
    """Seal and queue ``message``; return its id."""
    message_id = new_id(act, "msg")
    life = life_of(message.topic)
    act.uow.outbox.add(
        OutboxEntry(
            message_id=message_id,
            topic=message.topic.value,
            priority=priority_of(message.topic),
            sealed=seal_message(message, message_id, keys=act.keys, entropy=act.entropy),
            created_at=act.now,
            next_attempt_at=act.now,
            attempts=0,
            expires_at=None if life is None else act.now + life,
        )
    )
    return message_id


def seal_message(message: Message, message_id: str, *, keys: Keys, entropy: Entropy) -> bytes:
    """Seal ``message`` as it lies in the outbox."""
    plain = json.dumps({"phone": message.phone, "language": message.language, "params": dict(message.params)}).encode()
    return keys.seal(plain, nonce=entropy.token(NONCE_BYTES), place=_place(message_id))


def open_message(entry: OutboxEntry, *, keys: Keys) -> Message:
    """Open a queued message.

    Raises:
        eztong.gm.errors.DecryptionFailed: it was changed in the store.
        ValueError: its topic is none that this version knows.
    """
    fields = json.loads(keys.open(entry.sealed, place=_place(entry.message_id)))
    return Message(
        topic=Topic(entry.topic), phone=fields["phone"], language=fields["language"], params=fields["params"]
    )


def _place(message_id: str) -> tuple[str, str, str]:
    return ("outbox", message_id, "sealed")

"""Queue a message as a job, in the same transaction as what it tells about."""

from __future__ import annotations

import json

from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import Job, JobKind, payload_place
from eztong.domain.notices import Message, Topic, life_of, priority_of
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.usecases.naming import new_id


def send_message(act: Act, message: Message, *, about: HolderId | None = None) -> str:
    """Seal and queue ``message``, which tells ``about`` an account; return its id."""
    message_id = new_id(act, "msg")
    life = life_of(message.topic)
    job = Job(
        job_id=message_id,
        kind=JobKind.MESSAGE,
        key=message_id,
        topic=message.topic.value,
        holder_id=about,
        sealed=seal_message(message, message_id, keys=act.keys, entropy=act.entropy),
        priority=priority_of(message.topic),
        created_at=act.now,
        next_attempt_at=act.now,
        expires_at=None if life is None else act.now + life,
    )
    if not act.uow.jobs.add(job):
        raise ValueError("a message of this id waits already")
    return message_id


def seal_message(message: Message, message_id: str, *, keys: Keys, entropy: Entropy) -> bytes:
    """Seal ``message`` as it lies in its job."""
    fields = {"phone": message.phone, "language": message.language, "params": dict(message.params)}
    if message.email:
        fields["email"] = message.email
    return keys.seal(
        json.dumps(fields).encode(), nonce=entropy.token(NONCE_BYTES), place=payload_place(JobKind.MESSAGE, message_id)
    )


def open_message(job: Job, *, keys: Keys) -> Message:
    """Open a queued message.

    Raises:
        eztong.gm.errors.DecryptionFailed: it was changed in the store.
        ValueError: its topic is none that this version knows.
    """
    fields = json.loads(keys.open(job.sealed, place=payload_place(job.kind, job.job_id)))
    return Message(
        topic=Topic(job.topic or ""),
        phone=fields["phone"],
        email=fields.get("email", ""),
        language=fields["language"],
        params=fields["params"],
    )

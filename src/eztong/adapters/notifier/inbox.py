"""The sandbox's notifier: messages land in an inbox inside the service instead of on a phone."""

from __future__ import annotations

import json
import warnings

from typing_extensions import override

from eztong.adapters.notifier.message_words import MessageWords
from eztong.domain.errors import NotPermitted
from eztong.domain.identity.masking import mask_phone
from eztong.domain.notices import Message, Topic
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.clock import Clock
from eztong.ports.entropy import Entropy
from eztong.ports.keys import Keys
from eztong.ports.notifier import Notifier
from eztong.ports.services import Mode
from eztong.ports.storage.store import Store, UnitOfWork
from eztong.usecases.vault import phone_index

_PLAIN = MessageWords()


class VisibleInboxWarning(UserWarning):
    """Messages go to the sandbox's inbox: whoever may open it reads every message code."""


class InboxNotifier(Notifier):
    """Writes messages, sealed, into the store's inbox. Sandbox only.

    The sealed text is JSON: ``phone``, ``text``, ``topic``, and ``otp`` where the topic is a message code.
    """

    def __init__(
        self, store: Store, keys: Keys, entropy: Entropy, clock: Clock, *, mode: Mode, words: MessageWords = _PLAIN
    ) -> None:
        """Deliver into ``store``, loudly.

        Raises:
            NotPermitted: ``mode`` is live.
        """
        if mode is not Mode.SANDBOX:
            raise NotPermitted("The inbox shows message codes: it exists in the sandbox only.")
        warnings.warn("messages reach no phone: they are shown in the sandbox inbox", VisibleInboxWarning, stacklevel=2)
        self._store = store
        self._keys = keys
        self._entropy = entropy
        self._clock = clock
        self._words = words

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        is_last = message.topic is Topic.DEREGISTERED
        # The account is erased: the inbox, which is a phone's here, must not lead back to it.
        receiver = message.phone or message.email
        phone = mask_phone(message.phone) if is_last else receiver
        shown = {"phone": phone, "text": self._words.signed_text(message), "topic": message.topic.value}
        if message.topic is Topic.OTP:
            shown["otp"] = message.params["otp"]
        sealed = self._keys.seal(
            json.dumps(shown, ensure_ascii=False).encode(),
            nonce=self._entropy.token(NONCE_BYTES),
            place=("inbox", message_id, "sealed"),
        )
        index = b"" if is_last else phone_index(receiver, keys=self._keys)
        now = self._clock.now()

        def add(uow: UnitOfWork) -> None:
            uow.inbox.add(message_id, phone_index=index, sealed=sealed, at=now)

        # The same id again changes nothing there, so a second delivery is not seen twice.
        self._store.write(add)

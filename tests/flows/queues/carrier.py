"""Carriers of messages that remember, fail or die, and messages to carry."""

from __future__ import annotations

import threading
from collections.abc import Callable

from typing_extensions import override

from eztong.domain.notices import Message, Topic
from eztong.ports.act import SYSTEM, Act
from eztong.ports.notifier import Notifier
from eztong.ports.services import Services
from eztong.usecases.notices.send_message import send_message

PHONE = "19900000001"
PARAMS = {
    Topic.OTP: {"otp": "123456", "minutes": "5"},
    Topic.CODE_REPLAYED: {"partner": "Hotel"},
    Topic.ACCOUNT_FROZEN: {},
}


class Carrier(Notifier):
    """Remembers what was handed over; ``before`` runs first and may raise."""

    def __init__(self, before: Callable[[Message, str], None] | None = None) -> None:
        self._before = before
        self._gate = threading.Lock()
        self.handed: list[tuple[str, Topic]] = []

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        if self._before is not None:
            self._before(message, message_id)
        with self._gate:
            self.handed.append((message_id, message.topic))

    @property
    def topics(self) -> list[Topic]:
        """What the messages were about, in order."""
        return [topic for _, topic in self.handed]

    @property
    def ids(self) -> list[str]:
        """Which messages they were, in order."""
        return [message_id for message_id, _ in self.handed]


def write_messages(services: Services, topic: Topic, *, count: int = 1) -> list[str]:
    """Put messages into the outbox, in one unit of work; return their ids, in the order of the outbox."""
    message = Message(topic=topic, phone=PHONE, language="en", params=PARAMS[topic])

    def send(act: Act) -> list[str]:
        return [send_message(act, message) for _ in range(count)]

    return sorted(services.perform(SYSTEM, send))

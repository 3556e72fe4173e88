"""One notifier for every channel: what goes to a phone, and what goes to an e-mail address."""

from __future__ import annotations

from typing_extensions import override

from eztong.adapters.notifier.http_sms import HttpSmsNotifier
from eztong.domain.notices import Medium, Message
from eztong.ports.notifier import Notifier


class ChannelNotifier(Notifier):
    """Hands each message to the transport of its channel."""

    def __init__(self, *, sms: Notifier, email: Notifier) -> None:
        self._by_channel = {Medium.SMS: sms, Medium.EMAIL: email}

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        self._by_channel[message.channel].deliver(message, message_id=message_id)

    def close(self) -> None:
        """Let go of whatever connections a transport keeps."""
        for transport in self._by_channel.values():
            if isinstance(transport, HttpSmsNotifier):
                transport.close()

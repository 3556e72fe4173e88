"""The notifier of a live installation that has no transport yet: nothing is lost, nothing is sent."""

from __future__ import annotations

from typing import NoReturn

from typing_extensions import override

from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message
from eztong.ports.notifier import Notifier

ADVICE = "No message transport is configured: messages wait until the operator connects one."


class MissingNotifier(Notifier):
    """Refuses every message, so that it waits."""

    @override
    def deliver(self, message: Message, *, message_id: str) -> NoReturn:
        raise Unavailable(ADVICE)

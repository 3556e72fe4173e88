"""The port that carries a signed delivery to a partner's server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from eztong.domain.webhooks.delivery import Tried


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDelivery:
    """What is posted: the address as its partner gave it, the headers that are signed, and the body."""

    url: str
    headers: Mapping[str, str]
    body: str


class SenderStopped(Exception):
    """The service is being stopped: whether the delivery arrived is not known, and it counts as not tried."""


class WebhookSender(Protocol):
    """Posts to an address that a partner chose, which must not become a way into the operator's own network.

    1. Only public addresses are called, and networks that the operator's settings name. The name is resolved once,
       every address that it has is judged, and the connection goes to exactly one that was.
    2. The certificate is checked against the name. No redirect is followed; proxies of the environment are ignored.
    3. Time and the bytes that are read are limited, however the server answers.
    """

    def send(self, delivery: SignedDelivery, *, patience: timedelta) -> Tried:
        """Post and return how it went; the whole of it takes no longer than ``patience``.

        Nothing that the server says is kept but its status.

        Raises:
            SenderStopped: the sender was closed meanwhile.
        """
        ...

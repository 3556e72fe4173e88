"""Messages to phones over an HTTP gateway: one POST for each, shaped by the operator's settings.

What becomes of a message: accepted, if the gateway says so in the way that the settings describe; undeliverable, only
if it says so of this message in a way that the settings describe; in every other case it is tried again later. So a
wrong password, a limit or a gateway that is down lose no message.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx
from typing_extensions import override

from eztong.adapters.notifier.body_template import BodyTemplate
from eztong.adapters.notifier.deadline import Deadline
from eztong.adapters.notifier.message_words import MessageWords
from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message
from eztong.ports.notifier import Notifier, Undeliverable

_MAX_ANSWER: Final = 64 * 1024
_PLAIN: Final = MessageWords()


@dataclass(frozen=True, slots=True)
class Criterion:
    """A value in a gateway's JSON answer: ``path`` leads to it by dots, and any of ``values`` meets it."""

    path: str
    values: frozenset[str]

    def is_met(self, answer: object) -> bool:
        """Say whether the answer has such a value there."""
        for name in self.path.split("."):
            answer = answer.get(name) if isinstance(answer, dict) else None
        if isinstance(answer, bool):
            return str(answer).lower() in self.values
        return answer is not None and str(answer) in self.values


def parse_criterion(text: str) -> Criterion:
    """Return ``path=value,value``.

    Raises:
        ValueError: it has no path or no value.
    """
    path, _, values = text.partition("=")
    several = frozenset(value.strip() for value in values.split(",") if value.strip())
    if not path.strip() or not several:
        raise ValueError("it must look like code=0 or result.status=ok,accepted")
    return Criterion(path.strip(), several)


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsGateway:
    """Where the gateway is and how to speak with it. Times are in seconds."""

    url: str
    body: BodyTemplate
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every message; they hold the gateway's secret."""

    success: Criterion | None = None
    """What an answer with a status of 2xx must say besides; None: nothing."""

    final: Criterion | None = None
    """What an answer says, of whatever status, when this message can never be delivered."""

    ca_file: Path | None = None
    connect_timeout: float = 3.0
    read_timeout: float = 10.0
    at_most: float = 20.0
    """For a whole hand-over, however the gateway answers."""


class HttpSmsNotifier(Notifier):
    """The notifier over HTTP: one connection for each hand-over, which its deadline can end."""

    def __init__(self, gateway: SmsGateway, words: MessageWords = _PLAIN) -> None:
        """Prepare the connections; nothing is sent yet. Texts are in ``words``.

        Raises:
            ValueError: the file of issuers is missing or holds no certificate.
        """
        self._gateway = gateway
        self._words = words
        # trust_env would read proxies and certificates from the environment, which only the settings may do.
        self._client = httpx.Client(
            verify=_trusted(gateway.ca_file),
            trust_env=False,
            follow_redirects=False,
            limits=httpx.Limits(max_keepalive_connections=0),
            timeout=httpx.Timeout(gateway.read_timeout, connect=gateway.connect_timeout),
        )

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        status, answer = self._send(message, message_id)
        final, success = self._gateway.final, self._gateway.success
        if final is not None and final.is_met(answer):
            raise Undeliverable("The message gateway says that this message cannot be delivered.")
        if not httpx.codes.is_success(status):
            raise Unavailable(f"The message gateway answered with status {status}.")
        if success is not None and not success.is_met(answer):
            raise Unavailable("The message gateway did not say that it accepted the message.")

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _send(self, message: Message, message_id: str) -> tuple[int, object]:
        body = self._gateway.body
        # A gateway that is told the name by itself puts it there in its own way.
        words = self._words
        text = words.text(message) if body.names_service else words.signed_text(message)
        content = body.fill(
            {
                "phone": message.phone,
                "text": text,
                "service": words.service(message.language),
                "message_id": message_id,
                "topic": message.topic.value,
                "language": message.language,
            }
        )
        given = {"content-type": body.content_type, "idempotency-key": message_id}
        try:
            with (
                Deadline(self._gateway.at_most) as deadline,
                self._client.stream(
                    "POST",
                    self._gateway.url,
                    content=content,
                    headers=given | dict(self._gateway.headers),
                    extensions={"trace": _watching(deadline)},
                ) as response,
            ):
                return response.status_code, _read(response, deadline)
        except httpx.HTTPError as error:
            # Its words may name the address; the kind alone is told.
            raise Unavailable(f"The message gateway cannot be reached: {type(error).__name__}.") from None


def _watching(deadline: Deadline) -> Callable[[str, Mapping[str, Any]], None]:
    """Return what is told of every step of a request, and lets the deadline know its connection."""

    def told(event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            deadline.watch(info["return_value"].get_extra_info("socket"))

    return told


def _read(response: httpx.Response, deadline: Deadline) -> object:
    """Return what the answer holds, None where it is no JSON. It is never told on: it may repeat the phone."""
    held = b""
    for chunk in response.iter_bytes():
        held += chunk
        if len(held) > _MAX_ANSWER or deadline.is_over:
            raise Unavailable("The message gateway's answer is too long or too slow.")
    try:
        found: object = json.loads(held)
    except ValueError:
        return None
    return found


def _trusted(ca_file: Path | None) -> ssl.SSLContext | bool:
    try:
        return True if ca_file is None else ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ValueError("the file of certificate issuers cannot be read") from error

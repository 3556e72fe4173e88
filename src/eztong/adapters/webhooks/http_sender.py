"""Deliveries over HTTP: the name is looked up once, and the connection goes to the address that was judged.

The request itself names the address, so that nothing looks the name up again; ``Host`` and TLS have the name. A server
behind a name whose record changes between two looks (DNS rebinding) gains nothing, as there is one look.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from threading import Event, Lock
from time import monotonic
from typing import Any, Final

import httpx
from typing_extensions import override

from eztong.adapters.notifier.deadline import Deadline
from eztong.adapters.webhooks.resolver import Resolver, SystemResolver
from eztong.domain.webhooks.delivery import DeliveryFailure, Tried, failure_of
from eztong.domain.webhooks.reachable import Network, may_call
from eztong.ports.webhook_sender import SenderStopped, SignedDelivery, WebhookSender

_AGENT: Final = "eztong-webhooks/1"
_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderLimits:
    """How long a connection may take to come about, in seconds, and how many bytes of an answer are read."""

    connect: float = 3.0
    answer_bytes: int = 64 * 1024


class HttpWebhookSender(WebhookSender):
    """The sender over HTTP/1.1: one connection for each try, which its deadline can end."""

    def __init__(
        self,
        *,
        allowed: Sequence[Network] = (),
        ca_file: Path | None = None,
        resolver: Resolver | None = None,
        limits: SenderLimits | None = None,
    ) -> None:
        """Prepare; nothing is called yet. ``allowed`` are networks besides the public ones.

        Raises:
            ValueError: the file of issuers is missing or holds no certificate.
        """
        self._allowed = tuple(allowed)
        self._resolver = resolver or SystemResolver()
        self._limits = limits or SenderLimits()
        self._stopped = Event()
        self._gate = Lock()
        self._under_way: set[Deadline] = set()
        # A command that sends nothing need not read every issuer that the system trusts.
        self._trusted = None if ca_file is None else _trusted(ca_file)
        self._made: httpx.Client | None = None

    @override
    def send(self, delivery: SignedDelivery, *, patience: timedelta) -> Tried:
        begun = monotonic()
        status, failure, read_bytes = self._try(delivery, patience.total_seconds())
        if self._stopped.is_set() and status is None:
            raise SenderStopped
        return Tried(
            status=status,
            failure=failure,
            milliseconds=int((monotonic() - begun) * 1000),
            read_bytes=read_bytes,
        )

    @property
    def under_way(self) -> int:
        """How many tries are under way."""
        with self._gate:
            return len(self._under_way)

    def stop(self) -> None:
        """End every connection that is under way; no try begins any more."""
        with self._gate:
            self._stopped.set()
            for deadline in self._under_way:
                deadline.end()

    def close(self) -> None:
        """Let go of the connections."""
        with self._gate:
            if self._made is not None:
                self._made.close()
            self._made = None

    @property
    def _client(self) -> httpx.Client:
        with self._gate:
            if self._made is None:
                # trust_env would read proxies and certificates from the environment, which only the settings may do.
                self._made = httpx.Client(
                    verify=self._trusted or _trusted(None),
                    trust_env=False,
                    follow_redirects=False,
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
                    timeout=httpx.Timeout(None, connect=self._limits.connect),
                )
            return self._made

    def _try(self, delivery: SignedDelivery, seconds: float) -> tuple[int | None, DeliveryFailure | None, int]:
        try:
            url = httpx.URL(delivery.url)
        except httpx.InvalidURL:
            return None, DeliveryFailure.ADDRESS, 0
        # Made before the time begins: it may have to read every issuer that the system trusts.
        client = self._client
        with Deadline(seconds) as deadline:
            with self._gate:
                if self._stopped.is_set():
                    raise SenderStopped
                self._under_way.add(deadline)
            try:
                return self._try_each(client, self._judged(url), delivery, deadline)
            finally:
                with self._gate:
                    self._under_way.discard(deadline)

    def _judged(self, url: httpx.URL) -> Sequence[str]:
        """Return the addresses of the name that may be called: all or none.

        A name with a public and an inner address is none that a partner needs.
        """
        try:
            found = self._resolver.addresses(url.raw_host.decode(), url.port or _PORTS[url.scheme])
        except OSError:
            return ()
        return found if all(may_call(address, allowed=self._allowed) for address in found) else ()

    def _try_each(
        self, client: httpx.Client, addresses: Sequence[str], delivery: SignedDelivery, deadline: Deadline
    ) -> tuple[int | None, DeliveryFailure | None, int]:
        failure = DeliveryFailure.ADDRESS
        for address in addresses:
            if deadline.is_over:
                break
            try:
                return self._post(client, address, delivery, deadline)
            except httpx.HTTPError as error:
                failure = _kind_of(error, is_late=deadline.is_over)
                if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                    # Something was sent: another address of the name might get it a second time.
                    break
        return None, failure, 0

    def _post(
        self, client: httpx.Client, address: str, delivery: SignedDelivery, deadline: Deadline
    ) -> tuple[int | None, DeliveryFailure | None, int]:
        url = httpx.URL(delivery.url)
        given = {
            "host": url.netloc.decode("ascii"),
            "content-type": "application/json",
            "user-agent": _AGENT,
            "accept": "*/*",
            "accept-encoding": "identity",
        }
        with client.stream(
            "POST",
            url.copy_with(host=_in_url(address)),
            content=delivery.body.encode(),
            headers=given | dict(delivery.headers),
            extensions={"sni_hostname": url.raw_host.decode("ascii"), "trace": _watching(deadline)},
        ) as response:
            # The status is all that is asked for: whether the rest arrives, or is too long, changes nothing.
            return response.status_code, failure_of(response.status_code), self._read(response, deadline)

    def _read(self, response: httpx.Response, deadline: Deadline) -> int:
        count = 0
        try:
            for chunk in response.iter_raw():
                count += len(chunk)
                if count >= self._limits.answer_bytes or deadline.is_over:
                    break
        except httpx.HTTPError:
            pass
        return min(count, self._limits.answer_bytes)


def _in_url(address: str) -> str:
    plain = address.partition("%")[0]
    return f"[{plain}]" if ip_address(plain).version == 6 else plain  # noqa: PLR2004 - IPv6


def _watching(deadline: Deadline) -> Callable[[str, Mapping[str, Any]], None]:
    """Return what is told of every step of a request, and lets the deadline know its connection."""

    def told(event: str, info: Mapping[str, Any]) -> None:
        if event == "connection.connect_tcp.complete":
            deadline.watch(info["return_value"].get_extra_info("socket"))

    return told


def _kind_of(error: httpx.HTTPError, *, is_late: bool) -> DeliveryFailure:
    if is_late or isinstance(error, httpx.TimeoutException):
        return DeliveryFailure.TIMEOUT
    if isinstance(error, httpx.ConnectError):
        return DeliveryFailure.TLS if _is_tls(error) else DeliveryFailure.NO_CONNECTION
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        return DeliveryFailure.UNREADABLE
    return DeliveryFailure.NO_CONNECTION


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _trusted(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ValueError("the file of certificate issuers cannot be read") from error

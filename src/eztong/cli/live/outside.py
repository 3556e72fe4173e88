"""The way in as browsers have it: TLS, name and proxy, asked by the public address from this machine.

While the service does not run, its place is taken for a moment by a listener that keeps what the proxy sends on: so
forwarded fields are seen as the service would see them. Beside a running service only its answers can be looked at.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Final
from urllib.parse import urlsplit

import httpx
from typing_extensions import override
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.cli.live.environment_file import read_values
from eztong.cli.server.listener import PortTaken, listen
from eztong.domain.operators.posture import Severity
from eztong.http.headers import security_headers
from eztong.wiring.settings import Settings

_INVENTED: Final = "192.0.2.1"
"""An address of no machine (RFC 5737) that a client claims to come from."""
_BELIEVED: Final = "127.0.0.1,::1"
_BELIEVED_NAME: Final = "FORWARDED_ALLOW_IPS"
_SECONDS: Final = 10.0
_CERTIFICATE_DAYS: Final = 21
_TOKEN_BYTES: Final = 16
_DAY: Final = 86400
_NOT_SEEN: Final = (
    "From here nobody sees whether the name leads here from elsewhere too, whether other machines reach the service's "
    "port without the proxy, or what the proxy logs: try it from outside your network."
)


@dataclass(frozen=True, slots=True)
class OutsideLook:
    """One thing that was seen from outside."""

    severity: Severity
    message: str


@dataclass(slots=True)
class _Heard:
    """What the proxy sent on."""

    fields: dict[str, str] = field(default_factory=dict)
    peer: str = ""


def look(settings: Settings, *, environment_file: Path, ca_file: Path | None) -> Iterator[OutsideLook]:
    """Look at the service by its public address; ``ca_file`` has the issuers of its certificate, if they are private.

    Raises:
        SettingsInvalid: the file of settings cannot be read.
    """
    context = _context(ca_file)
    if context is None:
        yield OutsideLook(Severity.ERROR, f"{ca_file} holds no certificates of issuers.")
        return
    with httpx.Client(verify=context, timeout=_SECONDS, trust_env=False) as http:
        try:
            with _in_its_place(settings) as (heard, word):
                yield from _asked(settings, http=http, heard=heard, word=word, believed=_believed(environment_file))
        except PortTaken:
            yield from _beside_it(settings, http=http)
    yield from _certificate(settings, context=context)
    yield OutsideLook(Severity.OK, _NOT_SEEN)


def judge(fields: Mapping[str, str], *, peer: str, host: str, believed: str) -> Iterator[OutsideLook]:
    """Judge what the proxy sent on of a request that claimed to come from 192.0.2.1 by plain http.

    Args:
        fields: the fields of the request as the service got them, by lower-case names.
        peer: the address that it came from.
        host: the public name, with its port if that is not the usual one.
        believed: whose word counts, as FORWARDED_ALLOW_IPS has it.
    """
    if urlsplit(f"//{fields.get('host', '')}").hostname != urlsplit(f"//{host}").hostname:
        yield OutsideLook(
            Severity.ERROR, "The proxy does not pass the name on: set Host to the one that was asked for."
        )
    if peer not in ProxyHeadersMiddleware(_nobody, trusted_hosts=believed).trusted_hosts:
        yield OutsideLook(
            Severity.ERROR, f"The proxy comes from {peer}, which nobody believes: put it into {_BELIEVED_NAME}."
        )
    forwarded = fields.get("x-forwarded-for", "")
    if _INVENTED in forwarded:
        yield OutsideLook(
            Severity.ERROR, "The proxy believes what clients say of their address: set X-Forwarded-For, do not append."
        )
    elif not _is_address(forwarded):
        yield OutsideLook(Severity.ERROR, "The proxy does not say who asks: set X-Forwarded-For to the address it saw.")
    if fields.get("x-forwarded-proto") != "https":
        yield OutsideLook(Severity.ERROR, "The proxy does not say that browsers come by https: set X-Forwarded-Proto.")
    if "upgrade" in fields:
        yield OutsideLook(
            Severity.ERROR, "The proxy passes Upgrade on: set it to nothing, as docs/operations.md shows."
        )


async def _nobody(*_args: object) -> None:
    """Answer nothing."""


def _asked(settings: Settings, *, http: httpx.Client, heard: _Heard, word: str, believed: str) -> Iterator[OutsideLook]:
    claims = {"x-forwarded-for": _INVENTED, "x-forwarded-proto": "http", "upgrade": "h2c"}
    try:
        answer = http.get(f"{settings.base_url}/healthz-{word[:8]}", headers=claims)
    except httpx.HTTPError as error:
        yield _unreached(settings, error)
        return
    if answer.text != word:
        yield OutsideLook(
            Severity.ERROR,
            f"Something else answers at {settings.base_url} ({answer.status_code}): the proxy must lead to "
            f"{settings.host}:{settings.port}.",
        )
        return
    found = [*judge(heard.fields, peer=heard.peer, host=urlsplit(settings.base_url).netloc, believed=believed)]
    yield from found
    yield from _strict(answer)
    if not found:
        yield OutsideLook(Severity.OK, "The proxy leads here by https, and what it sends on is right.")


def _beside_it(settings: Settings, *, http: httpx.Client) -> Iterator[OutsideLook]:
    try:
        http.get(f"{settings.base_url}/healthz")
        answer = http.get(settings.base_url)
        metrics = http.get(f"{settings.base_url}/metrics")
    except httpx.HTTPError as error:
        yield _unreached(settings, error)
        return
    if answer.status_code >= httpx.codes.BAD_REQUEST:
        wrong = " The proxy does not pass the name on." if answer.status_code == httpx.codes.MISDIRECTED_REQUEST else ""
        yield OutsideLook(Severity.ERROR, f"{settings.base_url} answers with {answer.status_code}.{wrong}")
        return
    if metrics.status_code == httpx.codes.OK:
        yield OutsideLook(Severity.ERROR, "Everybody reads /metrics: let the proxy answer there with 404.")
    yield from _strict(answer)
    yield OutsideLook(Severity.OK, f"{settings.base_url} answers by https.")
    yield OutsideLook(
        Severity.WARNING,
        f"A program listens at {settings.host}:{settings.port}: what the proxy forwards was not looked at. Stop it and "
        "run this again.",
    )


def _strict(answer: httpx.Response) -> Iterator[OutsideLook]:
    if "strict-transport-security" not in answer.headers:
        yield OutsideLook(
            Severity.ERROR,
            "Strict-Transport-Security does not arrive: the proxy takes it away, or another one answers.",
        )


def _unreached(settings: Settings, error: httpx.HTTPError) -> OutsideLook:
    return OutsideLook(Severity.ERROR, f"{settings.base_url} is not reached: {error}")


def _certificate(settings: Settings, *, context: ssl.SSLContext) -> Iterator[OutsideLook]:
    where = urlsplit(settings.base_url)
    host, port = where.hostname or "", where.port or 443
    try:
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=host) as secure,
        ):
            ends = str((secure.getpeercert() or {}).get("notAfter", ""))
    except OSError:
        # Said above, in the words of whoever asked.
        return
    if not ends:
        return
    left = int((ssl.cert_time_to_seconds(ends) - SystemClock().now().timestamp()) // _DAY)
    severity = Severity.WARNING if left < _CERTIFICATE_DAYS else Severity.OK
    yield OutsideLook(severity, f"The certificate of {host} ends in {left} days ({ends}).")


def _context(ca_file: Path | None) -> ssl.SSLContext | None:
    try:
        return ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError:
        return None


def _believed(environment_file: Path) -> str:
    values = read_values(environment_file) if environment_file.exists() else {}
    return values.get(_BELIEVED_NAME) or _BELIEVED


def _is_address(text: str) -> bool:
    try:
        ip_address(text.strip())
    except ValueError:
        return False
    return True


@contextmanager
def _in_its_place(settings: Settings) -> Iterator[tuple[_Heard, str]]:
    """Listen where the service would, and give what is heard and the word that is answered.

    Raises:
        PortTaken: a program listens there.
    """
    heard, word = _Heard(), SystemEntropy().token(_TOKEN_BYTES).hex()
    body = word.encode()

    class Listener(BaseHTTPRequestHandler):
        """Keeps the fields of one request."""

        def do_GET(self) -> None:
            """Answer with the word."""
            heard.fields = {name.lower(): value for name, value in self.headers.items()}
            heard.peer = str(self.client_address[0])
            self.send_response(httpx.codes.OK)
            for name, value in security_headers(https=True):
                self.send_header(name.decode(), value.decode())
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with listen(settings.host, settings.port) as sock:
        server = ThreadingHTTPServer((settings.host, settings.port), Listener, bind_and_activate=False)
        server.socket.close()
        server.socket = sock
        thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True, name="in-its-place")
        thread.start()
        try:
            yield heard, word
        finally:
            server.shutdown()
            thread.join()
            server.server_close()

"""A real mail server on this machine: keeps every mail, and refuses what it is told to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.simulators.service import free_port

USER, PASSWORD = "eztong", "correct horse"


@dataclass(slots=True)
class MailServer:
    """Where it listens, what came, and what it says to the next receiver; empty: it takes it."""

    port: int = 0
    refuses: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    is_encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - as the library names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        content = envelope.content or b""
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.receivers.extend(envelope.rcpt_tos)
        self.is_encrypted.append(session.ssl is not None)
        return "250 OK"


@contextmanager
def mail_server(certificate: Path | None = None, *, asks_who: bool = False) -> Iterator[MailServer]:
    """Run a mail server until the block ends; with STARTTLS, which it insists on, where it has a certificate."""
    held = MailServer(port=free_port())
    options: dict[str, Any] = {}
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options = {"tls_context": context, "require_starttls": True}
    if asks_who:
        options |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": certificate is not None}
    controller = Controller(held, hostname="127.0.0.1", port=held.port, **options)
    controller.start()
    try:
        yield held
    finally:
        controller.stop()


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)

"""Messages to e-mail addresses over SMTP: one connection for each, encrypted unless the server is this machine."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from typing_extensions import override

from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message
from eztong.i18n.notices import render_subject, render_text
from eztong.ports.clock import Clock
from eztong.ports.notifier import Notifier, Undeliverable

_REFUSED_FOR_GOOD: Final = range(550, 554)
"""Replies about a mailbox that is not there or takes nothing (RFC 5321, 4.2.3)."""


class SmtpSecurity(StrEnum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only to a server on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where the server is and who sends. ``timeout`` is in seconds, for each step."""

    host: str
    port: int
    sender: str
    sender_name: str
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 10.0


class SmtpNotifier(Notifier):
    """The notifier over SMTP."""

    def __init__(self, server: SmtpServer, clock: Clock) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            ValueError: the file of issuers is missing or holds no certificate.
        """
        self._server = server
        self._clock = clock
        try:
            self._trusted = ssl.create_default_context(cafile=server.ca_file)
        except OSError as error:
            raise ValueError("the file of certificate issuers cannot be read") from error

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        mail = self._mail(message, message_id)
        try:
            with self._connect() as server:
                server.send_message(mail, from_addr=self._server.sender, to_addrs=[message.email])
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _words in refused.recipients.values()]
            # What the server says is never told on: it may repeat the address.
            if codes and all(code in _REFUSED_FOR_GOOD for code in codes):
                raise Undeliverable("The mail server says that this address takes no mail.") from None
            raise Unavailable("The mail server did not take the address this time.") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The mail server cannot be used: {type(error).__name__}.") from None

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security is SmtpSecurity.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout, context=self._trusted
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security is SmtpSecurity.STARTTLS:
                connection.starttls(context=self._trusted)
            if server.user:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _mail(self, message: Message, message_id: str) -> EmailMessage:
        sender, mail = self._server.sender, EmailMessage()
        mail["From"] = Address(display_name=self._server.sender_name, addr_spec=sender)
        mail["To"] = message.email
        mail["Subject"] = render_subject(message.language, operator=self._server.sender_name)
        mail["Date"] = format_datetime(self._clock.now())
        # The same id again, should a hand-over be made twice: mailboxes and servers recognise it.
        mail["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(render_text(message))
        return mail

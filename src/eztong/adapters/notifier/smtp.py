"""Messages to e-mail addresses over SMTP: one connection for each, encrypted unless the server is this machine."""

from __future__ import annotations

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from typing_extensions import override

from eztong.adapters.notifier.deadline import Deadline
from eztong.adapters.notifier.message_words import MessageWords
from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message
from eztong.i18n.notices import render_subject
from eztong.ports.clock import Clock
from eztong.ports.notifier import Notifier, Undeliverable

_REFUSED_FOR_GOOD: Final = range(550, 554)
"""Replies about a mailbox that is not there or takes nothing (RFC 5321, 4.2.3)."""

_MAX_REPLY_BYTES: Final = 32 * 1024
_MAX_REPLY_LINES: Final = 200
_GOODBYE_SECONDS: Final = 2.0
_PLAIN: Final = MessageWords()


class SmtpSecurity(StrEnum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only to a server on this machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where the server is and who sends. ``timeout`` is for each step, ``at_most`` for all of them, in seconds."""

    host: str
    port: int
    sender: str
    sender_name: str
    security: SmtpSecurity = SmtpSecurity.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: float = 10.0
    at_most: float = 30.0


class SmtpNotifier(Notifier):
    """The notifier over SMTP."""

    def __init__(self, server: SmtpServer, clock: Clock, words: MessageWords = _PLAIN) -> None:
        """Prepare; nothing is sent yet. Mails come in the name that ``words`` have for the service.

        Raises:
            ValueError: the file of issuers is missing or holds no certificate.
        """
        self._server = server
        self._clock = clock
        self._words = words
        try:
            self._trusted = ssl.create_default_context(cafile=server.ca_file)
        except OSError as error:
            raise ValueError("the file of certificate issuers cannot be read") from error

    @override
    def deliver(self, message: Message, *, message_id: str) -> None:
        mail = self._mail(message, message_id)
        try:
            with Deadline(self._server.at_most) as deadline:
                session = self._connect(deadline)
                try:
                    # The answer to the mail decides; how the conversation ends says nothing about it.
                    session.send_message(mail, from_addr=self._server.sender, to_addrs=[message.email])
                finally:
                    session.leave()
        except smtplib.SMTPRecipientsRefused as refused:
            codes = [code for code, _words in refused.recipients.values()]
            # What the server says is never told on: it may repeat the address.
            if codes and all(code in _REFUSED_FOR_GOOD for code in codes):
                raise Undeliverable("The mail server says that this address takes no mail.") from None
            raise Unavailable("The mail server did not take the address this time.") from None
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(f"The mail server cannot be used: {type(error).__name__}.") from None

    def _connect(self, deadline: Deadline) -> _Session:
        server = self._server
        if server.security is SmtpSecurity.TLS:
            connection: _Session = _TlsSession(server, deadline, self._trusted)
        else:
            connection = _Session(server, deadline)
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
        name = self._words.service(message.language) or self._server.sender_name
        mail["From"] = Address(display_name=name, addr_spec=sender)
        mail["To"] = message.email
        mail["Subject"] = render_subject(message.language, operator=name)
        mail["Date"] = format_datetime(self._clock.now())
        # The same id again, should a hand-over be made twice: mailboxes and servers recognise it.
        mail["Message-ID"] = f"<{message_id}@{_domain(self._server)}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self._words.text(message))
        return mail


class _Session(smtplib.SMTP):
    """A conversation that ends by the deadline and takes no endless reply."""

    def __init__(self, server: SmtpServer, deadline: Deadline) -> None:
        self._deadline = deadline
        # Our own name would be looked up otherwise, for as long as that takes.
        super().__init__(server.host, server.port, local_hostname=_domain(server), timeout=server.timeout)

    @override
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # type: ignore[misc]  # where it connects
        return self._deadline.connect(host, port, each=timeout)

    @override
    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _BoundedLines(self.sock.makefile("rb"))
        if isinstance(self.file, _BoundedLines):
            self.file.begin()
        return super().getreply()

    def leave(self) -> None:
        """End the conversation; that may fail."""
        with suppress(smtplib.SMTPException, OSError):
            if self.sock is not None:
                self.sock.settimeout(_GOODBYE_SECONDS)
                self.quit()
        self.close()


class _TlsSession(smtplib.SMTP_SSL, _Session):
    """The same, encrypted from the beginning."""

    def __init__(self, server: SmtpServer, deadline: Deadline, trusted: ssl.SSLContext) -> None:
        self._deadline = deadline
        smtplib.SMTP_SSL.__init__(
            self, server.host, server.port, local_hostname=_domain(server), timeout=server.timeout, context=trusted
        )


class _BoundedLines:
    """The lines of a server, so many for each reply."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._lines = self._bytes = 0

    def begin(self) -> None:
        """A reply begins."""
        self._lines = self._bytes = 0

    def readline(self, size: int = -1) -> bytes:
        """Return the next line.

        Raises:
            OSError: the reply is too long.
        """
        line = self._file.readline(size)
        self._lines += 1
        self._bytes += len(line)
        if self._lines > _MAX_REPLY_LINES or self._bytes > _MAX_REPLY_BYTES:
            raise OSError("the reply has no end")
        return line

    def close(self) -> None:
        """Let go of the connection."""
        self._file.close()


def _domain(server: SmtpServer) -> str:
    return server.sender.rpartition("@")[2]

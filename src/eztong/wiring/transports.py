"""Which transports the settings mean: a gateway for messages to phones, a mail server for e-mail, webhooks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from eztong.adapters.keys.keyring_file import KeyringProblem
from eztong.adapters.keys.private_files import read_private
from eztong.adapters.keys.problems import KeyringMissing
from eztong.adapters.notifier.body_template import parse_template
from eztong.adapters.notifier.by_channel import ChannelNotifier
from eztong.adapters.notifier.http_sms import Criterion, HttpSmsNotifier, SmsGateway, parse_criterion
from eztong.adapters.notifier.message_words import MessageWords
from eztong.adapters.notifier.missing import MissingNotifier
from eztong.adapters.notifier.smtp import SmtpNotifier, SmtpSecurity, SmtpServer
from eztong.adapters.webhooks.http_sender import HttpWebhookSender
from eztong.domain.errors import InputInvalid
from eztong.domain.identity.email_address import parse_email
from eztong.ports.clock import Clock
from eztong.ports.notifier import Notifier
from eztong.wiring.settings import PREFIX, Settings, SettingsInvalid

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost", "[::1]"})
_PLAIN: Final = MessageWords()
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?)")


def make_notifier(settings: Settings, *, clock: Clock, words: MessageWords = _PLAIN) -> Notifier:
    """Return what delivers messages, by the settings; a channel without a transport lets its messages wait.

    Raises:
        SettingsInvalid: a transport is described so that it cannot be used.
    """
    return ChannelNotifier(
        sms=sms_notifier(settings, words=words) or MissingNotifier(),
        email=smtp_notifier(settings, clock=clock, words=words) or MissingNotifier(),
    )


def close_notifier(notifier: Notifier) -> None:
    """Let go of whatever connections a notifier keeps."""
    if isinstance(notifier, ChannelNotifier):
        notifier.close()


def sms_notifier(settings: Settings, *, words: MessageWords = _PLAIN) -> HttpSmsNotifier | None:
    """Return the transport to phones; None without one.

    Raises:
        SettingsInvalid: naming the setting.
    """
    if settings.sms_url is None:
        return None
    url = settings.sms_url
    if url.scheme != "https" and url.host not in _LOOPBACK:
        raise SettingsInvalid(f"{PREFIX}SMS_URL: it must be https, unless the gateway is on this machine.")
    if url.username or url.password:
        raise SettingsInvalid(f"{PREFIX}SMS_URL: put secrets into {PREFIX}SMS_HEADERS_FILE, not into the address.")
    try:
        body = parse_template(settings.sms_body)
    except ValueError as error:
        raise SettingsInvalid(f"{PREFIX}SMS_BODY: {error}.") from error
    gateway = SmsGateway(
        url=str(url),
        body=body,
        headers=_headers(settings.sms_headers_file),
        success=_criterion(settings.sms_success, "SMS_SUCCESS"),
        final=_criterion(settings.sms_final, "SMS_FINAL"),
        ca_file=settings.sms_ca_file,
    )
    try:
        return HttpSmsNotifier(gateway, words)
    except ValueError as error:
        raise SettingsInvalid(f"{PREFIX}SMS_CA_FILE: {error}.") from error


def smtp_notifier(settings: Settings, *, clock: Clock, words: MessageWords = _PLAIN) -> SmtpNotifier | None:
    """Return the transport to mailboxes; None without one.

    Raises:
        SettingsInvalid: naming the setting.
    """
    if settings.smtp_host is None:
        return None
    security = SmtpSecurity(settings.smtp_security)
    if security is SmtpSecurity.NONE and settings.smtp_host not in _LOOPBACK:
        raise SettingsInvalid(f"{PREFIX}SMTP_SECURITY: `none` is only for a mail server on this machine.")
    if bool(settings.smtp_user) != (settings.smtp_password_file is not None):
        raise SettingsInvalid(f"{PREFIX}SMTP_USER and {PREFIX}SMTP_PASSWORD_FILE belong together: set both or none.")
    try:
        sender = parse_email(settings.smtp_from or "").value
    except InputInvalid as error:
        raise SettingsInvalid(f"{PREFIX}SMTP_FROM: it must be an address such as notices@eid.example.org.") from error
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=sender,
        sender_name=settings.operator_name,
        security=security,
        user=settings.smtp_user,
        password=_secret(settings.smtp_password_file, "SMTP_PASSWORD_FILE").strip("\r\n"),
        ca_file=settings.smtp_ca_file,
    )
    try:
        return SmtpNotifier(server, clock, words)
    except ValueError as error:
        raise SettingsInvalid(f"{PREFIX}SMTP_CA_FILE: {error}.") from error


def make_sender(settings: Settings) -> HttpWebhookSender:
    """Return what delivers webhooks.

    Raises:
        SettingsInvalid: the file of issuers cannot be used.
    """
    try:
        return HttpWebhookSender(allowed=settings.callable_networks, ca_file=settings.webhook_ca_file)
    except ValueError as error:
        raise SettingsInvalid(f"{PREFIX}WEBHOOK_CA_FILE: {error}.") from error


def _criterion(text: str | None, name: str) -> Criterion | None:
    try:
        return None if text is None else parse_criterion(text)
    except ValueError as error:
        raise SettingsInvalid(f"{PREFIX}{name}: {error}.") from error


def _headers(path: Path | None) -> dict[str, str]:
    found = {}
    for number, line in enumerate(_secret(path, "SMS_HEADERS_FILE").splitlines(), start=1):
        if not line.strip():
            continue
        header = _HEADER.fullmatch(line.strip())
        if header is None:
            raise SettingsInvalid(f"{PREFIX}SMS_HEADERS_FILE: line {number} is not like `Name: value`.")
        found[header[1].lower()] = header[2]
    return found


def _secret(path: Path | None, name: str) -> str:
    """Return the text of a file that belongs to the service's user alone; empty without one."""
    if path is None:
        return ""
    try:
        return read_private(path).decode()
    except KeyringMissing as error:
        raise SettingsInvalid(f"{PREFIX}{name}: there is no file {path.name}.") from error
    except KeyringProblem as error:
        raise SettingsInvalid(f"{PREFIX}{name}: {error.detail}") from error
    except UnicodeDecodeError as error:
        raise SettingsInvalid(f"{PREFIX}{name}: {path.name} is no text.") from error

"""What an operator is asked before going live, in the order of the steps; each question is one setting."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from eztong.domain.errors import InputInvalid
from eztong.domain.identity.email_address import parse_email
from eztong.ports.services import Mode
from eztong.wiring.authority import public_key
from eztong.wiring.settings import (
    PLACEHOLDER,
    PLACEHOLDER_AUTHORITY,
    PLACEHOLDER_PLACE,
    PREFIX,
    Settings,
    SettingsInvalid,
    settings_of,
)
from eztong.wiring.transports import sms_notifier

Values = Mapping[str, str]
"""Settings as texts, by their field names."""

NOT_ASKED: Final = frozenset({"mode", "metrics_token", "operator_secret"})
"""Live mode is what this is about, and secrets have no place among answers."""
_PLACEHOLDERS: Final = frozenset({PLACEHOLDER, PLACEHOLDER_PLACE, PLACEHOLDER_AUTHORITY})


class AnswerRefused(InputInvalid):
    """An answer cannot be right."""

    code = "answer_refused"
    advice = "Correct the answer that is named."


class AnswerMissing(InputInvalid):
    """A question has no answer, and nobody can be asked; nothing is guessed."""

    code = "answer_missing"
    advice = "Give the answers that are named, in the file of answers."


@dataclass(frozen=True, slots=True)
class SettingQuestion:
    """One setting that is asked for."""

    name: str
    asks: str
    """What a person reads before the prompt."""

    default: str = ""
    """What is offered; it is never taken for a question that must be answered."""

    must: bool = False
    """Whether nothing goes on without an answer of the operator's own."""

    typed_unseen: str = ""
    """For a file with a secret: what is asked for, unseen, where the file is not there yet."""

    only_with: str = ""
    """The setting without which this one is not asked for."""


OPERATOR: Final[Sequence[SettingQuestion]] = (
    SettingQuestion("operator_name", "Name of who runs the service, as people read it in the agreements.", must=True),
    SettingQuestion("operator_contact", "How people reach you: an address, a phone or an e-mail.", must=True),
    SettingQuestion("place_of_signing", "Place of signing of the agreements (clause 5.3), such as a city.", must=True),
)
ADDRESSES: Final[Sequence[SettingQuestion]] = (
    SettingQuestion("public_url", "The https address that browsers open, such as https://eid.example.org.", must=True),
    SettingQuestion("origin", "Name of this service in every signed proof. Choose it once: it never changes."),
    SettingQuestion("host", "Address to listen on, for the proxy that ends TLS.", "127.0.0.1"),
    SettingQuestion("port", "Port to listen on.", "8080"),
)
FOLDERS: Final[Sequence[SettingQuestion]] = (
    SettingQuestion("data_dir", "Folder of database and keyring; backups copy it.", "/var/lib/eztong", must=True),
    SettingQuestion(
        "root_key_file",
        "File of the root key, which opens the keyring. On another volume, so that a copied data folder opens nothing.",
        "/srv/eztong-keys/root.key",
        must=True,
    ),
)
AUTHORITY: Final[Sequence[SettingQuestion]] = (
    SettingQuestion(
        "authority_name", "Name of the identity authority, as people read it in the agreements.", must=True
    ),
    SettingQuestion("authority_url", "Its https address.", must=True),
    SettingQuestion("authority_signing_key", "Its key that signs answers (base64 SPKI, one line).", must=True),
    SettingQuestion(
        "authority_encryption_key", "Its key that questions are sealed to (base64 SPKI, one line).", must=True
    ),
    SettingQuestion(
        "authority_ca_file", "PEM file of the issuers of its certificate, if they are private. Else empty."
    ),
)
MESSAGES: Final[Sequence[SettingQuestion]] = (
    SettingQuestion(
        "sms_url", "Address of the gateway for messages to phones. Empty: later; nobody registers until then."
    ),
    SettingQuestion(
        "sms_body", "What it is sent; {phone}, {text} and {message_id} are filled in.", only_with="sms_url"
    ),
    SettingQuestion(
        "sms_headers_file",
        "File with header lines for it, such as its secret (0600). Empty: none.",
        typed_unseen="Header line, such as `Authorization: Bearer ...`",
        only_with="sms_url",
    ),
    SettingQuestion("sms_success", "What its answer says of an accepted message, such as code=0.", only_with="sms_url"),
    SettingQuestion("sms_final", "What it says of one that can never arrive, such as code=1007.", only_with="sms_url"),
    SettingQuestion("sms_ca_file", "PEM file of the issuers of its certificate, if private.", only_with="sms_url"),
    SettingQuestion("smtp_host", "Mail server for notices by e-mail. Empty: none."),
    SettingQuestion("smtp_port", "Its port.", "587", only_with="smtp_host"),
    SettingQuestion("smtp_security", "starttls, tls, or none (this machine alone).", "starttls", only_with="smtp_host"),
    SettingQuestion("smtp_from", "Address that the notices come from.", only_with="smtp_host"),
    SettingQuestion("smtp_user", "Name to sign in to it with. Empty: none.", only_with="smtp_host"),
    SettingQuestion(
        "smtp_password_file",
        "File with its password (0600).",
        typed_unseen="Password of the mail server",
        only_with="smtp_user",
    ),
    SettingQuestion("smtp_ca_file", "PEM file of the issuers of its certificate, if private.", only_with="smtp_host"),
)
LOCAL: Final[Sequence[SettingQuestion]] = (
    SettingQuestion(
        "calendar_dir", "Folder with calendars of working days besides those of this version. Empty: none."
    ),
    SettingQuestion(
        "font_folder", "Folder with a font that has Chinese, for PDF files.", "/usr/share/fonts/opentype/noto"
    ),
    SettingQuestion("font_family", "Name of that font.", "Noto Sans CJK SC"),
)


def settings_for(values: Values) -> Settings:
    """Return live settings of the values so far.

    Raises:
        SettingsInvalid: one of them cannot be right.
    """
    return settings_of({**values, "mode": Mode.LIVE.value})


def check_answer(name: str, text: str, values: Values) -> None:
    """Judge one answer beside those before it, as it is given.

    Raises:
        AnswerRefused: saying what it must be.
    """
    try:
        settings = settings_for({**values, name: text})
        said = _RULES[name](settings) if name in _RULES else None
    except SettingsInvalid as error:
        raise AnswerRefused(error.detail) from error
    if text.strip() in _PLACEHOLDERS:
        said = "That is the sandbox's placeholder."
    if said is not None:
        raise AnswerRefused(f"{PREFIX}{name.upper()}: {said}")


def _contact(settings: Settings) -> str | None:
    return "That is a placeholder." if settings.operator_contact.endswith(".invalid") else None


def _https(settings: Settings) -> str | None:
    is_https = settings.public_url is not None and settings.public_url.scheme == "https"
    return None if is_https else "Live mode needs https; TLS ends in front of the service."


def _authority_https(settings: Settings) -> str | None:
    is_https = settings.authority_url is not None and settings.authority_url.scheme == "https"
    return None if is_https else "Live mode needs https."


def _signing_key(settings: Settings) -> None:
    public_key(settings.authority_signing_key, "AUTHORITY_SIGNING_KEY")


def _encryption_key(settings: Settings) -> None:
    public_key(settings.authority_encryption_key, "AUTHORITY_ENCRYPTION_KEY")


def _gateway(settings: Settings) -> None:
    notifier = sms_notifier(settings)
    if notifier is not None:
        notifier.close()


def _sender(settings: Settings) -> str | None:
    try:
        parse_email(settings.smtp_from or "")
    except InputInvalid:
        return "It must be an address such as notices@eid.example.org."
    return None


def _issuers(path: Path | None) -> str | None:
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError:
        return "It is no PEM file of certificates that can be read."
    return None


def _folder(settings: Settings) -> str | None:
    return _absolute(settings.data_dir)


def _root_key(settings: Settings) -> str | None:
    data, key = settings.data_dir.resolve(), settings.root_key.resolve()
    if key.parent == data or data in key.parents:
        return "It must not lie in the data folder: a copy of that would open everything."
    return _absolute(settings.root_key)


def _absolute(path: Path) -> str | None:
    return None if path.is_absolute() else "Give the whole path, from / on."


_RULES: Final[Mapping[str, Callable[[Settings], str | None]]] = {
    "operator_contact": _contact,
    "public_url": _https,
    "data_dir": _folder,
    "root_key_file": _root_key,
    "authority_url": _authority_https,
    "authority_signing_key": _signing_key,
    "authority_encryption_key": _encryption_key,
    "authority_ca_file": lambda settings: _issuers(settings.authority_ca_file),
    "sms_url": _gateway,
    "sms_body": _gateway,
    "sms_success": _gateway,
    "sms_final": _gateway,
    "sms_ca_file": lambda settings: _issuers(settings.sms_ca_file),
    "smtp_from": _sender,
    "smtp_ca_file": lambda settings: _issuers(settings.smtp_ca_file),
}

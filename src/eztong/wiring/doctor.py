"""Deployment checks with stable ids and advice: what an operator should know before the first citizen does."""

from __future__ import annotations

import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eztong.adapters.keys.keyring_file import KeyringProblem, read_ring
from eztong.adapters.storage.schema import schema_version
from eztong.domain.errors import AuthorityUnavailable, NotPermitted
from eztong.gm.errors import BackendUnavailable
from eztong.gm.probe import check_backend
from eztong.ports.services import Mode
from eztong.wiring.authority import authority_config, check_authority_is_live
from eztong.wiring.settings import PLACEHOLDER, Settings, SettingsInvalid


class Severity(StrEnum):
    """How bad a finding is; ``error`` stops live mode."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. ``check`` never changes its meaning."""

    check: str
    severity: Severity
    message: str
    advice: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Run every check."""
    return [check(settings) for check in CHECKS]


def check_live(settings: Settings) -> None:
    """Refuse live mode while a check that guards it fails (clause P-1, design rule: unsafe is loud).

    Raises:
        NotPermitted: naming the first finding and what to do.
    """
    for check in LIVE_CHECKS:
        finding = check(settings)
        if finding.severity is Severity.ERROR:
            raise NotPermitted(f"{finding.check}: {finding.message} {finding.advice}")


def check_sm2(_settings: Settings) -> Finding:
    """EZT001: SM2 works in this interpreter, by the published vector."""
    try:
        report = check_backend()
    except BackendUnavailable as error:
        return Finding("EZT001", Severity.ERROR, "SM2 does not work here.", str(error))
    return Finding("EZT001", Severity.OK, f"SM2 passes the published vector with {report.name} {report.version}.")


def check_operator(settings: Settings) -> Finding:
    """EZT002: the operator's name and contact are set."""
    if settings.operator_name == PLACEHOLDER or settings.operator_contact.endswith(".invalid"):
        return _bad(
            settings,
            "EZT002",
            "The operator's name or contact is a placeholder.",
            "Set EZTONG_OPERATOR_NAME and EZTONG_OPERATOR_CONTACT: they stand in the agreements.",
        )
    return Finding("EZT002", Severity.OK, "Operator name and contact are set.")


def check_https(settings: Settings) -> Finding:
    """EZT003: browsers come by https."""
    if settings.public_url is None or settings.public_url.scheme != "https":
        return _bad(
            settings,
            "EZT003",
            "The public address is not https.",
            "Set EZTONG_PUBLIC_URL=https://... and end TLS in front of the service.",
        )
    return Finding("EZT003", Severity.OK, "The public address is https.")


def check_authority(settings: Settings) -> Finding:
    """EZT004: an authority is configured, by https and with its keys."""
    if settings.authority_url is None:
        return _bad(
            settings,
            "EZT004",
            "The sandbox authority is in use: identities are invented.",
            "Set EZTONG_AUTHORITY_URL and the authority's two public keys.",
        )
    try:
        authority_config(settings)
    except SettingsInvalid as error:
        return _bad(settings, "EZT004", "The authority cannot be asked safely.", error.detail)
    return Finding("EZT004", Severity.OK, "An authority is configured.")


def check_keyring(settings: Settings) -> Finding:
    """EZT005: the keyring is there, private and whole."""
    try:
        keys = read_ring(settings.keyring, settings.root_key)
    except KeyringProblem as error:
        return _bad(settings, "EZT005", "The keyring cannot be used.", error.detail)
    return Finding("EZT005", Severity.OK, f"The keyring holds {len(keys)} keys.")


def check_root_key(settings: Settings) -> Finding:
    """EZT006: the root key does not lie beside the keyring that it wraps."""
    if settings.root_key.parent.resolve() == settings.keyring.parent.resolve():
        return _bad(
            settings,
            "EZT006",
            "The root key lies in the same folder as the keyring.",
            "Set EZTONG_ROOT_KEY_FILE to a file on another volume, so that a copied data folder opens nothing.",
        )
    return Finding("EZT006", Severity.OK, "The root key lies apart from the keyring.")


def check_database(settings: Settings) -> Finding:
    """EZT007: the database is at the program's schema."""
    version = schema_version(settings.database)
    if not version.is_current:
        return _bad(
            settings,
            "EZT007",
            f"The database is at schema {version.found or 'none'}; the program needs {version.wanted}.",
            "Back it up, then run: eztong db upgrade.",
        )
    return Finding("EZT007", Severity.OK, f"The database is at schema {version.wanted}.")


def check_data_folder(settings: Settings) -> Finding:
    """EZT008: only the service's user can enter the data folder."""
    folder = settings.data_dir
    if folder.exists() and folder.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return Finding("EZT008", Severity.WARNING, "Others may enter the data folder.", f"Run: chmod 700 {folder.name}")
    return Finding("EZT008", Severity.OK, "The data folder is private.")


def check_authority_says(settings: Settings) -> Finding:
    """EZT009: the authority says, signed, that its people are real. Only live mode asks."""
    if settings.mode is not Mode.LIVE or settings.authority_url is None:
        return Finding("EZT009", Severity.OK, "Not asked: only live mode needs an authority of real people.")
    try:
        check_authority_is_live(settings)
    except AuthorityUnavailable:
        advice = "Check its address and the network. The service starts without it; applications wait."
        return Finding("EZT009", Severity.WARNING, "The authority cannot be asked now.", advice)
    except (NotPermitted, SettingsInvalid) as error:
        return Finding("EZT009", Severity.ERROR, "The authority may not be used in live mode.", error.detail)
    return Finding("EZT009", Severity.OK, "The authority says that its people are real.")


def _bad(settings: Settings, check: str, message: str, advice: str) -> Finding:
    severity = Severity.ERROR if settings.mode is Mode.LIVE else Severity.WARNING
    return Finding(check, severity, message, advice)


LIVE_CHECKS: Sequence[Callable[[Settings], Finding]] = (
    check_sm2,
    check_operator,
    check_https,
    check_authority,
    check_keyring,
    check_root_key,
)
CHECKS: Sequence[Callable[[Settings], Finding]] = (
    *LIVE_CHECKS,
    check_database,
    check_data_folder,
    check_authority_says,
)

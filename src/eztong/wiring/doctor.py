"""Deployment checks with stable ids and advice: what an operator should know before the first citizen does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.keyring_file import KeyringProblem, read_ring
from eztong.adapters.paper.typst_pages import TypstPages
from eztong.adapters.storage.stored.duties import overdue_reports, unreviewed_glasses
from eztong.adapters.storage.stored.facts import keys_that_end, open_incidents, stored_setting
from eztong.domain.addresses.web_address import is_ip_address
from eztong.domain.errors import AuthorityUnavailable, EztongError, NotPermitted
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.operators.posture import CheckFinding, FindingSentence, MetError, Severity
from eztong.domain.own_data.paper import FontMissing
from eztong.domain.partners.expiry import WARNED_BEFORE
from eztong.domain.working_days import CalendarInvalid
from eztong.gm.errors import BackendUnavailable
from eztong.gm.probe import check_backend
from eztong.ports.services import Mode
from eztong.wiring.agreement_values import AgreementsNameOthers, changed_values
from eztong.wiring.authority import authority_config, check_authority_is_live
from eztong.wiring.authority_keys import load
from eztong.wiring.belonging import check_belonging, check_pair, knows
from eztong.wiring.calendars import read_calendar
from eztong.wiring.checks.drills import check_drill
from eztong.wiring.checks.findings import bad, fine, met, say, stops, warns, why
from eztong.wiring.checks.stored_data import (
    check_clock,
    check_data_folder,
    check_database,
    check_erased_list,
    check_reach,
    check_released,
    clock_offset,
)
from eztong.wiring.checks.stored_texts import check_texts
from eztong.wiring.machine.stores import schema_version
from eztong.wiring.seed import MODE_SETTING
from eztong.wiring.settings import (
    PLACEHOLDER,
    PLACEHOLDER_AUTHORITY,
    PLACEHOLDER_PLACE,
    PREFIX,
    Settings,
    SettingsInvalid,
)
from eztong.wiring.transports import sms_notifier, smtp_notifier

_PROBE_BYTES = 64 * 1024
FULL_CHECK: Final = "finding.full_check_do"
# Fifteen working days reach this far over the longest holidays.
_CALENDAR_AHEAD = timedelta(days=60)


def examine(settings: Settings) -> list[CheckFinding]:
    """Run every check; one that fails itself is an error, and keeps no other from being run."""
    return [_examined(check, settings) for check in CHECKS]


def _examined(check: Callable[[Settings], CheckFinding], settings: Settings) -> CheckFinding:
    try:
        return check(settings)
    except Exception as error:  # noqa: BLE001 - whatever it met, the others are run
        name = (check.__doc__ or check.__name__).partition(":")[0]
        said = why(error) if isinstance(error, EztongError) else say("finding.check.met", kind=type(error).__name__)
        return stops(name, "finding.check.failed", [said, say(FULL_CHECK)])


def check_live(settings: Settings) -> None:
    """Refuse live mode while a check that guards it fails (clause P-1, design rule: unsafe is loud).

    Raises:
        NotPermitted: naming the first finding and what to do.
    """
    for check in LIVE_CHECKS:
        finding = check(settings)
        if finding.severity is Severity.ERROR:
            raise NotPermitted(f"{finding.check}: {finding.message} {finding.advice}")


def check_sm2(_settings: Settings) -> CheckFinding:
    """EZT001: SM2 works in this interpreter, by the published vector."""
    try:
        report = check_backend()
    except BackendUnavailable as error:
        told = say("finding.sm2.fails_do", error=MetError(type(error).__name__, str(error)))
        return stops("EZT001", "finding.sm2.fails", told)
    return fine("EZT001", say("finding.sm2.fine", library=report.name, version=report.version))


def check_operator(settings: Settings) -> CheckFinding:
    """EZT002: what stands in the agreements is set: the operator's name and contact, place of signing, authority."""
    invented = {
        "operator_name": settings.operator_name == PLACEHOLDER,
        "operator_contact": settings.operator_contact.endswith(".invalid"),
        "place_of_signing": settings.place_of_signing == PLACEHOLDER_PLACE,
        "authority_name": settings.authority_name == PLACEHOLDER_AUTHORITY,
    }
    names = ", ".join(f"{PREFIX}{name.upper()}" for name, is_invented in invented.items() if is_invented)
    if names:
        return bad(
            settings, "EZT002", "finding.operator.placeholder", say("finding.operator.placeholder_do", settings=names)
        )
    return fine("EZT002", "finding.operator.set")


def check_https(settings: Settings) -> CheckFinding:
    """EZT003: browsers come by https."""
    if settings.public_url is None or settings.public_url.scheme != "https":
        return bad(settings, "EZT003", "finding.https.missing", "finding.https.missing_do")
    if is_ip_address(settings.public_url.host or ""):
        return warns("EZT003", "finding.https.number", "finding.https.number_do")
    return fine("EZT003", "finding.https.fine")


def check_authority(settings: Settings) -> CheckFinding:
    """EZT004: a real authority is configured, by https and with its keys; the sandbox's invented one can be used."""
    if settings.authority_url is not None:
        try:
            authority_config(settings)
        except SettingsInvalid as error:
            return bad(settings, "EZT004", "finding.authority.unsafe", why(error))
        return fine("EZT004", "finding.authority.fine")
    if settings.mode is Mode.SANDBOX and settings.authority_keyring.exists():
        try:
            load(settings.authority_keyring)
        except (KeyringProblem, OSError) as error:
            return stops("EZT004", "finding.authority.keys", why(error))
    return bad(settings, "EZT004", "finding.authority.sandbox", "finding.authority.sandbox_do")


def check_keyring(settings: Settings) -> CheckFinding:
    """EZT005: the keyring is there, private and whole."""
    try:
        keys = read_ring(settings.keyring, settings.root)
    except (KeyringProblem, OSError) as error:
        if _is_new(settings):
            return bad(settings, "EZT005", "finding.keyring.unusable", why(error))
        return stops("EZT005", "finding.keyring.unusable", why(error))
    return fine("EZT005", say("finding.keyring.fine", keys=len(keys)))


def check_root_key(settings: Settings) -> CheckFinding:
    """EZT006: the root key does not lie beside the keyring that it wraps."""
    if settings.is_in_token:
        return fine("EZT006", _said_of_token(settings))
    if settings.root_key.parent.resolve() == settings.keyring.parent.resolve():
        return bad(settings, "EZT006", "finding.root_key.beside", "finding.root_key.beside_do")
    return fine("EZT006", "finding.root_key.apart")


def _said_of_token(settings: Settings) -> FindingSentence:
    named = settings.token_label or settings.token_serial
    if named is None:
        return say("finding.root_key.in_only_token", root_key=settings.token_root_label)
    return say("finding.root_key.in_token", token=named, root_key=settings.token_root_label)


def check_together(settings: Settings) -> CheckFinding:
    """EZT009: keyring and database are both there, were made together, and belong to this mode."""
    try:
        check_pair(settings)
        if _is_new(settings):
            return fine("EZT009", "finding.together.nothing")
        if settings.keyring.exists() and schema_version(settings.stored_at).is_current:
            ring = FileKeyring(settings.keyring, settings.root)
            check_belonging(settings.stored_at, ring)
            if not knows(settings.stored_at, ring):
                return warns("EZT009", "finding.together.fingerprint", "finding.together.fingerprint_do")
    except (EztongError, OSError) as error:
        return stops("EZT009", "finding.together.apart", why(error))
    return fine("EZT009", "finding.together.fine")


def check_agreements(settings: Settings) -> CheckFinding:
    """EZT010: the settings that stand in the agreements are what they were when the agreements were made."""
    try:
        is_ready = settings.stored_at.exists() and schema_version(settings.stored_at).is_current
        changed = changed_values(settings) if is_ready else []
    except (EztongError, OSError) as error:
        return stops("EZT010", "finding.agreements.unreadable", why(error))
    if changed:
        return bad(settings, "EZT010", "finding.agreements.changed", AgreementsNameOthers(changed).said)
    return fine("EZT010", "finding.agreements.fine")


def check_writable(settings: Settings) -> CheckFinding:
    """EZT011: the data folder can be written: it is not read-only, and the disk is not full."""
    folder = settings.data_dir
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(bytes(_PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        return stops("EZT011", "finding.writable.not", why(error))
    return fine("EZT011", "finding.writable.fine")


def _is_new(settings: Settings) -> bool:
    """Say whether nothing was made here yet, so that the sandbox makes it at its first start."""
    if settings.keyring.exists():
        return False
    try:
        return stored_setting(settings.stored_at, MODE_SETTING) is None
    except (EztongError, OSError):
        return False


def check_authority_says(settings: Settings) -> CheckFinding:
    """EZT012: the authority says, signed, that its people are real. Only live mode asks."""
    if settings.mode is not Mode.LIVE or settings.authority_url is None:
        return fine("EZT012", "finding.authority_says.unasked")
    try:
        check_authority_is_live(settings)
    except AuthorityUnavailable:
        return warns("EZT012", "finding.authority_says.nothing", "finding.authority_says.nothing_do")
    except (NotPermitted, SettingsInvalid) as error:
        return stops("EZT012", "finding.authority_says.refused", why(error))
    return fine("EZT012", "finding.authority_says.real")


def check_calendar(settings: Settings) -> CheckFinding:
    """EZT013: the calendar of working days reaches far enough. Where it ends weekends count, and it is a warning."""
    try:
        last = read_calendar(settings.calendar_dir).last_year
    except CalendarInvalid as error:
        return stops("EZT013", "finding.calendar.unusable", why(error))
    ahead = (SystemClock().now() + _CALENDAR_AHEAD).astimezone(SHANGHAI).year
    if last is None or last < ahead:
        unknown = say("finding.calendar.ends", year=ahead)
        return warns("EZT013", unknown, say("finding.calendar.ends_do", year=ahead))
    return fine("EZT013", say("finding.calendar.fine", year=last))


def check_incidents(settings: Settings) -> CheckFinding:
    """EZT014: what is out of order now. An incident is never a fault of the deployment, so this never warns."""
    try:
        opened, unreadable = open_incidents(settings.stored_at, now=SystemClock().now() + clock_offset(settings))
    except (EztongError, OSError) as error:
        return fine("EZT014", say("finding.incidents.unknown", error=met(error)))
    named = ", ".join(f"{one.incident_id} ({one.kind.value})" for one in opened)
    told = [say("finding.incidents.open", incidents=named) if opened else say("finding.incidents.none")]
    if unreadable:
        told.append(say("finding.incidents.unreadable", incidents=unreadable))
    return CheckFinding("EZT014", Severity.OK, told, [say("finding.incidents.open_do")] if opened else ())


def check_incident_reports(settings: Settings) -> CheckFinding:
    """EZT023: no report of an incident to the authorities is overdue: a warning, since the service goes on."""
    try:
        waiting, overdue, unreadable = overdue_reports(
            settings.stored_at, now=SystemClock().now() + clock_offset(settings)
        )
    except (EztongError, OSError) as error:
        return fine("EZT023", say("finding.reports.unknown", error=met(error)))
    if overdue:
        return warns("EZT023", say("finding.reports.overdue", reports=overdue), "finding.reports.overdue_do")
    if unreadable:
        return warns("EZT023", say("finding.reports.unreadable", reports=unreadable), FULL_CHECK)
    return fine("EZT023", say("finding.reports.fine", reports=waiting))


def check_keys_of_partners(settings: Settings) -> CheckFinding:
    """EZT022: keys of partners that end within seven days: a warning, as nothing is answered to them after that."""
    now = SystemClock().now() + clock_offset(settings)
    try:
        soon = keys_that_end(settings.stored_at, after=now, before=now + WARNED_BEFORE[1])
        later = keys_that_end(settings.stored_at, after=now, before=now + WARNED_BEFORE[-1])
    except (EztongError, OSError) as error:
        return fine("EZT022", say("finding.partner_keys.unknown", error=met(error)))
    if soon:
        return warns("EZT022", say("finding.partner_keys.soon", soon=soon, later=later), "finding.partner_keys.soon_do")
    return fine("EZT022", say("finding.partner_keys.later", later=later) if later else "finding.partner_keys.none")


def check_emergencies(settings: Settings) -> CheckFinding:
    """EZT024: no operator does alone what takes two, and what one did so was reviewed: a warning, never an error."""
    try:
        still_open, waiting = unreviewed_glasses(settings.stored_at, now=SystemClock().now())
    except (EztongError, OSError) as error:
        return fine("EZT024", say("finding.emergencies.unknown", error=met(error)))
    if still_open or waiting:
        found = say("finding.emergencies.wait", open=still_open, unreviewed=waiting)
        return warns("EZT024", found, "finding.emergencies.wait_do")
    return fine("EZT024", "finding.emergencies.allowed" if settings.break_glass else "finding.emergencies.off")


def check_messages(settings: Settings) -> CheckFinding:
    """EZT015: messages can leave: the transports that the settings describe can be used, and there is one to phones."""
    try:
        sms, email = sms_notifier(settings), smtp_notifier(settings, clock=SystemClock())
    except SettingsInvalid as error:
        return bad(settings, "EZT015", "finding.messages.unusable", why(error))
    if sms is not None:
        sms.close()
    if settings.mode is Mode.SANDBOX:
        return fine("EZT015", "finding.messages.sandbox")
    if sms is None:
        return warns("EZT015", "finding.messages.no_phones", "finding.messages.no_phones_do")
    return fine("EZT015", "finding.messages.no_email" if email is None else "finding.messages.fine")


def check_font(settings: Settings) -> CheckFinding:
    """EZT016: there is a font to set PDF files with. Without one they are refused, and everything else works."""
    try:
        TypstPages(settings.font_folder, settings.font_family).check_ready()
    except FontMissing:
        return warns("EZT016", say("finding.font.missing", font=settings.font_family), "finding.font.missing_do")
    return fine("EZT016", say("finding.font.fine", font=settings.font_family))


_BASICS: Sequence[Callable[[Settings], CheckFinding]] = (
    check_sm2,
    check_operator,
    check_https,
    check_authority,
    check_keyring,
    check_root_key,
)
LIVE_CHECKS: Sequence[Callable[[Settings], CheckFinding]] = (*_BASICS, check_reach)
CHECKS: Sequence[Callable[[Settings], CheckFinding]] = (
    *_BASICS,
    check_database,
    check_data_folder,
    check_together,
    check_agreements,
    check_writable,
    check_authority_says,
    check_calendar,
    check_incidents,
    check_messages,
    check_font,
    check_erased_list,
    check_reach,
    check_clock,
    check_texts,
    check_released,
    check_keys_of_partners,
    check_incident_reports,
    check_emergencies,
    check_drill,
)

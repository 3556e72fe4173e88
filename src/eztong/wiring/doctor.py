"""Deployment checks with stable ids and advice: what an operator should know before the first citizen does."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta

from eztong.adapters.clock import SystemClock
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.keyring_file import KeyringProblem, read_ring
from eztong.adapters.paper.typst_pages import TypstPages
from eztong.adapters.storage.stored.duties import overdue_reports, unreviewed_glasses
from eztong.adapters.storage.stored.facts import keys_that_end, open_incidents, stored_setting
from eztong.domain.addresses.web_address import is_ip_address
from eztong.domain.errors import AuthorityUnavailable, EztongError, NotPermitted
from eztong.domain.identity.age import SHANGHAI
from eztong.domain.operators.posture import CheckFinding, Severity
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
from eztong.wiring.checks.findings import bad, fine, stops, warns, words
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
        said = error.detail if isinstance(error, EztongError) else f"It met {type(error).__name__}."
        return stops(name, "This check failed itself.", f"{said} Run: eztong db check --full.")


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
        return CheckFinding("EZT001", Severity.ERROR, "SM2 does not work here.", str(error))
    return CheckFinding("EZT001", Severity.OK, f"SM2 passes the published vector with {report.name} {report.version}.")


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
            settings, "EZT002", "What stands in the agreements is a placeholder.", f"Set {names}: they stand there."
        )
    return CheckFinding("EZT002", Severity.OK, "Operator, contact, place of signing and authority are set.")


def check_https(settings: Settings) -> CheckFinding:
    """EZT003: browsers come by https."""
    if settings.public_url is None or settings.public_url.scheme != "https":
        return bad(
            settings,
            "EZT003",
            "The public address is not https.",
            "Set EZTONG_PUBLIC_URL=https://... and end TLS in front of the service.",
        )
    if is_ip_address(settings.public_url.host or ""):
        return CheckFinding(
            "EZT003",
            Severity.WARNING,
            "The public address is a number: browsers make no passkeys for it.",
            "Give the service a host name, and set EZTONG_PUBLIC_URL to it.",
        )
    return CheckFinding("EZT003", Severity.OK, "The public address is https.")


def check_authority(settings: Settings) -> CheckFinding:
    """EZT004: a real authority is configured, by https and with its keys; the sandbox's invented one can be used."""
    if settings.authority_url is not None:
        try:
            authority_config(settings)
        except SettingsInvalid as error:
            return bad(settings, "EZT004", "The authority cannot be asked safely.", error.detail)
        return CheckFinding("EZT004", Severity.OK, "An authority is configured (adapter: http).")
    if settings.mode is Mode.SANDBOX and settings.authority_keyring.exists():
        try:
            load(settings.authority_keyring)
        except (KeyringProblem, OSError) as error:
            return stops("EZT004", "The keys of the sandbox authority cannot be used.", words(error))
    return bad(
        settings,
        "EZT004",
        "The sandbox authority is in use (adapter: sandbox): identities are invented.",
        "Set EZTONG_AUTHORITY_URL and the authority's two public keys.",
    )


def check_keyring(settings: Settings) -> CheckFinding:
    """EZT005: the keyring is there, private and whole."""
    try:
        keys = read_ring(settings.keyring, settings.root)
    except (KeyringProblem, OSError) as error:
        if _is_new(settings):
            return bad(settings, "EZT005", "The keyring cannot be used.", words(error))
        return stops("EZT005", "The keyring cannot be used.", words(error))
    return CheckFinding("EZT005", Severity.OK, f"The keyring holds {len(keys)} keys.")


def check_root_key(settings: Settings) -> CheckFinding:
    """EZT006: the root key does not lie beside the keyring that it wraps."""
    if settings.is_in_token:
        return fine("EZT006", f"The root key lies in a token: {settings.root.place()}.")
    if settings.root_key.parent.resolve() == settings.keyring.parent.resolve():
        return bad(
            settings,
            "EZT006",
            "The root key lies in the same folder as the keyring.",
            "Set EZTONG_ROOT_KEY_FILE to a file on another volume, so that a copied data folder opens nothing.",
        )
    return CheckFinding("EZT006", Severity.OK, "The root key lies apart from the keyring.")


def check_together(settings: Settings) -> CheckFinding:
    """EZT009: keyring and database are both there, were made together, and belong to this mode."""
    try:
        check_pair(settings)
        if _is_new(settings):
            return CheckFinding("EZT009", Severity.OK, "There is neither keyring nor database yet.")
        if settings.keyring.exists() and schema_version(settings.stored_at).is_current:
            ring = FileKeyring(settings.keyring, settings.root)
            check_belonging(settings.stored_at, ring)
            if not knows(settings.stored_at, ring):
                message = "The fingerprint of the keyring is damaged in the database; everything else fits it."
                return warns("EZT009", message, "Write it again: eztong db upgrade.")
    except (EztongError, OSError) as error:
        return stops("EZT009", "Keyring, database and mode do not belong together.", words(error))
    return CheckFinding("EZT009", Severity.OK, "Keyring and database belong together.")


def check_agreements(settings: Settings) -> CheckFinding:
    """EZT010: the settings that stand in the agreements are what they were when the agreements were made."""
    try:
        is_ready = settings.stored_at.exists() and schema_version(settings.stored_at).is_current
        changed = changed_values(settings) if is_ready else []
    except (EztongError, OSError) as error:
        return stops("EZT010", "The agreements cannot be read.", words(error))
    if changed:
        advice = AgreementsNameOthers(changed).detail
        return bad(settings, "EZT010", "The settings contradict the agreements in force.", advice)
    return CheckFinding("EZT010", Severity.OK, "The settings say what the agreements say.")


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
        return stops("EZT011", "The data folder cannot be written.", words(error))
    return CheckFinding("EZT011", Severity.OK, "The data folder can be written.")


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
        return CheckFinding("EZT012", Severity.OK, "Not asked: only live mode needs an authority of real people.")
    try:
        check_authority_is_live(settings)
    except AuthorityUnavailable:
        advice = "Check its address and the network. The service starts without it; applications wait."
        return CheckFinding("EZT012", Severity.WARNING, "The authority cannot be asked now.", advice)
    except (NotPermitted, SettingsInvalid) as error:
        return CheckFinding("EZT012", Severity.ERROR, "The authority may not be used in live mode.", error.detail)
    return CheckFinding("EZT012", Severity.OK, "The authority says that its people are real.")


def check_calendar(settings: Settings) -> CheckFinding:
    """EZT013: the calendar of working days reaches far enough. Where it ends weekends count, and it is a warning."""
    try:
        last = read_calendar(settings.calendar_dir).last_year
    except CalendarInvalid as error:
        return stops("EZT013", "The calendar of working days cannot be used.", error.detail)
    ahead = (SystemClock().now() + _CALENDAR_AHEAD).astimezone(SHANGHAI).year
    if last is None or last < ahead:
        advice = f"Put cn-{ahead}.json into a folder and set EZTONG_CALENDAR_DIR to it: see docs/operations.md."
        message = f"The working days of {ahead} are not known: due dates that reach into it are provisional."
        return CheckFinding("EZT013", Severity.WARNING, message, advice)
    return CheckFinding("EZT013", Severity.OK, f"The working days are known until the end of {last}.")


def check_incidents(settings: Settings) -> CheckFinding:
    """EZT014: what is out of order now. An incident is never a fault of the deployment, so this never warns."""
    try:
        opened, unreadable = open_incidents(settings.stored_at, now=SystemClock().now() + clock_offset(settings))
    except (EztongError, OSError) as error:
        return CheckFinding("EZT014", Severity.OK, f"Incidents cannot be read: {words(error)}")
    more = f" {unreadable} cannot be read: run eztong db check --full." if unreadable else ""
    named = ", ".join(f"{one.incident_id} ({one.kind.value})" for one in opened)
    told = f"Open: {named}." if opened else "No incident is open."
    return CheckFinding("EZT014", Severity.OK, told + more, "See: eztong incidents list." if opened else "")


def check_incident_reports(settings: Settings) -> CheckFinding:
    """EZT023: no report of an incident to the authorities is overdue: a warning, since the service goes on."""
    try:
        waiting, overdue, unreadable = overdue_reports(
            settings.stored_at, now=SystemClock().now() + clock_offset(settings)
        )
    except (EztongError, OSError) as error:
        return fine("EZT023", f"Reports to the authorities cannot be read: {words(error)}")
    if overdue:
        advice = "Make them now, then note it: eztong incidents reports, or the console."
        return warns("EZT023", f"Reports to the authorities that are overdue: {overdue}.", advice)
    if unreadable:
        return warns("EZT023", f"Reports that cannot be read: {unreadable}.", "Run: eztong db check --full.")
    return fine("EZT023", f"Reports to the authorities: {waiting} open, none overdue.")


def check_keys_of_partners(settings: Settings) -> CheckFinding:
    """EZT022: keys of partners that end within seven days: a warning, as nothing is answered to them after that."""
    now = SystemClock().now() + clock_offset(settings)
    try:
        soon = keys_that_end(settings.stored_at, after=now, before=now + WARNED_BEFORE[1])
        later = keys_that_end(settings.stored_at, after=now, before=now + WARNED_BEFORE[-1])
    except (EztongError, OSError) as error:
        return fine("EZT022", f"Keys of partners cannot be read: {words(error)}")
    advice = "See which: eztong partners expiring. Rotate them: eztong partners keys rotate."
    if soon:
        return warns("EZT022", f"Keys of partners that end within 7 days: {soon}, within 30 days: {later}.", advice)
    return fine("EZT022", f"Keys of partners that end within 7 days: none, within 30 days: {later or 'none'}.")


def check_emergencies(settings: Settings) -> CheckFinding:
    """EZT024: no operator does alone what takes two, and what one did so was reviewed: a warning, never an error."""
    try:
        still_open, waiting = unreviewed_glasses(settings.stored_at, now=SystemClock().now())
    except (EztongError, OSError) as error:
        return fine("EZT024", f"Emergencies of operators cannot be read: {words(error)}")
    if still_open or waiting:
        return warns(
            "EZT024",
            f"Emergencies of operators that are open: {still_open}, that nobody has reviewed: {waiting}.",
            "See them: eztong operators break-glass list. Another operator reviews them there, or in the console.",
        )
    allowed = "allowed, and none waits for review" if settings.break_glass else "not allowed"
    return fine("EZT024", f"Emergencies in which one operator does what takes two are {allowed}.")


def check_messages(settings: Settings) -> CheckFinding:
    """EZT015: messages can leave: the transports that the settings describe can be used, and there is one to phones."""
    try:
        sms, email = sms_notifier(settings), smtp_notifier(settings, clock=SystemClock())
    except SettingsInvalid as error:
        return bad(settings, "EZT015", "A transport of messages cannot be used.", error.detail)
    if sms is not None:
        sms.close()
    if settings.mode is Mode.SANDBOX:
        return CheckFinding("EZT015", Severity.OK, "Messages go to the sandbox's inbox, and nowhere else.")
    if sms is None:
        advice = "Set EZTONG_SMS_URL, then try: eztong notices test --to NUMBER. Until then messages wait."
        return CheckFinding("EZT015", Severity.WARNING, "No transport to phones: no message code arrives.", advice)
    if email is None:
        return CheckFinding("EZT015", Severity.OK, "Messages go to phones; there is no mail server for e-mail.")
    return CheckFinding("EZT015", Severity.OK, "Messages go to phones and by e-mail.")


def check_font(settings: Settings) -> CheckFinding:
    """EZT016: there is a font to set PDF files with. Without one they are refused, and everything else works."""
    try:
        TypstPages(settings.font_folder, settings.font_family).check_ready()
    except FontMissing:
        advice = (
            "Install one with Chinese (Debian: fonts-noto-cjk); set EZTONG_FONT_FOLDER and EZTONG_FONT_FAMILY to it."
        )
        message = f"The font {settings.font_family} is not there: no PDF is made."
        return CheckFinding("EZT016", Severity.WARNING, message, advice)
    return CheckFinding("EZT016", Severity.OK, f"PDF files are set with {settings.font_family}.")


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

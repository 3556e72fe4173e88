"""How long each table keeps its rows, and why: one list, which the documents go by, and the sweeping job.

Operators change some of the periods within bounds: :mod:`eztong.domain.retention.version`.

A table stands here with what is swept from it, with the reason why its rows stay, or with both; and with the values
that are emptied in rows that stay. A row that is needed to
recognise a replay, to show a holder a record, or to prove something, stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from eztong.domain.assistance.assistance import INVITATION_LIFE as HELPER_DIGITS_LIFE
from eztong.domain.deregistration.erasure import BAN_FOR, KEPT_FOR
from eztong.domain.deregistration.partner_event import EVENTS_FOR
from eztong.domain.guardianship.guardianship import INVITATION_LIFE as CARE_DIGITS_LIFE
from eztong.domain.operators.audit import AUDIT_FOR
from eztong.domain.traffic.counts import KEPT_FOR as TRAFFIC_FOR
from eztong.domain.webhooks.delivery import DELIVERIES_FOR


class Transient(StrEnum):
    """Kinds of rows that end by age; the store has one way to remove each."""

    MESSAGE_CODES = "message_codes"
    PASSKEY_CHALLENGES = "passkey_challenges"
    SESSIONS = "sessions"
    STAFF_SESSIONS = "staff_sessions"
    OPERATOR_SESSIONS = "operator_sessions"
    SENT_FORMS = "sent_forms"
    PORTAL_SESSIONS = "portal_sessions"
    AUDIT = "audit"
    DRAFTS = "drafts"
    ENDED_JOBS = "ended_jobs"
    UNDELIVERED_MESSAGES = "undelivered_messages"
    INBOX = "inbox"
    IDEMPOTENCY_KEYS = "idempotency_keys"
    INPUT_SESSIONS = "input_sessions"
    BUDGETS = "budgets"
    TICKETS = "tickets"
    INCIDENTS = "incidents"
    INCIDENT_REPORTS = "incident_reports"
    NOTICES = "notices"
    UNPROVEN_EMAILS = "unproven_emails"
    FREEZE_LINKS = "freeze_links"
    DEREGISTRATIONS = "deregistrations"
    ENDED_SERVICES = "ended_services"
    UNPROVED_PHONES = "unproved_phones"
    PARTNER_EVENTS = "partner_events"
    WEBHOOK_DELIVERIES = "webhook_deliveries"
    WEBHOOK_ATTEMPTS = "webhook_attempts"
    CASES = "cases"
    TRAFFIC = "traffic"


def period_words(period: timedelta) -> str:
    """Return a period in words for operators: whole days, or else hours."""
    number, unit = (period.days, "day") if period.days else (period // timedelta(hours=1), "hour")
    return f"{number} {unit}{'s' if number > 1 else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _ByAge:
    """What ends ``after`` a moment of its row in ``table``. ``since`` says which moment."""

    table: str
    what: str
    after: timedelta
    since: str
    why: str

    @property
    def period(self) -> str:
        """How long that is, in words for operators."""
        return period_words(self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept(_ByAge):
    """Rows of ``table`` that are removed ``after`` a moment of theirs."""


_MONTH = timedelta(days=30)

SWEPT: dict[Transient, Swept] = {
    Transient.MESSAGE_CODES: Swept(
        table="otp_challenges",
        what="message codes (keyed hashes)",
        after=timedelta(days=2),
        since="they were made",
        why="they work for five minutes; the limits of a day count them",
    ),
    Transient.PASSKEY_CHALLENGES: Swept(
        table="passkey_challenges",
        what="passkey challenges",
        after=timedelta(hours=1),
        since="they were given out",
        why="they work for five minutes, once",
    ),
    Transient.SESSIONS: Swept(
        table="sessions",
        what="holders' sessions",
        after=_MONTH,
        since="they ended by themselves",
        why="the holder sees for a while what was signed in",
    ),
    Transient.STAFF_SESSIONS: Swept(
        table="staff_sessions",
        what="desk sessions",
        after=_MONTH,
        since="they were last used",
        why="a shift lasts a day; the desk's own record stays",
    ),
    Transient.OPERATOR_SESSIONS: Swept(
        table="operator_sessions",
        what="operators' sessions",
        after=_MONTH,
        since="they were last used",
        why="a session lasts ten hours; the audit says who signed in",
    ),
    Transient.SENT_FORMS: Swept(
        table="sent_forms",
        what="forms that operators sent",
        after=timedelta(days=1),
        since="they were sent",
        why="a session lasts ten hours, and a form is pressed twice within seconds",
    ),
    Transient.PORTAL_SESSIONS: Swept(
        table="portal_sessions",
        what="sessions at the partner portal",
        after=_MONTH,
        since="they were last used",
        why="a session lasts ten hours; the audit says who signed in",
    ),
    Transient.AUDIT: Swept(
        table="audit_entries",
        what="entries of the audit",
        after=AUDIT_FOR,
        since="they were written",
        why="who acts for the service accounts for it as long as a claim may be made (Civil Code art. 188)",
    ),
    Transient.TRAFFIC: Swept(
        table="traffic",
        what="counts for charts",
        after=TRAFFIC_FOR,
        since="their slot began",
        why="the console draws a week; monitors keep their own history",
    ),
    Transient.DRAFTS: Swept(
        table="holders",
        what="unfinished applications, with data key, devices, sessions and events",
        after=_MONTH,
        since="the agreements were accepted",
        why="the authorisation promises it; the acceptances stay and name nobody",
    ),
    Transient.ENDED_JOBS: Swept(
        table="jobs",
        what="work that was done, and messages that left (emptied then)",
        after=timedelta(days=7),
        since="it ended",
        why="to look into complaints that nothing came",
    ),
    Transient.UNDELIVERED_MESSAGES: Swept(
        table="jobs",
        what="messages that could not be delivered",
        after=_MONTH,
        since="they were written",
        why="old news helps nobody; message codes go after five minutes",
    ),
    Transient.INBOX: Swept(
        table="inbox",
        what="the sandbox's messages",
        after=_MONTH,
        since="they arrived",
        why="they are there to be read once",
    ),
    Transient.IDEMPOTENCY_KEYS: Swept(
        table="idempotency_keys",
        what="idempotency keys",
        after=timedelta(days=7),
        since="their first use",
        why="a retry comes within hours; the interface promises seven days",
    ),
    Transient.INPUT_SESSIONS: Swept(
        table="input_sessions",
        what="session keys of encrypted parameters (keyed hashes)",
        after=_MONTH,
        since="they were brought first",
        why="a captured ciphertext gives one try at most; a month later that is one more",
    ),
    Transient.BUDGETS: Swept(
        table="budgets",
        what="what was spent of budgets (keyed hashes)",
        after=timedelta(days=2),
        since="their slot began",
        why="no budget looks back further than a day",
    ),
    Transient.TICKETS: Swept(
        table="tickets",
        what="tickets with all that was written in them, and the disputes and talks that they follow",
        after=timedelta(days=3 * 365),
        since="they were closed",
        why="a claim about what was answered may be made for three years (Civil Code art. 188)",
    ),
    Transient.INCIDENTS: Swept(
        table="incidents",
        what="incidents with their updates",
        after=timedelta(days=3 * 365),
        since="they ended",
        why="who is asked why something failed can say so for as long as a claim may be made (Civil Code art. 188)",
    ),
    Transient.NOTICES: Swept(
        table="holder_notices",
        what="what was told to holders by message",
        after=timedelta(days=3 * 365),
        since="it was told",
        why="a claim that something was, or was not, told may be made for three years (Civil Code art. 188)",
    ),
    Transient.UNPROVEN_EMAILS: Swept(
        table="holder_emails",
        what="e-mail addresses that nobody confirmed",
        after=timedelta(days=1),
        since="they were given",
        why="the link in the mail works for an hour",
    ),
    Transient.FREEZE_LINKS: Swept(
        table="freeze_links",
        what="links that freeze an account (keyed hashes)",
        after=timedelta(days=1),
        since="they ended",
        why="they work for a day, once",
    ),
    Transient.DEREGISTRATIONS: Swept(
        table="deregistrations",
        what="receipts of deregistrations, with the history of accounts that a case had stopped",
        after=KEPT_FOR,
        since="the account was erased",
        why="a claim may be made for three years (Civil Code art. 188)",
    ),
    Transient.ENDED_SERVICES: Swept(
        table="persons",
        what="terminated people, and people with an open case, without an account (keyed indexes)",
        after=BAN_FOR,
        since="the account was erased",
        why="a termination holds for two years after its account is gone; a case is decided with the next application",
    ),
    Transient.UNPROVED_PHONES: Swept(
        table="phone_changes",
        what="new numbers that were asked for and not proved",
        after=timedelta(days=1),
        since="they were asked for",
        why="their message codes work for five minutes",
    ),
    Transient.PARTNER_EVENTS: Swept(
        table="partner_events",
        what="what partners were told of codes that ended, with their answers",
        after=EVENTS_FOR,
        since="it was told",
        why="the interface promises ninety days; the answer is due within fifteen working days",
    ),
    Transient.WEBHOOK_DELIVERIES: Swept(
        table="webhook_deliveries",
        what="what partners' servers were told, with partner codes that ended",
        after=DELIVERIES_FOR,
        since="it was due",
        why="it is tried for three days; a partner looks into what it missed, and has it sent again",
    ),
    Transient.WEBHOOK_ATTEMPTS: Swept(
        table="webhook_attempts",
        what="how tries to tell partners' servers went",
        after=DELIVERIES_FOR,
        since="they were made",
        why="the delivery log is there to find out why a server heard nothing",
    ),
    Transient.INCIDENT_REPORTS: Swept(
        table="incident_reports",
        what="reports of incidents to the authorities, with what was done with them",
        after=KEPT_FOR,
        since="they were closed",
        why="that and when was reported may be asked for three years (Civil Code art. 188)",
    ),
    Transient.CASES: Swept(
        table="cases",
        what="cases about misuse, with their steps and what they held",
        after=KEPT_FOR,
        since="they were over",
        why="a claim about what was decided may be made for three years (Civil Code art. 188)",
    ),
}


class Outlived(StrEnum):
    """Kinds of values that are emptied by age in rows that stay; the store has one way to empty each."""

    GUARDIAN_DIGITS = "guardian_digits"
    HELPER_DIGITS = "helper_digits"
    PARTNER_CONTACTS = "partner_contacts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emptied(_ByAge):
    """``columns`` of rows of ``table`` that are emptied ``after`` a moment of theirs; the rest of the row stays."""

    columns: tuple[str, ...]


EMPTIED: dict[Outlived, Emptied] = {
    Outlived.GUARDIAN_DIGITS: Emptied(
        table="guardianships",
        columns=("invite_hash", "sealed_digits", "offered_at", "sealed_phone"),
        what="digits that invite a guardian or hand an account over, and the phone typed with them",
        after=CARE_DIGITS_LIFE,
        since="they were made",
        why="they open nothing after a day; that an account went over, and when, is kept apart",
    ),
    Outlived.HELPER_DIGITS: Emptied(
        table="assistances",
        columns=("invite_hash", "sealed_digits"),
        what="digits that invite a helper",
        after=HELPER_DIGITS_LIFE,
        since="they were made",
        why="they open nothing after a day",
    ),
    Outlived.PARTNER_CONTACTS: Emptied(
        table="partner_applications",
        columns=("sealed_contact",),
        what="contacts of organisations that were refused, withdrew, or whose partner was closed",
        after=timedelta(days=3 * 365),
        since="that was",
        why="a claim may be made for three years (Civil Code art. 188)",
    ),
}

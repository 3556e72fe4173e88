"""Messages that leave as jobs, and what of them a holder can read again.

What a person waits for goes first, and what nobody can use any more does not go at all. Whatever is sent about an
account, but for message codes, stays as a notice, too, which its holder reads again on the own page (clause 2.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Final

from typing_extensions import override

from eztong.domain.access.otp import OTP_LIFE
from eztong.domain.codes.verification import Outcome
from eztong.domain.errors import InputInvalid, StateConflict
from eztong.domain.identifiers import HolderId, PartnerId


class Topic(StrEnum):
    """What a message is about."""

    OTP = "otp"
    REGISTRATION_DECIDED = "registration_decided"
    APPLICATION_LAPSED = "application_lapsed"
    CODE_USED = "code_used"
    CODE_REPLAYED = "code_replayed"
    PARTNER_CLOSED = "partner_closed"
    """A partner that knew the holder was closed for good."""
    ACCOUNT_FROZEN = "account_frozen"
    DEVICE_BOUND = "device_bound"
    ACCOUNT_RECOVERED = "account_recovered"
    WRONG_CODES = "wrong_codes"
    REGISTERED_AGAIN = "registered_again"
    RECOVERY_WAITING = "recovery_waiting"
    RECOVERY_STOPPED = "recovery_stopped"
    PASSKEY_ADDED = "passkey_added"
    PIN_CHANGED = "pin_changed"
    AFTER_DEATH_CHOSEN = "after_death_chosen"
    AUTHORISATION_WITHDRAWN = "authorisation_withdrawn"
    AGREEMENTS_ASK = "agreements_ask"
    """A new set of agreements asks for acceptance."""
    AGREEMENTS_CHANGE = "agreements_change"
    """A new set of agreements, to take note of."""
    AGREEMENTS_OFF = "agreements_off"
    """An announced set of agreements does not come."""
    CLAUSE_SEVERED = "clause_severed"
    CLAUSE_RESTORED = "clause_restored"
    TICKET_ANSWERED = "ticket_answered"
    TICKET_AT_STAKE = "ticket_at_stake"
    TALK_OPENED = "talk_opened"
    TALK_PROPOSED = "talk_proposed"
    TALK_SETTLED = "talk_settled"
    TALK_FAILED = "talk_failed"
    CASE_DECIDED = "case_decided"
    """A warning, a limit or an end because of misuse; number and secret open it."""
    CASE_UPHELD = "case_upheld"
    CASE_LIFTED = "case_lifted"
    DOCUMENT_ENDS = "document_ends"
    ACCOUNT_RESTRICTED = "account_restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    EMAIL_PROOF = "email_proof"
    """Goes to the address alone, with the link that proves it."""
    EMAIL_ADDED = "email_added"
    EMAIL_REMOVED = "email_removed"
    PHONE_CHANGED = "phone_changed"
    PHONE_WAITING = "phone_waiting"
    PHONE_ADDED = "phone_added"
    PHONE_COMING = "phone_coming"
    PHONE_KEPT = "phone_kept"
    NAME_CORRECTED = "name_corrected"
    CORRECTION_REFUSED = "correction_refused"
    GUARDIAN_DECIDED = "guardian_decided"
    """Whether a guardianship was confirmed: to both."""
    GUARDIAN_ENDED = "guardian_ended"
    """A guardianship ended: to both."""
    CAME_OF_AGE = "came_of_age"
    """A birthday changed the rule: to both."""
    TAKEN_OVER = "taken_over"
    """The ward took the account over: to both."""
    WARD_NEWS = "ward_news"
    """Something was told to a ward: to the guardian."""
    HELPER_ACCEPTED = "helper_accepted"
    """Somebody typed the digits of an invitation: to the elder, who confirms."""
    HELPER_BEGAN = "helper_began"
    """A helper helps from now on: to the elder."""
    HELPER_ENDED = "helper_ended"
    """A helper helps no more: to the elder."""
    HELPING_BEGAN = "helping_began"
    """The same, to the helper."""
    HELPING_ENDED = "helping_ended"
    """The same, to the helper."""
    HELPER_NEWS = "helper_news"
    """Something was told to an elder: to the helper."""
    DEREGISTRATION_ASKED = "deregistration_asked"
    DEREGISTRATION_UNDONE = "deregistration_undone"
    DEREGISTERED = "deregistered"
    """The last word to a phone whose account was erased."""
    TEST = "test"
    """Sent by the operator to try the transport."""


class Medium(StrEnum):
    """Which way a message goes."""

    SMS = "sms"
    EMAIL = "email"


class Priority(IntEnum):
    """In which order waiting messages leave: the lower number first."""

    MESSAGE_CODE = 0
    ACCOUNT_AT_STAKE = 1
    OTHER = 2


_AT_STAKE = frozenset(
    {
        Topic.ACCOUNT_FROZEN,
        Topic.DEVICE_BOUND,
        Topic.ACCOUNT_RECOVERED,
        Topic.WRONG_CODES,
        Topic.RECOVERY_WAITING,
        Topic.RECOVERY_STOPPED,
        Topic.PASSKEY_ADDED,
        Topic.PIN_CHANGED,
        Topic.AFTER_DEATH_CHOSEN,
        Topic.AUTHORISATION_WITHDRAWN,
        Topic.TICKET_AT_STAKE,
        Topic.TALK_OPENED,
        Topic.TALK_SETTLED,
        Topic.CASE_DECIDED,
        Topic.CASE_UPHELD,
        Topic.CASE_LIFTED,
        Topic.ACCOUNT_RESTRICTED,
        Topic.RESTRICTION_LIFTED,
        Topic.EMAIL_ADDED,
        Topic.EMAIL_REMOVED,
        Topic.DEREGISTRATION_ASKED,
        Topic.DEREGISTRATION_UNDONE,
        Topic.PHONE_CHANGED,
        Topic.PHONE_WAITING,
        Topic.PHONE_ADDED,
        Topic.PHONE_COMING,
        Topic.PHONE_KEPT,
        Topic.NAME_CORRECTED,
        Topic.GUARDIAN_DECIDED,
        Topic.GUARDIAN_ENDED,
        Topic.TAKEN_OVER,
        Topic.WARD_NEWS,
        Topic.HELPER_ACCEPTED,
        Topic.HELPER_BEGAN,
        Topic.HELPER_ENDED,
        Topic.HELPING_BEGAN,
        Topic.HELPING_ENDED,
        Topic.HELPER_NEWS,
    }
)

NOT_KEPT = frozenset({Topic.OTP, Topic.EMAIL_PROOF, Topic.DEREGISTERED, Topic.TEST})
"""What is sent and never a notice: proofs, which nobody may read again, and what is about no account any more."""


def priority_of(topic: Topic) -> Priority:
    """Return which messages this one waits for.

    Somebody sits in front of a page that asks for a message code. A holder who hears of a freeze, a new device or a
    recovery may have to stop it. Everything else is to know.
    """
    if topic is Topic.OTP:
        return Priority.MESSAGE_CODE
    return Priority.ACCOUNT_AT_STAKE if topic in _AT_STAKE else Priority.OTHER


EMAIL_LINK_LIFE: Final = timedelta(hours=1)
"""How long the link that proves an address works."""

_LIVES: Mapping[Topic, timedelta] = {
    Topic.OTP: OTP_LIFE,
    Topic.EMAIL_PROOF: EMAIL_LINK_LIFE,
    # The last trace of a phone must not wait for a transport that is down.
    Topic.DEREGISTERED: timedelta(days=3),
}


def life_of(topic: Topic) -> timedelta | None:
    """Return how long a message is of use; None means as long as it waits."""
    return _LIVES.get(topic)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to a phone, or to an ``email`` address. All of it is personal data: sealed at rest, never logged.

    The notifier puts it into words: ``params`` fill the catalogue's sentence for ``topic`` in ``language``.
    """

    topic: Topic
    phone: str = ""
    language: str
    params: Mapping[str, str]
    email: str = ""

    @property
    def channel(self) -> Medium:
        """Which way it goes."""
        return Medium.EMAIL if self.email else Medium.SMS

    @override
    def __repr__(self) -> str:
        """Hide phone, address and parameters."""
        return f"Message({self.topic})"


ONLY_SENT = frozenset({"link", "name", "secret"})
"""Params that no notice keeps: what acts by itself, and somebody else's masked name, which is that person's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What was told to a holder, to be read again. ``sealed`` holds the params under the account's key."""

    holder_id: HolderId
    notice_id: str
    """The message's own id."""

    topic: str
    """A :class:`Topic`, or what a newer version told."""

    sealed: bytes = field(repr=False)
    at: datetime
    read_at: datetime | None = None


FREEZE_LINK_LIFE: Final = timedelta(hours=24)
"""How long the link in a notice of a use freezes the account."""


class EmailNotConsented(InputInvalid):
    """The box under the address was not ticked: it has a consent of its own, and nothing is stored without it."""

    code = "email_not_consented"
    advice = "Tick the box under the address, or leave the address out."


class EmailKept(StateConflict):
    """The account has a confirmed address already."""

    code = "email_kept"
    advice = "Remove the confirmed address first."


class EmailLinkOver(StateConflict):
    """The link was used, is older than an hour, or its address was removed or given anew."""

    code = "email_link_over"
    advice = "Give the address again, and use the newest link within an hour."


class FreezeLinkOver(StateConflict):
    """The link was used, is older than a day, or the account was recovered or a loss told since."""

    code = "freeze_link_over"
    advice = "Freeze the account on the page for lost phones instead."


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderEmail:
    """The e-mail address of an account, ``sealed`` under its key. Notices go there once it is proven."""

    holder_id: HolderId
    sealed: bytes = field(repr=False)
    asked_at: datetime
    link_hash: bytes | None = field(default=None, repr=False)
    link_until: datetime | None = None
    proven_at: datetime | None = None

    def check_link(self, *, now: datetime) -> None:
        """Refuse a link that is over.

        Raises:
            EmailLinkOver: it is.
        """
        if self.proven_at is not None or self.link_until is None or now >= self.link_until:
            raise EmailLinkOver


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChoices:
    """What a holder chose to be told; who chose nothing is told neither."""

    holder_id: HolderId
    per_use: bool = False
    promotions: bool = False
    told_until: str = ""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UntoldUse:
    """A use that its holder chose to be told, and was not yet. Without an outcome its row cannot be read."""

    holder_id: HolderId
    verification_id: str
    partner_id: PartnerId
    outcome: Outcome | None
    at: datetime

    @property
    def is_told(self) -> bool:
        """Say whether a message follows: not of what its holder refused, or nobody came for."""
        return self.outcome in {Outcome.PASSED, Outcome.NOT_PASSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeLink:
    """A link that freezes one account, once, without a sign-in."""

    link_hash: bytes = field(repr=False)
    holder_id: HolderId
    made_at: datetime
    until: datetime
    used_at: datetime | None = None

    def check(self, *, now: datetime) -> None:
        """Refuse a link that is over.

        Raises:
            FreezeLinkOver: it is.
        """
        if self.used_at is not None or now >= self.until:
            raise FreezeLinkOver

"""A guardianship: ``invited -> declared -> active``, and at any step ``-> refused | ended`` (PIPL art. 31).

A minor of 14 to 17 invites (``invited``), and the guardian who types the invitation's digits declares the relation
(``declared``). A child under 14 invites nobody: its guardian applies, which begins at ``declared``. The authority
confirms or denies a relation at once; what it does not know, and what another active guardian stands against, staff
decide. One guardian at most is active for a ward.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from eztong.domain.access.unlock import STEP_BACK
from eztong.domain.budget import Budget
from eztong.domain.errors import InputInvalid, NotFound, NotPermitted, StateConflict
from eztong.domain.guardianship.relation import Relation
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.age import ADULT_FROM, CHILD_ENDS, SHANGHAI, age_on

INVITATION_DIGITS: Final = 6
INVITATION_LIFE: Final = timedelta(hours=24)
MOST_WARDS: Final = 10
"""How many wards one account may have or ask for at a time."""

_DAY: Final = timedelta(days=1)
INVITATIONS: Final = Budget("guardian_invitations", 10, _DAY)
"""Invitations that one application may make."""
NEWS_OF_WARD: Final = Budget("ward_news", 6, timedelta(hours=1))
"""Messages to a guardian about one topic of a ward; what happened is read on the ward's page, however often."""
WRONG_BY_GUARDIAN: Final = Budget("guardian_wrong_digits", 5, _DAY)
"""Wrong digits that one account may type, whomever they are for."""
WRONG_BY_WARD: Final = Budget("ward_wrong_digits", 30, _DAY)
"""Wrong digits that all accounts together may type for one number: six accounts of real people would have to try."""
HAND_OVER_DIGITS: Final = 10
"""So many that nobody guesses them in a day, whoever tries: no stranger's tries keep the ward out (ADR 0078)."""
TAKE_BACK_WITHIN: Final = timedelta(hours=72)
"""How long a guardian can have an account back that went over to somebody else, and weighty acts of it wait."""
HAND_OVERS: Final = Budget("account_hand_overs", 10, _DAY)
"""How often a day the account of one ward may be handed over anew."""
LEFT_LATELY: Final = timedelta(days=7)
"""How long after a guardian left another's claim waits for staff: it may not have been the guardian who left."""
CHILD_APPLICATIONS: Final = Budget("child_applications", 5, _DAY)
"""Children that one account may name, found or not."""

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９", "0123456789")


class GuardianshipState(StrEnum):
    """Where it stands."""

    INVITED = "invited"
    DECLARED = "declared"
    ACTIVE = "active"
    REFUSED = "refused"
    ENDED = "ended"


OPEN: Final = frozenset({GuardianshipState.INVITED, GuardianshipState.DECLARED, GuardianshipState.ACTIVE})


class DecidedBy(StrEnum):
    """Who decided whether the relation holds."""

    AUTHORITY = "authority"
    STAFF = "staff"


class CareEnd(StrEnum):
    """What ended it."""

    GUARDIAN = "guardian"
    """The guardian gave it up."""
    REPLACED = "replaced"
    """A newer invitation, or another guardian whom staff confirmed."""
    AGE = "age"
    """The ward is an adult."""
    ACCOUNT = "account"
    """The guardian's account ended."""
    APPLICATION = "application"
    """The ward's application was refused."""


class InvitationDigitsInvalid(InputInvalid):
    """What was typed cannot be an invitation: it has not six digits."""

    code = "invitation_digits_invalid"
    advice = "Type the six digits that stand on the page of the person who invites you. No try was counted."


class InvitationWrong(InputInvalid):
    """No open invitation has these digits and this document number."""

    code = "invitation_wrong"
    advice = "Check the six digits and the document number of the person who invites you; invitations end after a day."


class InvitationNotPossible(StateConflict):
    """The application waits for no guardian."""

    code = "invitation_not_possible"
    advice = "Only an application of somebody aged 14 to 17 that waits for a guardian invites one."


class RelationDiffers(StateConflict):
    """The minor and the guardian declared different relations."""

    code = "relation_differs"
    advice = "Choose what you are to each other, as the invitation has it, or have a new invitation made."


class RelationDenied(NotPermitted):
    """The authority does not confirm that the one is guardian of the other."""

    code = "relation_denied"
    advice = "Check name and document number. If you are the guardian and this stays so, write to us under Feedback."


class GuardianNotEligible(NotPermitted):
    """A guardian is an adult with an account in use, and nobody is their own."""

    code = "guardian_not_eligible"
    advice = "Only adults whose account is in use can act for somebody else."


class NotAChild(InputInvalid):
    """The document number is of somebody aged 14 or more."""

    code = "not_a_child"
    advice = "Whoever is 14 or older applies alone; somebody aged 14 to 17 then invites the guardian."


class WardsFull(StateConflict):
    """As many wards as one account may have."""

    code = "wards_full"
    advice = "End what you no longer need, or write to us under Feedback."


class AlreadyDeclared(StateConflict):
    """The account is, or asks to be, guardian of this person already."""

    code = "already_declared"
    advice = "Look under Me, Family, for where it stands."


class WardMissing(NotFound):
    """The account is guardian of no such person."""

    code = "ward_missing"
    advice = "Look under Me, Family, for the people you act for."


class WardActsAlone(StateConflict):
    """The ward is 14 or older, or has an own sign-in."""

    code = "ward_acts_alone"
    advice = "From the age of 14 people do this themselves, on their own phone."


class HandOverNotPossible(StateConflict):
    """The account is under 14, has an own sign-in already, or is not in use."""

    code = "hand_over_not_possible"
    advice = "An account in use is handed over once its holder is 14, and as long as it has no phone of its own."


class HandOverDigitsInvalid(InputInvalid):
    """What was typed cannot be the digits of a hand-over: it has not ten digits."""

    code = "hand_over_digits_invalid"
    advice = "Type the ten digits that stand on your guardian's page. Nothing was tried."


class TakeBackOver(StateConflict):
    """Nothing went over that the guardian can have back, or not within the last 72 hours."""

    code = "take_back_over"
    advice = "Freeze the account, and write to us under Feedback."


class LeaveWaits(StateConflict):
    """The account went over a short while ago, or is ending, and nobody else could undo that."""

    code = "leave_waits"
    advice = "Undo it first, or wait until its 72 hours are over: until then only the guardian can."


class AccountClaimed(StateConflict):
    """Somebody else asks for the account: as its guardian, or for its phone through staff."""

    code = "account_claimed"
    advice = "Wait for the decision: until then it is neither handed over nor ended."


class WardOfAge(StateConflict):
    """The ward is an adult: nobody becomes their guardian."""

    code = "ward_of_age"
    advice = "Nothing is left to confirm: the ward is of age. Refuse it."


class HandOverWrong(InputInvalid):
    """No account that is handed over now has these digits and this document number."""

    code = "hand_over_wrong"
    advice = "Check the document number and the ten digits on your guardian's page; they end after a day."


class GuardianshipDecided(StateConflict):
    """It waits for no decision."""

    code = "guardianship_decided"
    advice = "Only what eztong guardians list shows can be decided."


@dataclass(frozen=True, slots=True, kw_only=True)
class Guardianship:
    """Who is guardian of whom, and how it came and went.

    ``ward_relation`` is what the minor declared, ``relation`` what the guardian did. The digits of an invitation are
    ``sealed_digits`` under the ward's key, to be shown again, and found by ``invite_hash``; both are emptied once it is
    declared. While it is active the same two hold the digits by which a ward who is 14 takes the account over, since
    ``offered_at``, and ``sealed_phone`` the phone that the ward is proving; ``taken_at`` is when the account went over.
    ``sealed_words`` are the reason of staff, under the guardian's key.
    """

    ward_id: HolderId
    guardianship_id: str
    state: GuardianshipState
    asked_at: datetime
    guardian_id: HolderId | None = None
    ward_relation: Relation | None = None
    relation: Relation | None = None
    invite_hash: bytes | None = field(default=None, repr=False)
    sealed_digits: bytes | None = field(default=None, repr=False)
    declared_at: datetime | None = None
    decided_at: datetime | None = None
    decided_by: DecidedBy | None = None
    sealed_words: bytes | None = field(default=None, repr=False)
    ended_at: datetime | None = None
    ended_by: CareEnd | None = None
    offered_at: datetime | None = None
    sealed_phone: bytes | None = field(default=None, repr=False)
    taken_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it is, or may become, a guardianship."""
        return self.state in OPEN

    def takes_digits(self, *, now: datetime) -> bool:
        """Say whether the invitation still stands."""
        return self.state is GuardianshipState.INVITED and is_within(INVITATION_LIFE, self.asked_at, now=now)

    def check_relation(self, relation: Relation) -> None:
        """Refuse another relation than the minor declared.

        Raises:
            RelationDiffers: it is.
        """
        if self.ward_relation is not None and self.ward_relation is not relation:
            raise RelationDiffers

    def declared(self, guardian_id: HolderId, relation: Relation, *, now: datetime) -> Guardianship:
        """Return it after the guardian declared the relation, too."""
        return replace(
            self,
            state=GuardianshipState.DECLARED,
            guardian_id=guardian_id,
            relation=relation,
            invite_hash=None,
            sealed_digits=None,
            declared_at=now,
        )

    def decided(self, *, holds: bool, by: DecidedBy, now: datetime) -> Guardianship:
        """Return it after the decision.

        Raises:
            GuardianshipDecided: it waits for none.
        """
        if self.state is not GuardianshipState.DECLARED:
            raise GuardianshipDecided
        state = GuardianshipState.ACTIVE if holds else GuardianshipState.REFUSED
        return replace(self, state=state, decided_at=now, decided_by=by)

    def ended(self, by: CareEnd, *, now: datetime) -> Guardianship:
        """Return it after its end.

        Raises:
            StateConflict: it is over already.
        """
        if not self.is_open:
            raise StateConflict("This guardianship is over.")
        return replace(self.keeping(), state=GuardianshipState.ENDED, ended_at=now, ended_by=by)

    def hands_over(self, *, now: datetime) -> bool:
        """Say whether the digits that hand the account over still stand."""
        return self.state is GuardianshipState.ACTIVE and is_within(INVITATION_LIFE, self.offered_at, now=now)

    def handing_over(self, invite_hash: bytes, sealed_digits: bytes, *, now: datetime) -> Guardianship:
        """Return it with new digits that hand the account over; what was proved with earlier ones is void."""
        return replace(self, invite_hash=invite_hash, sealed_digits=sealed_digits, offered_at=now, sealed_phone=None)

    @property
    def settles_at(self) -> datetime | None:
        """Until when the account can be had back, if it went over."""
        return None if self.taken_at is None else self.taken_at + TAKE_BACK_WITHIN

    def can_be_taken_back(self, *, now: datetime) -> bool:
        """Say whether the guardian can still have the account back."""
        return self.state is GuardianshipState.ACTIVE and is_within(TAKE_BACK_WITHIN, self.taken_at, now=now)

    def was_left_lately(self, *, now: datetime) -> bool:
        """Say whether its guardian gave it up a short while ago, or somebody with the guardian's phone did."""
        return self.ended_by is CareEnd.GUARDIAN and is_within(LEFT_LATELY, self.ended_at, now=now)

    def taken_over(self, *, now: datetime) -> Guardianship:
        """Return it after the account went over."""
        return replace(self.keeping(), taken_at=now)

    def keeping(self) -> Guardianship:
        """Return it without the digits: the account was taken over, or is handed over no more."""
        return replace(self, invite_hash=None, sealed_digits=None, offered_at=None, sealed_phone=None)


def is_within(period: timedelta, begun: datetime | None, *, now: datetime) -> bool:
    """Say whether the period runs. One that begins later than now does not: a clock that stood late began it."""
    return begun is not None and begun - STEP_BACK <= now < begun + period


def parse_invitation(text: str) -> str:
    """Return the six ASCII digits as they were meant: spaces and full-width digits do no harm.

    Raises:
        InvitationDigitsInvalid: not six digits; that is no try.
    """
    return _parse_digits(text, INVITATION_DIGITS, InvitationDigitsInvalid)


def parse_hand_over(text: str) -> str:
    """Return the ten ASCII digits as they were meant: spaces and full-width digits do no harm.

    Raises:
        HandOverDigitsInvalid: not ten digits; that is no try.
    """
    return _parse_digits(text, HAND_OVER_DIGITS, HandOverDigitsInvalid)


def _parse_digits(text: str, count: int, refusal: type[InputInvalid]) -> str:
    digits = "".join(text[: count * 4].translate(_FULL_WIDTH).split())
    if len(digits) != count or not (digits.isascii() and digits.isdigit()):
        raise refusal
    return digits


def next_birthday_that_counts(birth: date, *, after: date) -> datetime | None:
    """Return when the rule changes next for somebody born on ``birth``: their 14th or 18th birthday in Shanghai.

    None: they are of age on the day ``after``.
    """
    age = age_on(birth, after)
    if age >= ADULT_FROM:
        return None
    year = birth.year + (CHILD_ENDS if age < CHILD_ENDS else ADULT_FROM)
    # Whoever is born on 29 February turns older on 1 March of a common year, as in age_on.
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    is_short = (birth.month, birth.day) == (2, 29) and not is_leap
    day = date(year, 3, 1) if is_short else birth.replace(year=year)
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)

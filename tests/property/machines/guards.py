"""The guards of the product, each of which is taken away by the test itself: without any one the machines fail.

A guard is one function that use cases ask. It is replaced at the narrowest seam: the name by which one module calls it,
or the method of the one type that it judges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Turn
from eztong.domain.holder import Holder
from eztong.domain.identifiers import AcceptanceId
from tests.property.machines.forbidden import Forbidden
from tests.property.machines.machine import Office, Told, Town


@dataclass(frozen=True, slots=True)
class Guard:
    """What is taken away at ``seam``, what does instead, which story tries it, and the state that is reached then."""

    name: str
    seam: str
    instead: Callable[..., Any]
    story: str
    reached: Forbidden
    machine: type[Told] = Town


def _lets_through(*_given: object, **_named: object) -> None:
    return None


def _is_so(*_given: object, **_named: object) -> bool:
    return True


def _is_first(*_given: object, **_named: object) -> Turn:
    return Turn.FIRST


def _any_acceptance(*_given: object, **_named: object) -> AcceptanceId:
    return AcceptanceId(f"acc_{'0' * 26}")


def _every_claim(*_given: object, **_named: object) -> frozenset[Claim]:
    return frozenset(Claim)


def _whoever_froze(holder: Holder) -> Holder:
    return holder if holder.freeze_cause is None else holder.restored()


_USE: Final = "eztong.usecases"
_DOMAIN: Final = "eztong.domain"

GUARDS: Final = (
    Guard(
        "a restricted account passes low scenes only",
        f"{_USE}.codes.conclude_verification.check_may_be_verified",
        _lets_through,
        "restricted_asks_for_more",
        Forbidden.PASSED_RESTRICTED,
    ),
    Guard(
        "an account that is stopped shows no code",
        f"{_USE}.codes.issue_code.check_may_show_code",
        _lets_through,
        "leaving_shows_a_code",
        Forbidden.SHOWN_STOPPED,
    ),
    Guard(
        "no code without the authorisation",
        f"{_USE}.codes.issue_code.check_consent",
        _any_acceptance,
        "withdrawn_shows_a_code",
        Forbidden.SHOWN_UNAUTHORISED,
    ),
    Guard(
        "what the holder does not allow this partner does not pass",
        f"{_USE}.codes.conclude_verification.check_allowed",
        _lets_through,
        "switched_off_after_the_code",
        Forbidden.PASSED_SWITCHED_OFF,
    ),
    Guard(
        "an act takes a fresh unlock",
        f"{_USE}.access.find_session.check_unlocked",
        _lets_through,
        "locked_acts",
        Forbidden.ACTED_LOCKED,
    ),
    Guard(
        "data passes by live grants alone",
        f"{_USE}.codes.verify_code.granted_claims",
        _every_claim,
        "granted_is_over",
        Forbidden.TOLD_UNGRANTED,
    ),
    Guard(
        "a code passes once, in its life",
        f"{_USE}.codes.verify_code.judge_try",
        _is_first,
        "ended_codes_are_presented",
        Forbidden.CODE_AGAIN,
    ),
    Guard(
        "a request is answered once, in its time",
        f"{_DOMAIN}.requests.request.Request.check_open",
        _lets_through,
        "ended_request_is_answered",
        Forbidden.REQUEST_AGAIN,
    ),
    Guard(
        "a holder lifts no freeze but the own",
        f"{_DOMAIN}.holder.Holder.unfrozen",
        _whoever_froze,
        "frozen_by_others_comes_back",
        Forbidden.FREEZE_LIFTED,
    ),
    Guard(
        "whoever left in a case is known again",
        f"{_USE}.registration.decide_application._person_of",
        _lets_through,
        "leaves_in_a_case",
        Forbidden.CASE_DODGED,
    ),
    Guard(
        "a deregistration is undone in its time alone",
        f"{_DOMAIN}.deregistration.deregistration.Deregistration.check_may_be_undone",
        _lets_through,
        "undone_too_late",
        Forbidden.UNDONE_LATE,
    ),
    Guard(
        "only a deregistration that runs, and whose time is over, is executed",
        f"{_DOMAIN}.deregistration.deregistration.Deregistration.is_due",
        _is_so,
        "undone_in_time",
        Forbidden.ERASED_UNASKED,
    ),
    Guard(
        "a ticket's end is its end",
        f"{_DOMAIN}.feedback.ticket.Ticket.check_open",
        _lets_through,
        "closed_ticket_goes_on",
        Forbidden.TICKET_GOES_ON,
    ),
    Guard(
        "a ticket is its writer's",
        f"{_USE}.feedback.find_ticket._fits",
        _is_so,
        "tickets_of_another",
        Forbidden.TICKET_OF_ANOTHER,
    ),
    Guard(
        "another person decides than the one who proposed",
        f"{_DOMAIN}.operators.proposal.check_another",
        _lets_through,
        "own_proposal_is_decided",
        Forbidden.APPROVED_BY_ITS_MAKER,
        Office,
    ),
    Guard(
        "nobody decides about the own account",
        f"{_DOMAIN}.operators.operator.Operator.check_not_about",
        _lets_through,
        "about_oneself",
        Forbidden.ABOUT_ONESELF,
        Office,
    ),
)

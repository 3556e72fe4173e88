"""The guards of the product, each of which is taken away by the test itself: without any one the machines fail.

A guard is one function that use cases ask. It is replaced at the narrowest seam: the name by which one module calls it,
or the method of the one type that it judges.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from eztong.domain.agreements import Agreement, AgreementKind
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Turn
from eztong.domain.guardianship.guardianship import DecidedBy, Guardianship, WardMissing
from eztong.domain.guardianship.relation import RelationAnswer
from eztong.domain.guardianship.ward import is_frozen_by_guardian
from eztong.domain.holder import Holder
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.domain.identity.age import AgeBand
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.guardianship.care import Care, check_under_age, find_ward
from eztong.usecases.guardianship.settle_relation import confirm, settle_answer
from eztong.usecases.registration.accept_agreements import AcceptAgreements, accepted_text
from tests.property.machines.families import Families
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


def _is_not(*_given: object, **_named: object) -> bool:
    return False


def _child(*_given: object, **_named: object) -> AgeBand:
    return AgeBand.CHILD


def _adult(*_given: object, **_named: object) -> AgeBand:
    return AgeBand.ADULT


def _whoever_is_guardian(guardian: Holder, ward_id: str, *, stored: Repositories, keys: Keys, now: datetime) -> Care:
    active = stored.guardianships.active_of(HolderId(ward_id))
    ward = stored.holders.get(HolderId(ward_id))
    if active is None or ward is None:
        raise WardMissing
    check_under_age(ward, keys=keys, now=now)
    return Care(guardian, ward, active)


def _believes_all(act: Act, declared: Guardianship, _answer: RelationAnswer) -> Guardianship:
    return confirm(act, declared, DecidedBy.AUTHORITY)


def _believes_the_newest(act: Act, declared: Guardianship, answer: RelationAnswer) -> Guardianship:
    if answer is RelationAnswer.CONFIRMED:
        return confirm(act, declared, DecidedBy.AUTHORITY)
    return settle_answer(act, declared, answer)


def _whatever_was_ticked(kind: AgreementKind, consent: AcceptAgreements, *, stored: Repositories) -> Agreement:
    return accepted_text(kind, replace(consent, ticked=frozenset(AgreementKind)), stored=stored)


def _whatever_is_newest(act: Act, ward: Holder) -> Holder:
    if not is_frozen_by_guardian(ward):
        return ward
    act.uow.holders.move(ward, ward.restored())
    return ward.restored()


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
    Guard(
        "nothing is asked about an account whose holder paused its use",
        f"{_USE}.restrictions.recheck_identity.is_paused",
        _is_not,
        "paused_is_used",
        Forbidden.ASKED_PAUSED,
    ),
    Guard(
        "who applies is asked the age",
        f"{_USE}.registration.decide_application.age_band_on",
        _adult,
        "minor_applies_alone",
        Forbidden.MINOR_ALONE,
        Families,
    ),
    Guard(
        "a guardian agrees to each document for a child",
        f"{_USE}.guardianship.apply_for_child.accepted_text",
        _whatever_was_ticked,
        "not_all_is_ticked",
        Forbidden.CHILD_UNCONSENTED,
        Families,
    ),
    Guard(
        "an invitation is taken for a day",
        f"{_DOMAIN}.guardianship.guardianship.Guardianship.takes_digits",
        _is_so,
        "ended_invitations_are_used",
        Forbidden.INVITATION_OVER,
        Families,
    ),
    Guard(
        "guardian and minor say the same",
        f"{_DOMAIN}.guardianship.guardianship.Guardianship.check_relation",
        _lets_through,
        "wrong_is_typed",
        Forbidden.RELATION_DIFFERS,
        Families,
    ),
    Guard(
        "nobody is a guardian by the own word",
        f"{_USE}.guardianship.confirm_ward.settle_answer",
        _believes_all,
        "authority_does_not_confirm",
        Forbidden.RELATION_UNPROVEN,
        Families,
    ),
    Guard(
        "two guardians are for staff to decide",
        f"{_USE}.guardianship.apply_for_child.settle_answer",
        _believes_the_newest,
        "second_guardian_claims",
        Forbidden.TAKEN_OVER,
        Families,
    ),
    Guard(
        "nobody decides whose guardian they are",
        f"{_USE}.guardianship.decide_relation.check_about_another",
        _lets_through,
        "staff_decide_about_themselves",
        Forbidden.DECIDED_OWN_RELATION,
        Families,
    ),
    Guard(
        "a ward is its guardian's",
        f"{_USE}.guardianship.care.care_of",
        _whoever_is_guardian,
        "stranger_acts",
        Forbidden.NOT_THEIRS,
        Families,
    ),
    Guard(
        "a guardian's own account is in use",
        f"{_USE}.guardianship.care.may_be_guardian",
        _is_so,
        "guardian_is_stopped",
        Forbidden.CARE_BY_STOPPED,
        Families,
    ),
    Guard(
        "a guardian acts for nobody of age",
        f"{_USE}.guardianship.care.check_under_age",
        _lets_through,
        "minor_is_eighteen",
        Forbidden.ACTED_FOR_ADULT,
        Families,
    ),
    Guard(
        "from 14 on people show their codes themselves",
        f"{_USE}.guardianship.show_code.band_of",
        _child,
        "child_is_fourteen",
        Forbidden.SHOWN_AT_14,
        Families,
    ),
    Guard(
        "whoever signs in ends the own account",
        f"{_USE}.deregistration.deregister_ward.find_kept_ward",
        find_ward,
        "guardian_ends_the_account_of_a_minor",
        Forbidden.ENDED_FOR_WARD,
        Families,
    ),
    Guard(
        "a guardian lifts a guardian's freeze alone",
        f"{_USE}.freezing.freeze_ward.release",
        _whatever_is_newest,
        "ward_is_stopped_by_others",
        Forbidden.FREED_BY_GUARDIAN,
        Families,
    ),
)

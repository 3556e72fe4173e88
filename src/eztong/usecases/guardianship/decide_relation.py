"""Decide, as an operator, a guardianship that the authority does not know or that two guardians claim."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from eztong.domain.errors import AgreementNotAccepted, HolderNotUsable, NotFound
from eztong.domain.feedback.ticket import parse_words
from eztong.domain.guardianship.guardianship import (
    DecidedBy,
    Guardianship,
    GuardianshipDecided,
    GuardianshipState,
)
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.usecases.guardianship.care import TABLE, check_vouches, may_be_guardian
from eztong.usecases.guardianship.settle_relation import confirm, refuse
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.vault import open_vault

_MAY_NOT: Final = "The guardian's account is stopped or limited, or its consent is not whole. Nothing was decided."


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRelation:
    """The decision, and the reason in words that the guardian reads."""

    guardianship_id: str
    holds: bool
    words: str = field(repr=False)


def decide_relation(act: Act, command: DecideRelation) -> Guardianship:
    """Confirm or refuse a declared guardianship; confirming ends another one of the ward.

    1. The operator has the role, and is neither ward nor guardian, nor the ward's guardian until now, nor another one
       who claims to be: whoever refuses a rival's claim decides about the own.
    2. It still waits; for a confirmation the guardian must be one who could declare now.
    3. The reason is kept sealed under the guardian's key; a commitment to it is attested; both are told.

    Raises:
        WordsMissing, WordsTooLong: the reason.
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: no such guardianship.
        GuardianshipDecided: it waits for no decision, or its guardian may not act any more.
    """
    words = parse_words(command.words)
    operator = check_operator(act, Permission.GUARDIANSHIPS_DECIDE, command.guardianship_id)
    declared = find_declared(act, command.guardianship_id)
    guardian = _account(act, declared.guardian_id)
    for one in (_account(act, declared.ward_id), guardian):
        check_about_another(operator, one, stored=act.uow)
    if command.holds:
        _check_may_act(act, guardian)
    vault = open_vault(guardian, keys=act.keys)
    sealed = vault.seal(declared.guardianship_id, words.encode(), entropy=act.entropy, table=TABLE)
    explained = replace(declared, sealed_words=sealed)
    if command.holds:
        return confirm(act, explained, DecidedBy.STAFF)
    return refuse(act, explained, DecidedBy.STAFF, words=words)


def _check_may_act(act: Act, guardian: Holder) -> None:
    """Ask of the guardian what declaring asks, as of now.

    Raises:
        GuardianshipDecided: it would not be taken now.
    """
    try:
        check_vouches(guardian, stored=act.uow)
    except (HolderNotUsable, AgreementNotAccepted):
        raise GuardianshipDecided(_MAY_NOT) from None
    if not may_be_guardian(guardian, keys=act.keys, now=act.now):
        raise GuardianshipDecided(_MAY_NOT)


def find_declared(act: Act, guardianship_id: str) -> Guardianship:
    """Return a guardianship that waits for a decision.

    Raises:
        NotFound: no such guardianship.
        GuardianshipDecided: it waits for none.
    """
    found = act.uow.guardianships.get(guardianship_id)
    if found is None:
        raise NotFound("There is no such guardianship.")
    if found.state is not GuardianshipState.DECLARED:
        raise GuardianshipDecided
    return found


def open_reason(of: Guardianship, guardian: Holder, *, keys: Keys) -> str:
    """Return the reason of staff, for the guardian; empty where there is none."""
    if of.sealed_words is None:
        return ""
    return open_vault(guardian, keys=keys).open(of.guardianship_id, of.sealed_words, table=TABLE).decode()


def _account(act: Act, holder_id: HolderId | None) -> Holder:
    found = None if holder_id is None else act.uow.holders.get(holder_id)
    if found is None:
        raise NotFound("An account of this guardianship is gone.")
    return found

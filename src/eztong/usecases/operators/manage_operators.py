"""Add operators, disable them, renew their secrets, link them to their accounts. Secrets come hashed: that is slow."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.identifiers import HolderId
from eztong.domain.operators.operator import (
    LastOfSystem,
    Operator,
    OperatorNameTaken,
    OperatorRole,
    OperatorState,
    RoleMissing,
    parse_operator_name,
)
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.desks.manage_staff import make_password
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOperator:
    """A new operator; the secret is shown once and stored hashed."""

    name: str
    roles: frozenset[OperatorRole]
    secret_hash: str = field(repr=False)


def make_operator_secret(*, entropy: Entropy) -> str:
    """Return a secret of some 79 bits that can be read from one screen and typed at another."""
    return make_password(entropy=entropy)


def add_operator(act: Act, command: AddOperator) -> Operator:
    """Add an operator.

    1. The first one of a service is added by whoever has its command line, and has the role system.
    2. Every other one is added by an operator of role system.
    3. The act is attested.

    Raises:
        OperatorNameInvalid, OperatorNameTaken: the name.
        InputInvalid: no role.
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
    """
    name = parse_operator_name(command.name)
    if not command.roles:
        raise InputInvalid("Give the operator at least one role.")
    adder = None
    if act.uow.operators.list():
        adder = check_operator(act, OperatorRole.SYSTEM).name
    elif OperatorRole.SYSTEM not in command.roles:
        raise RoleMissing("The first operator needs the role system: else nobody could add another.")
    operator = Operator(
        name=name,
        roles=command.roles,
        state=OperatorState.ACTIVE,
        secret_hash=command.secret_hash,
        created_at=act.now,
        added_by=adder,
    )
    if not act.uow.operators.add(operator):
        raise OperatorNameTaken
    facts = {"roles": " ".join(sorted(command.roles))}
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_ADDED, subject=name, facts=facts))
    return operator


def disable_operator(act: Act, name: str) -> Operator:
    """Disable an operator: no secret of theirs is taken any more; nothing that they did changes.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
        NotFound: no such operator.
        StateConflict: disabled before.
        LastOfSystem: no other active operator of role system would be left.
    """
    check_operator(act, OperatorRole.SYSTEM)
    operator = find_operator(name, stored=act.uow)
    others = [one for one in act.uow.operators.list() if one.is_active and one.name != operator.name]
    if not any(OperatorRole.SYSTEM in one.roles for one in others):
        raise LastOfSystem
    if not act.uow.operators.move(operator.name, OperatorState.DISABLED, seen=OperatorState.ACTIVE):
        raise StateConflict("This operator is disabled already.")
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_DISABLED, subject=operator.name))
    return find_operator(name, stored=act.uow)


def renew_secret(act: Act, name: str, *, secret_hash: str) -> Operator:
    """Give an operator a new secret: their own act, or one of an operator of role system. A lock ends with it.

    A disabled operator stays disabled.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not.
        NotFound: no such operator.
        StateConflict: another one renewed it at the same moment.
    """
    operator = find_operator(name, stored=act.uow)
    roles = OperatorRole if act.by.name == operator.name else (OperatorRole.SYSTEM,)
    check_operator(act, *roles)
    if not act.uow.operators.set_secret(operator.name, secret_hash, seen=operator.secret_hash):
        raise StateConflict("The secret was renewed at the same moment. Try again.")
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_SECRET_RENEWED, subject=operator.name))
    return find_operator(name, stored=act.uow)


def link_operator(act: Act, name: str, *, index: bytes) -> Operator:
    """Link an operator to the account that they hold, found by the blind index of its number.

    From then on the operator decides nothing about it, and no second operator of the same account counts as another.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
        NotFound: no such operator, or no account of this number.
        StateConflict: the link changed at the same moment.
    """
    check_operator(act, OperatorRole.SYSTEM)
    operator = find_operator(name, stored=act.uow)
    person = act.uow.holders.person(index)
    if person is None or person.holder_id is None:
        raise NotFound("Nobody with this number has an account here. Nothing was linked.")
    if not act.uow.operators.link(operator.name, HolderId(person.holder_id), seen=operator.holder_id):
        raise StateConflict("The link changed at the same moment. Try again.")
    linked = WhatWasDone(kind=ActKind.OPERATOR_LINKED, subject=operator.name, holder_id=person.holder_id)
    attest_act(act, linked)
    return find_operator(name, stored=act.uow)


def find_operator(name: str, *, stored: Repositories) -> Operator:
    """Return the operator.

    Raises:
        OperatorNameInvalid: it can be nobody's name.
        NotFound: no such operator.
    """
    operator = stored.operators.get(parse_operator_name(name))
    if operator is None:
        raise NotFound("There is no such operator.")
    return operator

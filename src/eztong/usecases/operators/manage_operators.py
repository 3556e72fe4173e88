"""Add operators, disable them, renew their secrets, link them to persons. Secrets come hashed: that is slow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.operator import (
    AboutOneself,
    LastOfSystem,
    Operator,
    OperatorNameTaken,
    OperatorRole,
    OperatorState,
    RoleMissing,
    RolesInvalid,
    SameOperator,
    parse_operator_name,
)
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.apart import ERASING, readable_of
from eztong.usecases.draw_password import make_password
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator, check_proven


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOperator:
    """A new operator; the secret is shown once, to whoever adds them, and stored hashed."""

    name: str
    roles: frozenset[OperatorRole]
    secret_hash: str = field(repr=False)


def make_operator_secret(*, entropy: Entropy) -> str:
    """Return a secret of some 79 bits that can be read from one screen and typed at another."""
    return make_password(entropy=entropy)


def add_operator(act: Act, command: AddOperator) -> Operator:
    """Add an operator.

    1. The first one of a service is added by whoever has its command line, and has the role system. Where there are
       some, and none of them can be read, nobody is the first.
    2. Every other one is added by an operator of role system.
    3. The act is attested.

    Raises:
        OperatorNameInvalid, OperatorNameTaken: the name.
        RolesInvalid: no role.
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
    """
    name = parse_operator_name(command.name)
    if not command.roles:
        raise RolesInvalid
    adder = None
    if not act.uow.operators.list().is_empty:
        adder = check_operator(act, Permission.OPERATORS_ADD, name)
    elif OperatorRole.SYSTEM not in command.roles:
        raise RoleMissing("The first operator needs the role system: else nobody could add another.")
    operator = Operator(
        name=name,
        roles=command.roles,
        state=OperatorState.ACTIVE,
        secret_hash=command.secret_hash,
        created_at=act.now,
        added_by=None if adder is None else adder.name,
        secret_known_to=frozenset() if adder is None else adder.hands(now=act.now) - {name},
        secret_at=act.now,
    )
    if not act.uow.operators.add(operator):
        raise OperatorNameTaken
    facts = {"roles": " ".join(sorted(command.roles))}
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_ADDED, subject=name, facts=facts))
    return operator


def disable_operator(act: Act, name: str) -> Operator:
    """Disable an operator: no secret of theirs is taken any more; nothing that they did changes.

    1. Another person does it: who vanished under one name would count as another under the next.
    2. From now on they are linked only to persons who have an account; when that is erased, to those no more.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
        SameOperator: it is one's own name, or another name of the same person.
        NotFound: no such operator.
        StateConflict: disabled before.
        LastOfSystem: no other active operator of role system would be left.
    """
    disabler = check_operator(act, Permission.OPERATORS_DISABLE, name)
    operator = find_operator(name, stored=act.uow)
    _check_not_last(act, operator)
    if disabler.name == operator.name or disabler.persons & operator.persons:
        raise SameOperator("Another operator of role system disables whoever leaves.")
    if not act.uow.operators.move(operator.name, OperatorState.DISABLED, seen=OperatorState.ACTIVE):
        raise StateConflict("This operator is disabled already.")
    act.uow.operator_sessions.end_all(operator.name, now=act.now)
    with_account = frozenset(index for index in operator.persons if act.uow.holders.person(index) is not None)
    kept = with_account | operator.marks
    if not act.uow.operators.link(replace(operator, persons=kept), seen=operator.persons):
        raise StateConflict("A link was added at the same moment. Try again.")
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_DISABLED, subject=operator.name))
    return find_operator(name, stored=act.uow)


def change_roles(act: Act, name: str, roles: frozenset[OperatorRole]) -> Operator:
    """Give an operator other roles; nobody gives themselves any. What they see changes with their next page.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
        SameOperator: it is one's own name, or another name of the same person.
        RolesInvalid: no role.
        NotFound: no such operator.
        LastOfSystem: nobody could manage operators any more.
        StateConflict: another one changed them at the same moment, or they are disabled.
    """
    changer = check_operator(act, Permission.OPERATORS_ROLES, name)
    operator = find_operator(name, stored=act.uow)
    if not roles:
        raise RolesInvalid
    # Nor by another name that they may act under.
    if operator.name in changer.hands(now=act.now) or changer.persons & operator.persons:
        raise SameOperator("Another operator of role system changes your roles, whose secret you do not know.")
    if not operator.is_active:
        raise StateConflict("This operator is disabled.")
    if OperatorRole.SYSTEM not in roles:
        _check_not_last(act, operator)
    if not act.uow.operators.set_roles(operator.name, roles, seen=operator.roles):
        raise StateConflict("The roles were changed at the same moment. Look again.")
    facts = {"before": " ".join(sorted(operator.roles)), "roles": " ".join(sorted(roles))}
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_ROLES_CHANGED, subject=operator.name, facts=facts))
    return find_operator(name, stored=act.uow)


def renew_secret(act: Act, name: str, *, secret_hash: str, staying: bytes | None = None) -> Operator:
    """Give an operator a new secret: their own act, or one of an operator of role system. A lock ends with it.

    A disabled operator stays disabled. Who gave the secret may know it, as may those through whose hands the giver's
    own went, until its operator renews it; they count as that operator for a day in any case. Every browser is signed
    out but that of the session ``staying``, in which its operator renews it. Passkeys and backup codes go with a
    secret that somebody else knew or gave: they may be theirs.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, ProofNeeded: whoever acts may not.
        NotFound: no such operator.
        StateConflict: another one renewed it at the same moment.
    """
    operator = find_operator(name, stored=act.uow)
    is_own = act.by.name == operator.name
    giver = check_operator(act, Permission.CONSOLE if is_own else Permission.OPERATORS_RENEW_SECRET, operator.name)
    if is_own:
        check_proven(act)
    renewed = operator.with_secret(secret_hash, giver=giver, now=act.now)
    if not act.uow.operators.set_secret(renewed, seen=operator.secret_hash):
        raise StateConflict("The secret was renewed at the same moment. Try again.")
    if operator.secret_known_to or not is_own:
        # Whoever knew the secret may have made one of these.
        act.uow.operator_passkeys.remove_all(operator.name, now=act.now)
        act.uow.operator_passkeys.set_codes(operator.name, [])
    for session in act.uow.operator_sessions.of_operator(operator.name):
        if not (is_own and session.session_hash == staying):
            act.uow.operator_sessions.end(session.session_hash, now=act.now)
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_SECRET_RENEWED, subject=operator.name))
    return find_operator(name, stored=act.uow)


def link_operator(act: Act, name: str, *, index: bytes) -> Operator:
    """Link an operator to the person that they are, by the blind index of the number: no account needs to be there.

    From then on the operator decides nothing about an account or application with this number, and no second operator
    of the same person counts as another. A link is never taken back: a wrong one keeps them from no more than that.
    The person's account, if there is one, is named in the attested act.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: nobody of role system acts.
        AboutOneself: nobody says by themselves who they are.
        NotFound: no such operator.
        StateConflict: another link was added at the same moment.
    """
    linker = check_operator(act, Permission.OPERATORS_LINK, name)
    operator = find_operator(name, stored=act.uow)
    if linker.name == operator.name:
        raise AboutOneself("Another operator of role system links you; nobody says by themselves who they are.")
    linked = replace(operator, persons=operator.persons | {index})
    if not act.uow.operators.link(linked, seen=operator.persons):
        raise StateConflict("The link changed at the same moment. Try again.")
    person = act.uow.holders.person(index)
    done = WhatWasDone(
        kind=ActKind.OPERATOR_LINKED,
        subject=operator.name,
        holder_id=None if person is None else person.holder_id,
    )
    attest_act(act, done)
    return find_operator(name, stored=act.uow)


def forget_person(act: Act, index: bytes) -> None:
    """Take a person who leaves the service out of the rows of disabled operators; whoever acts stays linked.

    A row that cannot be read is counted, and keeps no other.
    """
    for operator in readable_of(act, ERASING, act.uow.operators.list()):
        if not operator.is_active and index in operator.persons:
            act.uow.operators.link(replace(operator, persons=operator.persons - {index}), seen=operator.persons)


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


def _check_not_last(act: Act, operator: Operator) -> None:
    others = [one for one in act.uow.operators.list().those if one.is_active and one.name != operator.name]
    if not any(OperatorRole.SYSTEM in one.roles for one in others):
        raise LastOfSystem

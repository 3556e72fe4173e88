"""Prove an operator by name and secret. Wrong secrets are counted in the operator's row, and lock it for a while."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from eztong.domain.errors import StateConflict
from eztong.domain.operators.operator import Operator, OperatorRefused, parse_operator_name
from eztong.ports.act import OPERATOR, SYSTEM, Act, Acting
from eztong.ports.services import Services
from eztong.usecases.refusal import Refused, accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class ProveOperator:
    """Name and secret as they were given."""

    name: str
    secret: str = field(repr=False)


def prove_operator(command: ProveOperator, *, services: Services, by: Acting = OPERATOR) -> Acting:
    """Return who acts from now on.

    1. A locked operator's secret is not even compared.
    2. The secret is compared outside any unit of work; a name that nobody has costs as much.
    3. A wrong one is counted; the fifth locks the operator for fifteen minutes. The right one forgets the wrong ones.

    Raises:
        OperatorNameInvalid: it can be nobody's name.
        OperatorRefused: name and secret do not belong together, or the operator is disabled.
        OperatorLocked: too many wrong secrets lately.
        Busy: no turn to hash; nothing was counted.
    """
    name = parse_operator_name(command.name)
    with services.store.read() as stored:
        seen = stored.operators.get(name)
    if seen is not None:
        seen.check_may_try(now=services.clock.now())
    fits = services.staff_hasher.is_right(command.secret.strip(), None if seen is None else seen.secret_hash)
    if seen is None:
        raise OperatorRefused
    accepted(services.perform(SYSTEM, _judge, seen, fits=fits))
    return replace(by, name=name)


def _judge(act: Act, seen: Operator, *, fits: bool) -> Operator | Refused:
    operator = act.uow.operators.get(seen.name)
    if operator is None:
        raise OperatorRefused
    operator.check_may_try(now=act.now)
    # The hash that was compared must still be the operator's: a new secret in between wins.
    if not (fits and operator.secret_hash == seen.secret_hash and operator.is_active):
        _keep(act, operator.after_wrong_secret(now=act.now), expected=operator.wrong_tries)
        return Refused(OperatorRefused())
    if operator.wrong_tries or operator.locked_until is not None:
        _keep(act, replace(operator, wrong_tries=0, locked_until=None), expected=operator.wrong_tries)
    return operator


def _keep(act: Act, operator: Operator, *, expected: int) -> None:
    if not act.uow.operators.set_tries(operator, expected=expected):
        raise StateConflict("Another try was counted at the same moment. Try again.")

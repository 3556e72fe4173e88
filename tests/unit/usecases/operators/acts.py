"""Operators of a test: added as rows, and acting by name."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.events import Actor
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.ports.act import Acting
from eztong.usecases.operators.sign_in_operator import factor_place
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import Stage

SECRET = "abcd-efgh-jkmn-pqrs"
SALT = b"salt"
KEY = b"k" * 20
"""Of the authenticator app."""


def operator(
    stage: Stage, name: str = "li.na", *roles: OperatorRole, person: bytes | None = None, active: bool = True
) -> Acting:
    """Let there be an operator, with every role unless some are named, and return who acts as them."""
    made = Operator(
        name=name,
        roles=frozenset(roles or OperatorRole),
        state=OperatorState.ACTIVE if active else OperatorState.DISABLED,
        secret_hash=stage.hasher.make_hash(SECRET, salt=SALT),
        created_at=START,
        persons=frozenset() if person is None else frozenset({person}),
    )
    stage.write(lambda uow: uow.operators.add(made))
    return Acting(Actor.OPERATOR, name)


def stored(stage: Stage, name: str = "li.na") -> Operator:
    """Return the operator as it is stored now."""
    found = stage.read(lambda repositories: repositories.operators.get(name))
    assert found is not None
    return found


def with_tries(stage: Stage, name: str, tries: int) -> None:
    """Let somebody have tried wrong secrets."""
    changed = replace(stored(stage, name), wrong_tries=tries)
    stage.write(lambda uow: uow.operators.set_tries(changed, expected=stored(stage, name).wrong_tries))


def with_second_factor(stage: Stage, name: str) -> None:
    """Let an operator have an authenticator app."""
    sealed = stage.keys.seal(KEY, nonce=b"n" * 12, place=factor_place(name))
    seen = stored(stage, name)
    stage.write(lambda uow: uow.operators.set_up(replace(seen, second_factor=sealed), seen=seen.secret_hash))

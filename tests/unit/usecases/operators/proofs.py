"""Signed-in operators of a test, and what they prove themselves with."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.events import Actor
from eztong.domain.operators.audit import AuditDoor
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.operators.passkey import OperatorPasskey
from eztong.ports.act import Acting
from eztong.usecases.operators.keep_passkeys import add_passkey, offer_passkey
from eztong.usecases.operators.passkey_challenge import PasskeyGiven
from eztong.usecases.operators.prove_again import offer_proof, prove_by_passkey
from eztong.usecases.operators.sign_in_operator import begin_session
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.operators.acts import operator, stored, with_second_factor
from tests.unit.usecases.stage import Stage

NETWORK = "203.0.113.0"


def at_console(stage: Stage, name: str = "li.na", *roles: OperatorRole, token: str = "") -> Acting:
    """Let there be an operator with an app, signed in by a browser just now; return who acts there."""
    operator(stage, name, *roles)
    with_second_factor(stage, name)
    by = Acting(Actor.OPERATOR, name, AuditDoor.CONSOLE, f"request of {name}")
    session = stage.act(begin_session, stored(stage, name), token or f"token of {name}", by=by)
    return replace(by, session=session.session_hash)


def given(by: Acting, purpose: PasskeyPurpose, response: str) -> PasskeyGiven:
    return PasskeyGiven(session=by.session, purpose=purpose, response=response)


def with_passkey(stage: Stage, by: Acting, authenticator: Authenticator, label: str = "blue key") -> OperatorPasskey:
    """Let the operator who acts make a passkey."""
    options = offer_passkey(by=by, services=stage.services)
    answer = given(by, PasskeyPurpose.OPERATOR_REGISTER, authenticator.make(options))
    return add_passkey(answer, label, by=by, services=stage.services)


def prove(stage: Stage, by: Acting, authenticator: Authenticator) -> None:
    """Let whoever acts prove a second factor by this authenticator."""
    options = offer_proof(by=by, services=stage.services)
    answer = given(by, PasskeyPurpose.OPERATOR_PROOF, authenticator.use(options))
    prove_by_passkey(answer, by=by, services=stage.services)

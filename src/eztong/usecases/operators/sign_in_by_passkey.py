"""Operators sign in by passkey: nothing typed, and the authenticator knows who holds it."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.operator import OperatorRefused
from eztong.domain.operators.session import OperatorSession
from eztong.ports.act import Act, Acting
from eztong.ports.services import Services
from eztong.usecases.operators.console_tries import SIGNED_IN
from eztong.usecases.operators.note_audit import note_not_done
from eztong.usecases.operators.passkey_challenge import (
    PasskeyGiven,
    PasskeyShown,
    check_shown,
    new_challenge,
    note_shown,
)
from eztong.usecases.operators.sign_in_operator import begin_session
from eztong.usecases.refusal import Refused, accepted


def offer_sign_in(browser: bytes, *, by: Acting, services: Services) -> str:
    """Return what the authenticator is asked: any passkey of this site, since nobody has said who they are."""
    challenge = services.perform(by, new_challenge, browser, PasskeyPurpose.OPERATOR_SIGN_IN)
    return services.console_passkeys.request_options(challenge=challenge, allowed=[])


def sign_in_by_passkey(given: PasskeyGiven, token: str, *, by: Acting, services: Services) -> OperatorSession:
    """Begin a session of the operator whose passkey answered; it counts as proven.

    Raises:
        PasskeyRefused: the answer does not hold, or nobody's passkey answered.
        OperatorRefused: the operator is disabled; that stands in the audit.
    """
    shown = check_shown(given, SIGNED_IN, by=by, services=services)
    acting = replace(by, name=shown.passkey.operator)
    return accepted(services.perform(acting, _begin, shown, token))


def _begin(act: Act, shown: PasskeyShown, token: str) -> OperatorSession | Refused:
    note_shown(act, shown)
    operator = act.uow.operators.get(act.by.name)
    if operator is None or not operator.is_active:
        note_not_done(act, AuditStep.REFUSED, SIGNED_IN, subject="", error=OperatorRefused.code)
        return Refused(OperatorRefused())
    return begin_session(act, operator, token)

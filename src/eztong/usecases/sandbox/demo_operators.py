"""The sandbox's own operators, who are nobody: their settings, and a session for a test (sandbox only)."""

from __future__ import annotations

from typing import Final

from eztong.domain.errors import NotFound
from eztong.domain.operators.session import OperatorSession
from eztong.ports.act import Act
from eztong.usecases.operators.sign_in_operator import begin_session

DEMO_OPERATORS: Final = ("demo-li", "demo-wang")
"""Names that say what they are. Each has every role, so that everything can be tried out."""

OPERATOR_SECRET_SETTING: Final = "sandbox_operator_secret"  # noqa: S105 - the setting's name
OPERATOR_APP_SETTING: Final = "sandbox_operator_app"
"""The setting that keeps the key of an authenticator app, in hex; the demo operators have the same."""


def sign_in_operator_as(act: Act, token: str) -> OperatorSession:
    """Begin a session of the operator who acts, without secret and code: in a sandbox everybody is invented.

    Raises:
        NotFound: there is no such operator who may act.
    """
    operator = act.uow.operators.get(act.by.name)
    if operator is None or not operator.is_active:
        raise NotFound("There is no such operator.")
    return begin_session(act, operator, token)

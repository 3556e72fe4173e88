"""The sandbox's own operators, who are nobody: their settings, and a session for a test (sandbox only)."""

from __future__ import annotations

from typing import Final

from eztong.domain.errors import NotFound
from eztong.domain.operators.session import OperatorSession
from eztong.ports.act import SYSTEM, Act
from eztong.ports.services import Services
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.sign_in_operator import begin_session

DEMO_OPERATORS: Final = ("demo-li", "demo-wang")
"""Names that say what they are. Each has every role, so that everything can be tried out."""

OPERATOR_SECRET_SETTING: Final = "sandbox_operator_secret"  # noqa: S105 - the setting's name
OPERATOR_APP_SETTING: Final = "sandbox_operator_app"
"""The setting that keeps the key of an authenticator app, in hex; the demo operators have the same."""


def demo_secret(name: str, *, stored: Repositories) -> str | None:
    """Return the secret of a demo operator: the one that they were given last, or the one that all began with."""
    return stored.settings.get(f"{OPERATOR_SECRET_SETTING}.{name}") or stored.settings.get(OPERATOR_SECRET_SETTING)


def demo_app(name: str, *, stored: Repositories) -> bytes | None:
    """Return the key of a demo operator's authenticator app: the one set up last, or the one that all began with."""
    own = stored.settings.get(f"{OPERATOR_APP_SETTING}.{name}") or stored.settings.get(OPERATOR_APP_SETTING)
    return None if own is None else bytes.fromhex(own)


def keep_demo_access(name: str, *, secret: str, app: str = "", services: Services) -> None:
    """Keep what a demo operator of a sandbox was given, so that they go on to be tried out by one button.

    Of anybody else, and in live mode, nothing is ever kept. ``app`` is the key of an authenticator app in hex, if there
    is a new one.
    """
    if services.deployment.is_sandbox and name in DEMO_OPERATORS:
        services.perform(SYSTEM, _keep, name, secret=secret, app=app)


def _keep(act: Act, name: str, *, secret: str, app: str) -> None:
    act.uow.settings.set(f"{OPERATOR_SECRET_SETTING}.{name}", secret)
    if app:
        act.uow.settings.set(f"{OPERATOR_APP_SETTING}.{name}", app)


def sign_in_operator_as(act: Act, token: str) -> OperatorSession:
    """Begin a session of the operator who acts, without secret and code: in a sandbox everybody is invented.

    Raises:
        NotFound: there is no such operator who may act.
    """
    operator = act.uow.operators.get(act.by.name)
    if operator is None or not operator.is_active:
        raise NotFound("There is no such operator.")
    return begin_session(act, operator, token)

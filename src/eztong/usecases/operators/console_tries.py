"""Wrong tries at the open pages of console and partner portal, counted by name and network.

A stranger locks out nobody but whoever comes from the stranger's own network, and a name that nobody has is counted
and refused as any other. Whoever knows the secret, or holds a session, is no stranger: their wrong codes are counted by
the name alone, since a million codes are soon tried from many networks. The command line counts in the operator's row:
whoever stands there has the server anyway.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from eztong.domain.budget import Budget
from eztong.domain.errors import EztongError
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.operator import LOCK_TIME, WRONG_TRIES, OperatorLocked
from eztong.ports.act import Act
from eztong.ports.keys import Keys
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.operators.note_audit import note_not_done, roles_of
from eztong.usecases.refusal import Refused
from eztong.usecases.spend_budget import count, spent

TRIES: Final = Budget("console_tries", WRONG_TRIES, LOCK_TIME)
CODE_TRIES: Final = Budget("console_code_tries", 10, timedelta(hours=1))
"""Of codes, by whoever got as far as to be asked for one: one in 1,400 a day finds a code that the app shows."""

SIGNED_IN: Final = "sign_in"
"""What the audit calls a sign-in; it is no permission, since nobody is known before it."""

PROVEN: Final = "prove"
"""What the audit calls a second factor that was proven again, or was not."""


def check_may_try(name: str, network: str, *, stored: Repositories, keys: Keys, now: datetime) -> None:
    """Refuse a try after five wrong ones with this name from this network.

    Raises:
        OperatorLocked: with the seconds to wait.
    """
    if spent(TRIES, *_subject(name, network), stored=stored, keys=keys, now=now) >= TRIES.amount:
        raise OperatorLocked(retry_after=int(LOCK_TIME.total_seconds()))


def refuse_try(act: Act, network: str, refusal: EztongError, *, what: str = SIGNED_IN) -> Refused:
    """Count a wrong try with the name that acts, and put it on record where somebody has that name.

    What a stranger types as a name may be anything, so it is kept nowhere.
    """
    count(act, TRIES, *_subject(act.by.name, network))
    if roles_of(act):
        note_not_done(act, AuditStep.REFUSED, what, subject="", error=refusal.code)
    return Refused(refusal)


def check_may_try_code(name: str, *, stored: Repositories, keys: Keys, now: datetime) -> None:
    """Refuse a code after ten wrong ones of this name, from whatever networks; passkeys are not asked for it.

    Raises:
        OperatorLocked: with the seconds to wait.
    """
    if spent(CODE_TRIES, name.encode(), stored=stored, keys=keys, now=now) >= CODE_TRIES.amount:
        raise OperatorLocked(retry_after=int(CODE_TRIES.window.total_seconds()))


def refuse_code(act: Act, network: str, refusal: EztongError, *, what: str = SIGNED_IN) -> Refused:
    """Count a wrong code of somebody who knows the secret, or holds a session, beside the wrong try that it is."""
    count(act, CODE_TRIES, act.by.name.encode())
    return refuse_try(act, network, refusal, what=what)


def _subject(name: str, network: str) -> tuple[bytes, bytes]:
    return name.encode(), network.encode()

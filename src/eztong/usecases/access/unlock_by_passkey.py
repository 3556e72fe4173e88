"""Unlock a session by one of the account's passkeys (clauses 2.2, 2.6)."""

from __future__ import annotations

from eztong.domain.access.passkey import PasskeyRefused
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.access.challenge_passkey import CheckedPasskey, PasskeyAnswer, check_passkey, take_passkey
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.access.unlock import begin_unlock


def unlock_by_passkey(answer: PasskeyAnswer, *, services: Services) -> None:
    """Unlock the session if the answer holds and the passkey is this account's.

    Raises:
        PasskeyRefused: it does not hold, belongs to another account, or was removed meanwhile.
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not unlock the account; nothing was verified.
    """
    with services.store.read() as stored:
        find_bound(answer.session_hash, stored=stored, now=services.clock.now())
    checked = check_passkey(answer, services=services)
    services.perform(HOLDER, _unlock, answer.session_hash, checked)


def _unlock(act: Act, session_hash: bytes, checked: CheckedPasskey) -> None:
    signed_in = find_bound(session_hash, stored=act.uow, now=act.now)
    if take_passkey(act, checked).holder_id != signed_in.holder.holder_id:
        raise PasskeyRefused
    begin_unlock(act, signed_in.session)

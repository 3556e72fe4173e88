"""Unlock a session by one of the account's passkeys (clauses 2.2, 2.6)."""

from __future__ import annotations

from eztong.domain.access.passkey import PasskeyRefused
from eztong.ports.services import Services
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.challenge_passkey import PasskeyAnswer, check_passkey
from eztong.usecases.access.find_session import find_session, require_device
from eztong.usecases.access.unlock import begin_unlock


def unlock_by_passkey(answer: PasskeyAnswer, *, services: Services) -> None:
    """Unlock the session if the answer holds and the passkey is this account's.

    Raises:
        PasskeyRefused: it does not hold, or belongs to another account.
        SessionMissing, DeviceNotBound: this browser may not unlock the account.
    """
    passkey = check_passkey(answer, services=services)

    def job(uow: UnitOfWork) -> None:
        now = services.clock.now()
        signed_in = find_session(answer.session_hash, stored=uow, now=now)
        require_device(signed_in, stored=uow)
        if passkey.holder_id != signed_in.holder.holder_id:
            raise PasskeyRefused
        begin_unlock(signed_in.session, uow=uow, now=now)

    services.store.write(job)

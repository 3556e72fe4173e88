"""Add a passkey to an account, and unlock the session by that (clause 2.6)."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.access.passkey import LABEL_CHARACTERS, MAX_PASSKEYS, Passkey, PasskeyLimit
from eztong.domain.events import EventKind
from eztong.ports.passkeys import MadePasskey
from eztong.ports.services import Services
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.challenge_passkey import PasskeyAnswer, take_challenge
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.set_pin import check_may_set
from eztong.usecases.access.unlock import begin_unlock
from eztong.usecases.note_event import note_event


def add_passkey(answer: PasskeyAnswer, *, label: str, services: Services) -> None:
    """Verify what the authenticator made, and keep its public key.

    Raises:
        PasskeyRefused: the answer does not hold.
        SessionMissing, HolderNotUsable, Locked, PasskeyLimit: this session may not add one.
    """
    challenge = services.passkeys.unverified_challenge(answer.response)
    take_challenge(challenge, answer, services=services)
    made = services.passkeys.check_registration(answer.response, challenge=challenge)

    def job(uow: UnitOfWork) -> None:
        _store(answer, made, label, uow=uow, services=services, now=services.clock.now())

    services.store.write(job)


def _store(
    answer: PasskeyAnswer, made: MadePasskey, label: str, *, uow: UnitOfWork, services: Services, now: datetime
) -> None:
    signed_in = find_session(answer.session_hash, stored=uow, now=now)
    device = check_may_set(signed_in, stored=uow, now=now)
    holder_id = signed_in.holder.holder_id
    if len(uow.passkeys.list(holder_id)) >= MAX_PASSKEYS:
        raise PasskeyLimit
    uow.passkeys.add(
        Passkey(
            credential_id=made.credential_id,
            holder_id=holder_id,
            device_id=device.device_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            label=label[:LABEL_CHARACTERS],
            created_at=now,
        )
    )
    note_event(holder_id, EventKind.PASSKEY_ADDED, uow=uow, entropy=services.entropy, now=now)
    begin_unlock(signed_in.session, uow=uow, now=now)

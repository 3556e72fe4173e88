"""Add a passkey to an account, and unlock the session by that (clause 2.6)."""

from __future__ import annotations

from eztong.domain.access.passkey import LABEL_CHARACTERS, MAX_PASSKEYS, Passkey, PasskeyLimit
from eztong.domain.events import EventKind
from eztong.domain.notices import Topic
from eztong.ports.act import HOLDER, Act
from eztong.ports.passkeys import MadePasskey
from eztong.ports.services import Services
from eztong.usecases.access.challenge_passkey import PasskeyAnswer, take_challenge
from eztong.usecases.access.find_session import find_session
from eztong.usecases.access.set_pin import check_may_set
from eztong.usecases.access.unlock import begin_unlock
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder


def add_passkey(answer: PasskeyAnswer, *, label: str, services: Services) -> None:
    """Verify what the authenticator made, keep its public key, and tell the holder.

    Whether the session may add one is asked before anything is verified, and again where it is kept.

    Raises:
        SessionMissing, HolderNotUsable, Locked, PasskeyLimit: this session may not add one.
        PasskeyRefused: the answer does not hold.
    """
    with services.store.read() as stored:
        now = services.clock.now()
        check_may_set(find_session(answer.session_hash, stored=stored, now=now), stored=stored, now=now)
    challenge = services.passkeys.unverified_challenge(answer.response)
    take_challenge(challenge, answer, services=services)
    made = services.passkeys.check_registration(answer.response, challenge=challenge)
    services.perform(HOLDER, _store, answer, made, label)


def _store(act: Act, answer: PasskeyAnswer, made: MadePasskey, label: str) -> None:
    signed_in = find_session(answer.session_hash, stored=act.uow, now=act.now)
    device = check_may_set(signed_in, stored=act.uow, now=act.now)
    holder_id = signed_in.holder.holder_id
    if len(act.uow.passkeys.list(holder_id)) >= MAX_PASSKEYS:
        raise PasskeyLimit
    act.uow.passkeys.add(
        Passkey(
            credential_id=made.credential_id,
            holder_id=holder_id,
            device_id=device.device_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            label=label[:LABEL_CHARACTERS],
            created_at=act.now,
        )
    )
    note_event(act, holder_id, EventKind.PASSKEY_ADDED)
    tell_holder(act, signed_in.holder, Topic.PASSKEY_ADDED, {})
    begin_unlock(act, signed_in.session)

"""Give a browser a challenge for its authenticator, and take the answer once (clause 2.6)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.access.passkey import (
    CHALLENGE_BYTES,
    CHALLENGE_LIFE,
    MAX_PASSKEYS,
    Passkey,
    PasskeyLimit,
    PasskeyPurpose,
    PasskeyRefused,
    check_count,
)
from eztong.domain.events import EventKind
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.identity.masking import mask_name
from eztong.ports.act import HOLDER, Act
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Services
from eztong.usecases.access.find_session import find_bound, find_session
from eztong.usecases.access.set_pin import check_may_set
from eztong.usecases.note_event import note_event
from eztong.usecases.vault import open_vault


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyAnswer:
    """What a browser sent back: the authenticator's answer as JSON, from this session, for this purpose."""

    session_hash: bytes
    purpose: PasskeyPurpose
    response: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPasskey:
    """A passkey whose answer held, the counter that came with it, and its account as it stood."""

    passkey: Passkey
    sign_count: int
    holder: Holder


def offer_new_passkey(session_hash: bytes, *, services: Services) -> str:
    """Return what the browser's authenticator is asked in order to make a passkey.

    Raises:
        SessionMissing, HolderNotUsable, Locked: this session may not add one.
        PasskeyLimit: the account has as many as it may.
    """
    now = services.clock.now()
    with services.store.read() as stored:
        signed_in = find_session(session_hash, stored=stored, now=now)
        check_may_set(signed_in, stored=stored, now=now)
        known = [passkey.credential_id for passkey in stored.passkeys.list(signed_in.holder.holder_id)]
    if len(known) >= MAX_PASSKEYS:
        raise PasskeyLimit
    return services.passkeys.creation_options(
        challenge=_new_challenge(
            session_hash, PasskeyPurpose.REGISTER, holder_id=signed_in.holder.holder_id, services=services
        ),
        user_handle=_user_handle(signed_in.holder.holder_id, keys=services.keys),
        user_name=_user_name(signed_in.holder, keys=services.keys),
        known=known,
    )


def offer_unlock(session_hash: bytes, *, services: Services) -> str:
    """Return what the authenticator is asked in order to unlock; only the account's own passkeys will do.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not unlock the account.
    """
    with services.store.read() as stored:
        signed_in = find_bound(session_hash, stored=stored, now=services.clock.now())
        allowed = [passkey.credential_id for passkey in stored.passkeys.list(signed_in.holder.holder_id)]
    challenge = _new_challenge(
        session_hash, PasskeyPurpose.UNLOCK, holder_id=signed_in.holder.holder_id, services=services
    )
    return services.passkeys.request_options(challenge=challenge, allowed=allowed)


def offer_sign_in(session_hash: bytes, *, services: Services) -> str:
    """Return what the authenticator is asked in order to sign in: any passkey of this site, nothing typed."""
    return _offer_anybody(session_hash, PasskeyPurpose.SIGN_IN, services=services)


def offer_recovery(session_hash: bytes, *, services: Services) -> str:
    """Return what the authenticator is asked in order to recover an account: any passkey of this site.

    Which account was claimed is not looked at: a list of its passkeys would tell a stranger that it exists.
    """
    return _offer_anybody(session_hash, PasskeyPurpose.RECOVER, services=services)


def offer_freeze(session_hash: bytes, *, services: Services) -> str:
    """Return what the authenticator is asked in order to freeze an account: any passkey of this site, nothing typed."""
    return _offer_anybody(session_hash, PasskeyPurpose.FREEZE, services=services)


def check_passkey(answer: PasskeyAnswer, *, services: Services) -> CheckedPasskey:
    """Verify an assertion; return what :func:`take_passkey` takes in the act that it opens.

    1. The challenge is used up, for this session and purpose only.
    2. The signature is verified, outside any unit of work.
    3. A counter that went back is refused and written down.

    Raises:
        PasskeyRefused: it does not hold.
    """
    used = services.passkeys.unverified_use(answer.response)
    take_challenge(used.challenge, answer, services=services)
    with services.store.read() as stored:
        passkey = stored.passkeys.get(used.credential_id)
        holder = None if passkey is None else stored.holders.get(passkey.holder_id)
    if passkey is None or holder is None:
        raise PasskeyRefused
    count = services.passkeys.check_assertion(answer.response, challenge=used.challenge, public_key=passkey.public_key)
    try:
        check_count(passkey.sign_count, count)
    except PasskeyRefused:
        services.perform(HOLDER, _note_clone, passkey)
        raise
    return CheckedPasskey(passkey=passkey, sign_count=count, holder=holder)


def take_passkey(act: Act, checked: CheckedPasskey) -> Passkey:
    """Return the passkey as it is now, with its counter moved on by one conditional UPDATE.

    Raises:
        PasskeyRefused: it was removed or replaced since it was checked, or two answers came at once.
    """
    passkey = act.uow.passkeys.get(checked.passkey.credential_id)
    if passkey is None or _identity(passkey) != _identity(checked.passkey):
        raise PasskeyRefused
    if not act.uow.passkeys.note_use(checked.passkey, sign_count=checked.sign_count, now=act.now):
        raise PasskeyRefused
    return passkey


def take_challenge(challenge: bytes, answer: PasskeyAnswer, *, services: Services) -> None:
    """Use a challenge up.

    Raises:
        PasskeyRefused: not given to this session for this purpose and account, too old, used before, or replaced.
    """
    if not services.perform(HOLDER, _use, challenge, answer):
        raise PasskeyRefused


def _offer_anybody(session_hash: bytes, purpose: PasskeyPurpose, *, services: Services) -> str:
    challenge = _new_challenge(session_hash, purpose, services=services)
    return services.passkeys.request_options(challenge=challenge, allowed=[])


def _new_challenge(
    session_hash: bytes, purpose: PasskeyPurpose, *, services: Services, holder_id: HolderId | None = None
) -> bytes:
    return services.perform(HOLDER, _add_challenge, session_hash, purpose, holder_id)


def _add_challenge(act: Act, session_hash: bytes, purpose: PasskeyPurpose, holder_id: HolderId | None) -> bytes:
    challenge = act.entropy.token(CHALLENGE_BYTES)
    act.uow.passkeys.add_challenge(
        _hash(challenge, keys=act.keys), session_hash=session_hash, purpose=purpose, holder_id=holder_id, now=act.now
    )
    return challenge


def _use(act: Act, challenge: bytes, answer: PasskeyAnswer) -> bool:
    session = act.uow.sessions.get(answer.session_hash)
    return act.uow.passkeys.use_challenge(
        _hash(challenge, keys=act.keys),
        session_hash=answer.session_hash,
        purpose=answer.purpose,
        holder_id=None if session is None else session.holder_id,
        since=act.now - CHALLENGE_LIFE,
        now=act.now,
    )


def _identity(passkey: Passkey) -> tuple[HolderId, bytes]:
    return passkey.holder_id, passkey.public_key


def _note_clone(act: Act, passkey: Passkey) -> None:
    note_event(act, passkey.holder_id, EventKind.PASSKEY_CLONED)


def _hash(challenge: bytes, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.SESSION, b"passkey\x00" + challenge)


def _user_handle(holder_id: HolderId, *, keys: Keys) -> bytes:
    # The same for each passkey of an account, so that a device replaces its own; and no id of ours leaves.
    return keys.mac(MacPurpose.LOOKUP, b"passkey_user\x00" + holder_id.encode())


def _user_name(holder: Holder, *, keys: Keys) -> str:
    if holder.sealed_name is None:
        return ""
    return mask_name(open_vault(holder, keys=keys).open("sealed_name", holder.sealed_name).decode())

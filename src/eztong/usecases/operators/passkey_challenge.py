"""Ask an operator's authenticator, take its answer once, and find out whose passkey it was."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.access.passkey import (
    CHALLENGE_BYTES,
    CHALLENGE_LIFE,
    PasskeyCloned,
    PasskeyPurpose,
    PasskeyRefused,
    check_count,
)
from eztong.domain.operators.audit import AuditStep
from eztong.domain.operators.passkey import OperatorPasskey
from eztong.ports.act import Act, Acting
from eztong.ports.keys import Keys, MacPurpose
from eztong.ports.services import Services
from eztong.usecases.operators.note_audit import note_not_done

_CHALLENGE = b"operator-passkey\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyGiven:
    """What a browser sent back: the authenticator's answer as JSON, from this session, for this purpose."""

    session: bytes = field(repr=False)
    """The look-up hash of the browser's session, signed in or not."""

    purpose: PasskeyPurpose
    response: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyShown:
    """A passkey whose answer held, and the counter that came with it."""

    passkey: OperatorPasskey
    sign_count: int


def new_challenge(act: Act, session: bytes, purpose: PasskeyPurpose) -> bytes:
    """Store a challenge for the browser of this session; it ends the one before for the same purpose."""
    challenge = act.entropy.token(CHALLENGE_BYTES)
    hashed = _hash(challenge, keys=act.keys)
    act.uow.passkeys.add_challenge(hashed, session_hash=session, purpose=purpose, holder_id=None, now=act.now)
    return challenge


def take_challenge(act: Act, challenge: bytes, given: PasskeyGiven) -> bool:
    """Use a challenge up; return whether it was given to this session for this purpose, lately, and not used."""
    return act.uow.passkeys.use_challenge(
        _hash(challenge, keys=act.keys),
        session_hash=given.session,
        purpose=given.purpose,
        holder_id=None,
        since=act.now - CHALLENGE_LIFE,
        now=act.now,
    )


def check_shown(given: PasskeyGiven, what: str, *, by: Acting, services: Services) -> PasskeyShown:
    """Verify an assertion, outside any unit of work; whose passkey it is, and may be, is for the act to judge.

    Raises:
        PasskeyRefused: it does not hold, nobody's passkey answered, or a removed one.
        PasskeyCloned: its counter went back; that stands in the audit under ``what``.
    """
    used = services.console_passkeys.unverified_use(given.response)
    if not services.perform(by, take_challenge, used.challenge, given):
        raise PasskeyRefused
    with services.store.read() as stored:
        passkey = stored.operator_passkeys.get(used.credential_id)
    if passkey is None or passkey.removed_at is not None:
        raise PasskeyRefused
    count = services.console_passkeys.check_assertion(
        given.response, challenge=used.challenge, public_key=passkey.public_key
    )
    try:
        check_count(passkey.sign_count, count)
    except PasskeyCloned as error:
        services.perform(by, note_not_done, AuditStep.REFUSED, what, subject=passkey.passkey_id, error=error.code)
        raise
    return PasskeyShown(passkey=passkey, sign_count=count)


def note_shown(act: Act, shown: PasskeyShown) -> None:
    """Move the passkey's counter on.

    Raises:
        PasskeyRefused: it was removed since it was checked, or two answers came at once.
    """
    if not act.uow.operator_passkeys.note_use(shown.passkey, sign_count=shown.sign_count, now=act.now):
        raise PasskeyRefused


def _hash(challenge: bytes, *, keys: Keys) -> bytes:
    return keys.mac(MacPurpose.SESSION, _CHALLENGE + challenge)

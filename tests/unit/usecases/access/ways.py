"""Message codes, PINs and passkeys as people on the stage use them."""

from __future__ import annotations

from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.access.passkey import Passkey, PasskeyPurpose
from eztong.domain.access.pin import Pin
from eztong.domain.identity.phone import parse_phone
from eztong.domain.notices import Topic
from eztong.ports.storage.access.sessions import Session
from eztong.usecases.access.add_passkey import add_passkey
from eztong.usecases.access.ask_for_account import AskForAccount, ask_for_account
from eztong.usecases.access.challenge_passkey import (
    PasskeyAnswer,
    offer_freeze,
    offer_new_passkey,
    offer_recovery,
    offer_sign_in,
    offer_unlock,
)
from eztong.usecases.access.message_code import Asker, TypedCode, find_open_code
from eztong.usecases.access.open_session import Opening
from eztong.usecases.access.set_pin import SetPin, set_pin
from eztong.usecases.access.sign_in import AskToSignIn, ask_to_sign_in
from eztong.usecases.notices.send_message import open_message
from tests.unit.usecases.fake_passkeys import Authenticator
from tests.unit.usecases.stage import LI, Person, Stage, asker

PIN = "135790"
NEW = b"a new browser"
FRESH = b"the fresh session"
OPENING = Opening(session_hash=NEW, fresh_hash=FRESH, device_label="Chrome on Android")

_OFFERS = {
    PasskeyPurpose.REGISTER: offer_new_passkey,
    PasskeyPurpose.UNLOCK: offer_unlock,
    PasskeyPurpose.SIGN_IN: offer_sign_in,
    PasskeyPurpose.RECOVER: offer_recovery,
    PasskeyPurpose.FREEZE: offer_freeze,
}


def give_pin(stage: Stage, person: Person = LI, pin: str = PIN) -> None:
    """Set the person's PIN."""
    set_pin(SetPin(session_hash=person.session, pin=pin, again=pin), services=stage.services)


def pin_of(stage: Stage, person: Person = LI) -> Pin:
    """Return the person's PIN as it is stored now."""
    found = stage.read(lambda stored: stored.pins.get(stage.holder_id(person)))
    assert found is not None
    return found


def give_passkey(
    stage: Stage, person: Person = LI, authenticator: Authenticator | None = None, label: str = "Phone"
) -> Authenticator:
    """Make a passkey of the person with an authenticator."""
    made = authenticator or Authenticator()
    options = offer_new_passkey(person.session, services=stage.services)
    add_passkey(
        PasskeyAnswer(session_hash=person.session, purpose=PasskeyPurpose.REGISTER, response=made.make(options)),
        label=label,
        services=stage.services,
    )
    return made


def passkeys_of(stage: Stage, person: Person = LI) -> list[Passkey]:
    """Return the person's passkeys."""
    return list(stage.read(lambda stored: stored.passkeys.list(stage.holder_id(person))))


def by_passkey(
    stage: Stage, purpose: PasskeyPurpose, authenticator: Authenticator, session: bytes = NEW
) -> PasskeyAnswer:
    """Return the authenticator's answer to what the service offers this browser for a purpose."""
    options = _OFFERS[purpose](session, services=stage.services)
    return PasskeyAnswer(session_hash=session, purpose=purpose, response=authenticator.use(options))


def open_code(stage: Stage, purpose: OtpPurpose, session: bytes = NEW) -> OtpChallenge:
    """Return the message code that this browser may type."""
    found = stage.read(lambda stored: find_open_code(session, purpose, stored=stored, now=stage.clock.now()))
    assert found is not None
    return found


def newest_digits(stage: Stage) -> str:
    """Return the digits of the newest message that waits."""
    newest = max((entry for entry in stage.queued() if entry.topic == Topic.OTP), key=lambda entry: entry.job_id)
    return open_message(newest, keys=stage.keys).params["otp"]


def typed(stage: Stage, purpose: OtpPurpose, *, session: bytes = NEW, digits: str | None = None) -> TypedCode:
    """Return the code that came, typed into this browser; or other digits."""
    slip = open_code(stage, purpose, session).challenge_id
    return TypedCode(session_hash=session, slip=slip, digits=digits or newest_digits(stage))


def wrong(digits: str) -> str:
    """Return other digits, as many."""
    return f"{(int(digits) + 1) % 10 ** len(digits):0{len(digits)}d}"


def ask_sign_in(stage: Stage, person: Person = LI, who: Asker | None = None) -> None:
    """Ask for a message code to sign in with the person's phone."""
    command = AskToSignIn(asker=who or asker(NEW), phone=parse_phone(person.phone), language="zh-CN")
    stage.act(ask_to_sign_in, command)


def claim(
    stage: Stage,
    purpose: OtpPurpose,
    *,
    person: Person = LI,
    name: str | None = None,
    who: Asker | None = None,
) -> None:
    """Claim the person's account from outside, for a purpose."""
    ask_for_account(
        AskForAccount(
            asker=who or asker(NEW),
            purpose=purpose,
            name=name or person.name,
            number=person.number,
            language="zh-CN",
        ),
        services=stage.services,
    )


def fresh_session(stage: Stage) -> Session:
    """Return the session that was opened for the new browser."""
    return stage.session(FRESH)

"""How people on the stage change their phone."""

from __future__ import annotations

from eztong.domain.access.otp import OtpPurpose
from eztong.domain.contact.phone_change import ChangeWay, PhoneChange
from eztong.domain.identity.phone import parse_phone
from eztong.domain.notices import Topic
from eztong.usecases.access.match_again import TypedIdentity
from eztong.usecases.access.message_code import TypedCode
from eztong.usecases.contact.ask_phone_change import AskPhoneChange, ask_phone_change
from eztong.usecases.contact.confirm_phone_change import ConfirmPhoneChange, confirm_phone_change
from eztong.usecases.contact.numbers import current_number
from eztong.usecases.contact.wait_phone_change import WaitPhoneChange, wait_phone_change
from eztong.usecases.refusal import accepted
from tests.unit.usecases.access.ways import open_code
from tests.unit.usecases.stage import LI, Person, Stage, asker

NEW = "13900000009"
URL = "https://eztong.example"
BOTH, MATCHED = ChangeWay.BOTH_NUMBERS, ChangeWay.MATCHED
FROM, TO = OtpPurpose.CHANGE_FROM, OtpPurpose.CHANGE_TO


def ask(stage: Stage, way: ChangeWay = BOTH, *, phone: str = NEW, person: Person = LI) -> PhoneChange:
    """Ask to change the person's phone."""
    who = asker(person.session)
    return stage.act(ask_phone_change, AskPhoneChange(asker=who, phone=parse_phone(phone), way=way, language="zh-CN"))


def digits(stage: Stage, purpose: OtpPurpose) -> str:
    """Return the digits of the newest code for a purpose."""
    found = [one for one in stage.messages() if one.topic is Topic.OTP and one.params["purpose"] == purpose]
    return found[-1].params["otp"]


def typed(
    stage: Stage, purpose: OtpPurpose, *, person: Person = LI, session: bytes | None = None, otp: str | None = None
) -> TypedCode:
    """Return the code that came, typed into the person's browser, or into another; or other digits."""
    slip = open_code(stage, purpose, person.session).challenge_id
    return TypedCode(session_hash=session or person.session, slip=slip, digits=otp or digits(stage, purpose))


def both(stage: Stage, *, old: str | None = None, new: str | None = None) -> ConfirmPhoneChange:
    """Return the press under both codes; or under other digits."""
    return ConfirmPhoneChange(session_hash=LI.session, old=typed(stage, FROM, otp=old), new=typed(stage, TO, otp=new))


def confirm(stage: Stage, command: ConfirmPhoneChange | None = None) -> PhoneChange:
    """Change LI's phone with both codes."""
    given = both(stage) if command is None else command
    return accepted(stage.act(confirm_phone_change, given, public_url=URL))


def change(stage: Stage, phone: str = NEW) -> PhoneChange:
    """Change LI's phone with the codes of both numbers."""
    ask(stage, phone=phone)
    return confirm(stage)


def known(number: str = LI.number, name: str = LI.name) -> TypedIdentity:
    """Return name and number as LI types them again."""
    return TypedIdentity(name=name, number=number)


def waiting(stage: Stage, typed_again: TypedIdentity | None = None, *, otp: str | None = None) -> WaitPhoneChange:
    """Return the press under the new number's code, with name and number."""
    return WaitPhoneChange(
        session_hash=LI.session, new=typed(stage, TO, otp=otp), typed=known() if typed_again is None else typed_again
    )


def wait(stage: Stage) -> PhoneChange:
    """Let a change of LI's phone wait, as the number of before is lost."""
    ask(stage, MATCHED)
    return wait_phone_change(waiting(stage), services=stage.services)


def newest(stage: Stage) -> PhoneChange:
    """Return LI's newest change as it is stored now."""
    found = stage.read(lambda stored: stored.phone_changes.newest(stage.holder_id()))
    assert found is not None
    return found


def phone_of(stage: Stage, person: Person = LI) -> str:
    """Return the phone that the account has now."""
    return current_number(stage.holder(person), keys=stage.keys)


def link_token(stage: Stage) -> str:
    """Return the token of the newest link that went to the number of before."""
    found = [one for one in stage.messages() if one.topic in {Topic.PHONE_CHANGED, Topic.PHONE_WAITING}]
    assert found[-1].phone == LI.phone
    return found[-1].params["link"].rpartition("/")[2]


def told(stage: Stage, topic: Topic) -> list[str]:
    """Return the phones that wait for a message of a topic."""
    return [one.phone for one in stage.messages() if one.topic is topic]

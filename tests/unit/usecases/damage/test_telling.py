"""Telling never stops what it tells of: each receiver is told by itself, and who cannot be is named in the history."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from eztong.domain.damage import SealedDataDamaged
from eztong.domain.events import EventKind
from eztong.domain.identity.email_address import parse_email
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.usecases.assistance.end_assistance import EndAssistance, end_assistance
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.own_notices.add_email import AddEmail, add_email
from eztong.usecases.own_notices.prove_email import prove_email
from tests.unit.usecases.assistance.helping import helping
from tests.unit.usecases.contact.acts import NEW, change
from tests.unit.usecases.guardianship.family import account, confirmed_minor
from tests.unit.usecases.recovery import acts as recovery
from tests.unit.usecases.stage import LI, WANG, Stage

SEALED = b"x" * 40


@pytest.fixture(autouse=True)
def taken(stage: Stage) -> Iterator[None]:
    yield
    assert {name for name, _ in stage.take_left_out()} <= {"telling"}


def tell(stage: Stage, topic: Topic = Topic.ACCOUNT_FROZEN) -> list[str]:
    """Tell LI; return who was missed."""

    def telling(act: Act) -> list[str]:
        holder = act.uow.holders.get(stage.holder_id())
        assert holder is not None
        return list(tell_holder(act, holder, topic, {"cause": "self"}))

    stage.empty_outbox()
    return stage.act(telling)


def not_told(stage: Stage) -> list[str]:
    return [event.detail for event in stage.events() if event.kind is EventKind.NOT_TOLD]


def notices(stage: Stage) -> int:
    return stage.read(lambda stored: stored.notices.unread(stage.holder_id(), at_most=9))


def test_whoever_can_be_read_is_told_and_nothing_is_noted(stage: Stage) -> None:
    assert tell(stage) == []
    assert [one.phone for one in stage.messages()] == [LI.phone]
    assert not_told(stage) == []


def test_without_a_number_the_address_and_the_notice_are_left(stage: Stage) -> None:
    address(stage)
    before = notices(stage)
    stage.damage("holders", "sealed_phone", SEALED, of=stage.holder_id())
    assert tell(stage) == ["phone"]
    assert [(one.phone, one.email) for one in stage.messages()] == [("", "li@example.org")]
    assert notices(stage) == before + 1
    assert not_told(stage) == ["topic=account_frozen to=phone"]


def test_without_the_address_the_number_is_told(stage: Stage) -> None:
    address(stage)
    stage.damage("holder_emails", "sealed", SEALED)
    assert tell(stage) == ["email"]
    assert [one.phone for one in stage.messages()] == [LI.phone]


def test_without_the_number_of_before_the_own_one_is_told(stage: Stage) -> None:
    change(stage)
    stage.damage("phone_changes", "state")
    assert tell(stage) == ["before"]
    assert [one.phone for one in stage.messages()] == [NEW]


def test_without_a_data_key_nothing_of_the_account_is_told_and_the_helper_is(stage: Stage) -> None:
    helping(stage)
    stage.damage("holders", "data_key", SEALED, of=stage.holder_id())
    assert set(tell(stage)) == {"helper", "holder"}
    assert stage.messages() == []


def test_a_helper_who_cannot_be_read_keeps_nobody_from_being_told(stage: Stage) -> None:
    of = helping(stage)
    stage.damage("holders", "state", of=stage.holder_id(WANG))
    assert tell(stage) == ["helper"]
    assert [one.phone for one in stage.messages()] == [LI.phone]
    stage.act(end_assistance, EndAssistance(session_hash=LI.session, assistance_id=of.assistance_id))
    assert stage.topics() == ["account_frozen", "helper_ended"]


def test_a_guardian_who_cannot_be_read_neither(stage: Stage) -> None:
    care = confirmed_minor(stage)
    ward = account(stage, care.ward_id)
    stage.empty_outbox()
    stage.damage("holders", "sealed_phone", SEALED, of=stage.holder_id())
    stage.act(tell_holder, ward, Topic.PASSKEY_ADDED, {})
    assert stage.topics() == ["passkey_added"]
    assert not_told(stage) == ["topic=ward_news to=phone"]


def test_the_words_that_were_accepted_cannot_be_read_and_the_default_language_is_taken(stage: Stage) -> None:
    stage.damage("acceptances", "kind", of=stage.holder_id())
    assert tell(stage) == []
    assert [one.language for one in stage.messages()] == ["zh-CN"]


def test_a_recovery_that_its_holder_cannot_be_told_of_does_not_begin(stage: Stage) -> None:
    stage.damage("holders", "sealed_phone", SEALED, of=stage.holder_id())
    with pytest.raises(SealedDataDamaged):
        recovery.wait(stage)
    assert stage.select("SELECT count(*) FROM recoveries") == [(0,)]


def address(stage: Stage) -> None:
    """Give LI a proven address."""
    command = AddEmail(session_hash=LI.session, address=parse_email("li@example.org"), consents=True)
    stage.act(add_email, command, public_url="https://eztong.example")
    (message,) = [one for one in stage.messages() if one.email]
    stage.act(prove_email, message.params["link"].rpartition("/")[2])

"""The stage that the use cases are tried on is as it says."""

from __future__ import annotations

from eztong.domain.access.unlock import UNLOCK_LIFE
from eztong.domain.holder import HolderState
from tests.unit.usecases.fakes import START
from tests.unit.usecases.stage import LI, WANG, Stage


def test_two_people_have_an_account_and_an_unlocked_device(stage: Stage) -> None:
    for person in (LI, WANG):
        assert stage.holder(person).state is HolderState.ACTIVE
        assert stage.session(person.session).device_id == stage.device(person).device_id
        assert stage.session(person.session).unlocked_until == START + UNLOCK_LIFE
        assert stage.events(person) == []


def test_nothing_waits_to_be_sent(stage: Stage) -> None:
    assert stage.queued() == []


def test_what_one_test_stores_no_other_finds(stage: Stage) -> None:
    assert stage.read(lambda stored: stored.settings.get("trace")) is None
    stage.write(lambda uow: uow.settings.set("trace", "there"))
    assert stage.read(lambda stored: stored.settings.get("trace")) == "there"


test_whatever_comes_first_leaves_no_trace_to_the_other = test_what_one_test_stores_no_other_finds


def test_the_partners_of_the_sandbox_are_there_with_their_desks(stage: Stage) -> None:
    assert stage.partner("hotel").name == "示例酒店"
    assert stage.read(lambda stored: stored.partners.desks(stage.partner("hotel").partner_id)) == [
        ("front-1", "前台一"),
        ("front-2", "前台二"),
    ]


def test_the_database_of_a_test_holds_what_the_template_held(stage: Stage) -> None:
    rows = stage.rows()
    assert (rows["holders"], rows["devices"], rows["acceptances"], rows["partners"]) == (2, 2, 4, 7)

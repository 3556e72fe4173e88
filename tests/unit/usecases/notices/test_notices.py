"""What is told is kept, sealed with the account's key; its holder reads it again and marks it as read (clause 2.7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import HolderNotActive, SessionMissing
from eztong.domain.holder import HolderState, WrappedKey
from eztong.domain.notices import Notice, Topic
from eztong.usecases.notices.keep_notice import open_notice
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.own_data.copy_parts import PARTS
from eztong.usecases.own_data.export_data import collect_data
from eztong.usecases.own_notices.mark_read import mark_read
from eztong.usecases.vault import open_vault
from tests.unit.usecases.stage import LI, WANG, Person, Stage


def tell(stage: Stage, topic: Topic = Topic.TICKET_ANSWERED, **params: str) -> None:
    # Ids of one millisecond sort by chance.
    stage.clock.pass_by(seconds=1)
    stage.act(tell_holder, stage.holder(), topic, params or {"number": "4821093755"})


def kept(stage: Stage, person: Person = LI) -> list[Notice]:
    """Return the notices since the account was made, newest first."""
    found = stage.read(lambda stored: stored.notices.page(stage.holder_id(person), before=None, limit=99))
    return [one for one in found if one.topic != Topic.REGISTRATION_DECIDED]


def test_what_is_told_is_kept_under_the_id_of_its_message_and_sealed(stage: Stage) -> None:
    tell(stage)
    (notice,), (job,) = kept(stage), stage.queued()
    assert (notice.notice_id, notice.topic, notice.at) == (job.job_id, "ticket_answered", stage.clock.now())
    assert notice.read_at is None
    assert b"4821093755" not in notice.sealed
    assert "4821093755" not in repr(notice)
    assert open_notice(notice, open_vault(stage.holder(), keys=stage.keys)) == {"number": "4821093755"}


def test_a_notice_of_one_account_opens_under_no_other_and_in_no_other_place(stage: Stage) -> None:
    tell(stage)
    (notice,) = kept(stage)
    for vault, moved in (
        (open_vault(stage.holder(WANG), keys=stage.keys), notice),
        (open_vault(stage.holder(), keys=stage.keys), replace(notice, notice_id="msg_other")),
    ):
        with pytest.raises(SealedDataDamaged):
            open_notice(moved, vault)


def test_a_link_goes_out_and_is_not_kept(stage: Stage) -> None:
    tell(stage, Topic.RECOVERY_WAITING, until="2026-01-16 09:00", link="https://eztong.example/recover/stop/x")
    assert stage.messages()[0].params["link"].endswith("/x")
    (notice,) = kept(stage)
    assert open_notice(notice, open_vault(stage.holder(), keys=stage.keys)) == {"until": "2026-01-16 09:00"}


def test_the_decision_on_an_application_is_kept_and_a_message_code_is_not(stage: Stage) -> None:
    found = stage.read(lambda stored: stored.notices.page(stage.holder_id(), before=None, limit=99))
    assert [one.topic for one in found] == ["registration_decided"]


def test_an_erased_account_is_told_nothing_and_keeps_nothing(stage: Stage) -> None:
    erased = replace(stage.holder(), data_key=WrappedKey(kek_id="", wrapped=b""))
    stage.act(tell_holder, erased, Topic.ACCOUNT_FROZEN, {})
    assert kept(stage) == []


def test_the_holder_marks_what_was_shown_and_nothing_that_came_later(stage: Stage) -> None:
    tell(stage)
    (shown,) = kept(stage)
    tell(stage, Topic.PIN_CHANGED, unused="")
    marked = stage.clock.pass_by(seconds=1)
    assert stage.act(mark_read, LI.session, shown.notice_id) == 2
    later, earlier = kept(stage)
    assert (earlier.read_at, later.read_at) == (marked, None)
    stage.clock.pass_by(seconds=1)
    assert stage.act(mark_read, LI.session, shown.notice_id) == 0


def test_nobody_marks_anothers_notices_and_no_application_has_any(stage: Stage) -> None:
    tell(stage)
    (shown,) = kept(stage)
    stage.act(mark_read, WANG.session, shown.notice_id)
    assert kept(stage)[0].read_at is None
    with pytest.raises(SessionMissing):
        stage.act(mark_read, b"nobody", shown.notice_id)
    stage.change(state=HolderState.DRAFT)
    with pytest.raises(HolderNotActive):
        stage.act(mark_read, LI.session, shown.notice_id)


def test_the_copy_of_the_own_data_holds_every_notice_in_clear(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eztong.usecases.own_data.copy_parts._CHUNK", 1)
    tell(stage)
    tell(stage, Topic.CODE_REPLAYED, partner="Hotel")
    copy = stage.read(
        lambda stored: collect_data(stage.holder(), stored=stored, keys=stage.keys, now=stage.clock.now())
    )
    assert "notices" in PARTS
    told = [(one["topic"], one["params"]) for one in copy["notices"]]
    assert told[:2] == [("code_replayed", {"partner": "Hotel"}), ("ticket_answered", {"number": "4821093755"})]
    assert all("sealed" not in one for one in copy["notices"])

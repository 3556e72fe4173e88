"""A holder sees the own values in full and takes a copy of everything, after an unlock and on record."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eztong.domain.claims import Claim
from eztong.domain.errors import HolderErased, Locked
from eztong.domain.holder import FreezeCause, HolderState, Stopped, WrappedKey
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.working_days import WorkCalendar
from eztong.usecases.own_data.copy_parts import PARTS
from eztong.usecases.own_data.export_data import collect_data, permit_export
from eztong.usecases.own_data.reveal_identity import OwnIdentity, open_identity, reveal_identity
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me
from tests.unit.usecases.access.ways import PIN, give_passkey, give_pin
from tests.unit.usecases.codes.asking import PERSON_ONLY, answered, asking, at_library, grant, refused, show
from tests.unit.usecases.stage import LI, WANG, Stage


def copy_of(stage: Stage) -> dict[str, list[dict[str, object]]]:
    parts: dict[str, list[dict[str, object]]] = stage.act(collect_data, stage.holder())
    return parts


def test_the_values_are_shown_in_full_and_that_is_on_record(stage: Stage) -> None:
    assert stage.act(reveal_identity, LI.session) == OwnIdentity(name=LI.name, number=LI.number, phone=LI.phone)
    assert [one.kind for one in stage.events()] == ["identity_revealed"]
    assert LI.name not in repr(open_identity(stage.holder(), keys=stage.keys))


def test_without_an_unlock_nothing_is_shown_or_copied(stage: Stage) -> None:
    stage.lock()
    for act in (reveal_identity, permit_export):
        with pytest.raises(Locked):
            stage.act(act, LI.session)
    assert stage.events() == []


def test_what_is_not_there_yet_is_empty_and_what_was_erased_is_said_to_be(stage: Stage) -> None:
    holder = stage.change(sealed_name=None, sealed_number=None, sealed_phone=None)
    assert open_identity(holder, keys=stage.keys) == OwnIdentity(name="", number="", phone="")
    erased = stage.change(data_key=WrappedKey(kek_id="", wrapped=b""))
    with pytest.raises(HolderErased):
        open_identity(erased, keys=stage.keys)


def test_a_copy_is_permitted_to_an_unlocked_session_and_on_record(stage: Stage) -> None:
    assert stage.act(permit_export, LI.session) == stage.holder()
    assert [one.kind for one in stage.events()] == ["data_exported"]


def test_a_copy_holds_every_part_of_this_account_and_no_secret(stage: Stage) -> None:
    give_pin(stage)
    give_passkey(stage)
    grant(stage, Claim.MASKED_NAME)
    shown = show(stage)
    answer = answered(stage, asking(stage, shown.number, wants=PERSON_ONLY | {Claim.MASKED_NAME}))
    refused(stage, at_library(stage, shown.number))
    parts = copy_of(stage)
    assert set(parts) == {"format", "at", *PARTS}
    assert parts["account"][0]["name"] == LI.name
    assert parts["account"][0]["document_number"] == LI.number
    assert parts["verifications"][0]["result"] == json.loads(answer.result)
    assert [one["reason"] for one in parts["refused_tries"]] == ["code_already_used"]
    assert [one["context"] for one in parts["acceptances"]] == ["192.0.2.7 browser"] * 2
    assert parts["codes"][0]["code_id"] == shown.code_id
    assert parts["grants"][0]["claims"] == ["masked_name"]
    assert [len(parts[name]) for name in ("person", "pin", "passkeys", "devices")] == [1, 1, 1, 1]
    text = json.dumps(parts, ensure_ascii=False)
    for secret in (PIN, shown.number, "sealed_", "_hash", "number_index", "phone_index", "data_key"):
        assert secret not in text.replace("text_hash", "")


def test_a_copy_says_what_stopped_the_account_and_holds_nothing_of_others(stage: Stage) -> None:
    stage.change(state=HolderState.FROZEN, freeze_cause=FreezeCause.SELF, stopped=(Stopped(HolderState.ACTIVE),))
    parts = copy_of(stage)
    assert parts["account"][0]["stopped"] == [{"state": "active", "freeze_cause": None}]
    assert (parts["pin"], parts["verifications"], parts["reports"]) == ([], [], [])
    text = json.dumps(parts, ensure_ascii=False)
    assert WANG.name not in text
    assert stage.holder_id(WANG) not in text


def test_a_copy_holds_own_words_of_a_report_opened_and_an_empty_note_as_none(stage: Stage) -> None:
    for note in ("这不是我", ""):
        refused(stage, at_library(stage, show_used(stage)))
        record = stage.read(lambda stored: stored.codes.attempts(stage.holder_id()))[0]
        command = ReportNotMe(session_hash=LI.session, record_id=record.attempt_id, freeze=False, note=note)
        stage.act(report_not_me, command, calendar=WorkCalendar())
        stage.clock.pass_by(seconds=1)
    assert {one["note"] for one in copy_of(stage)["reports"]} == {"这不是我", None}


def show_used(stage: Stage) -> str:
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    return shown.number


def test_a_copy_says_that_an_application_waits(stage: Stage) -> None:
    holder_id, now = stage.holder_id(), stage.clock.now()
    waits = Job(
        job_id="job_waits",
        kind=JobKind.REGISTRATION,
        key=holder_id,
        holder_id=holder_id,
        created_at=now,
        next_attempt_at=now,
        attempts=3,
    )
    stage.write(lambda uow: uow.jobs.add(waits))
    waiting = [one for one in copy_of(stage)["jobs"] if one["ended_at"] is None]
    (told,) = [one for one in waiting if one["kind"] == "registrations"]
    assert (told["kind"], told["attempts"]) == ("registrations", 3)
    assert "sealed" not in told


def test_what_is_kept_of_a_number_is_in_the_copy_of_its_account_only(stage: Stage) -> None:
    index = stage.holder().number_index
    assert index is not None
    kept = stage.read(lambda stored: stored.holders.person(index))
    assert kept is not None
    stage.write(lambda uow: uow.holders.save_person(replace(kept, holder_id=stage.holder_id(WANG))))
    assert copy_of(stage)["person"] == []
    stage.change(number_index=None)
    assert copy_of(stage)["person"] == []

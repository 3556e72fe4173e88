"""Who saw the data: what partners were given and what the history says, in one list, and readings of staff in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eztong.domain.claims import Claim
from eztong.domain.eid.eid_flow import EidEnding, EidFlow
from eztong.domain.errors import NotPermitted
from eztong.domain.holder import WrappedKey
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.own_data.sighting import Occasion, Sighting, StaffReads
from eztong.domain.requests.request import Request
from eztong.ports.act import OPERATOR, Act
from eztong.usecases.own_data.export_data import collect_data, permit_export
from eztong.usecases.own_data.list_sightings import list_sightings, walk_sightings
from eztong.usecases.own_data.note_reading import note_reading
from eztong.usecases.own_data.reveal_identity import reveal_identity
from tests.unit.usecases.codes.asking import PERSON_ONLY, answered, asking, grant, show
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.requests.acts import answer, approving
from tests.unit.usecases.requests.acts import ask as ask_of_holder
from tests.unit.usecases.stage import LI, WANG, Stage


def seen(stage: Stage) -> list[Sighting]:
    """Return what the list says but for the registration, with which every account begins."""
    found = stage.read(lambda stored: list(walk_sightings(stage.holder_id(), stored=stored)))
    return [one for one in found if one.occasion is not Occasion.REGISTRATION_CHECKED]


def tell(stage: Stage, *claims: Claim) -> str:
    """Let the hotel verify a code and return the record's number."""
    stage.unlock()
    told = answered(stage, asking(stage, show(stage).number, wants=PERSON_ONLY | set(claims)))
    stage.clock.pass_by(seconds=1)
    return told.verification.verification_id


def test_a_partner_is_listed_with_what_it_was_given_and_the_record(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    tell(stage)
    record = tell(stage, Claim.MASKED_NAME)
    (one,) = seen(stage)
    assert (one.occasion, one.items, one.record_id) == (Occasion.TOLD, ("masked_name",), record)
    assert (one.partner_id, one.scene) == ("hotel", "hotel_check_in")


def test_name_and_number_that_went_sealed_to_a_merchant_are_listed(stage: Stage) -> None:
    request = ask_of_holder(stage)
    answer(stage, approving(request))
    stage.act(_sealed_flow, request)
    (one,) = seen(stage)
    assert one.items[-2:] == ("name", "number")


def _sealed_flow(act: Act, request: Request) -> None:
    flow = EidFlow(
        partner_id=request.partner_id,
        eid_token="0" * 36,
        request_id=request.request_id,
        merchant_id="0NSJ0000",
        sealed_settings=b"?",
        created_at=act.now,
    )
    act.uow.eid_flows.add(flow)
    act.uow.eid_flows.save(replace(flow, ending=EidEnding(confirmed=True, user_info="sealed")))


def test_the_own_acts_and_those_of_staff_stand_among_them_newest_first(stage: Stage) -> None:
    stage.clock.pass_by(seconds=1)
    grant(stage, Claim.MASKED_NAME)
    stage.act(reveal_identity, LI.session)
    stage.clock.pass_by(seconds=1)
    tell(stage, Claim.MASKED_NAME)
    by = operator(stage, "li.na")
    stage.act(note_reading, StaffReads.TICKET, [stage.holder_id()], by=by, ticket="4821093755")
    stage.clock.pass_by(seconds=1)
    stage.act(permit_export, LI.session)
    found = seen(stage)
    wanted = [Occasion.OWN_COPY, Occasion.TICKET_READ, Occasion.TOLD, Occasion.OWN_REVEALED]
    assert [one.occasion for one in found] == wanted
    assert found[1].ticket == "4821093755"
    copied = stage.act(collect_data, stage.holder())["who_saw"]
    assert [one["occasion"] for one in copied][: len(wanted)] == wanted
    assert "li.na" not in str(copied)


def test_pages_follow_each_other_without_a_gap_and_end(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    for _ in range(3):
        stage.act(reveal_identity, LI.session)
        stage.clock.pass_by(seconds=1)
        tell(stage, Claim.MASKED_NAME)
    whole = stage.read(lambda stored: list(walk_sightings(stage.holder_id(), stored=stored)))
    for size in (1, 2, 3, 50):
        assert list(walk_pages(stage, size)) == whole


def walk_pages(stage: Stage, size: int) -> Iterator[Sighting]:
    """Turn the pages from the newest to the last one."""
    cursor: str | None = None
    while True:
        with stage.store.read() as stored:
            page = list_sightings(stage.holder_id(), cursor=cursor, limit=size, stored=stored)
        yield from page.sightings
        cursor = page.cursor
        if cursor is None:
            return


def test_nobody_sees_what_was_seen_of_somebody_else(stage: Stage) -> None:
    grant(stage, Claim.MASKED_NAME)
    tell(stage, Claim.MASKED_NAME)
    found = stage.read(lambda stored: list(walk_sightings(stage.holder_id(WANG), stored=stored)))
    assert {one.occasion for one in found} <= {Occasion.REGISTRATION_CHECKED}


def test_only_an_operator_with_the_role_is_shown_anything_and_of_the_erased_nothing_is_written(stage: Stage) -> None:
    of = [stage.holder_id()]
    system = operator(stage, "sys", OperatorRole.SYSTEM)
    refusals: tuple[type[NotPermitted], ...] = (OperatorNeeded, RoleMissing)
    for by, refusal in zip((OPERATOR, system), refusals, strict=True):
        with pytest.raises(refusal):
            stage.act(note_reading, StaffReads.APPLICATION, of, by=by)
    stage.change(data_key=WrappedKey(kek_id="", wrapped=b""))
    stage.act(note_reading, StaffReads.APPLICATION, of, by=operator(stage, "zhao"))
    assert "staff_read" not in [one.kind for one in stage.events()]

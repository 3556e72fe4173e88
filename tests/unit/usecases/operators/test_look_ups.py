"""Nobody asks without a trace who has an account: a look-up of which nothing came is counted and on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from eztong.domain.death.after_death import NotDeceased, NothingAsked, RelativesAsk
from eztong.domain.errors import EztongError, NotFound, TooMany
from eztong.domain.events import EventKind
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.holder import FreezeReason
from eztong.domain.identity.citizen_number import NumberInvalid
from eztong.domain.operators.look_up import LOOK_UPS_IN_VAIN
from eztong.domain.operators.operator import AboutOneself, OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.own_data.sighting import Occasion
from eztong.domain.restrictions.mark import Ceiling
from eztong.domain.restrictions.recheck import CHECKS_BY_TICKET
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.contact.appeal_number import AppealNumber, appeal_number
from eztong.usecases.death.answer_relatives import check_for_relatives
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.freezing.freeze_for_holder import FreezeForHolder, freeze_for_holder
from eztong.usecases.own_data.list_sightings import walk_sightings
from eztong.usecases.restrictions.restrict_for_staff import (
    LiftRestrictions,
    RestrictHolder,
    StaffReason,
    lift_restrictions,
    restrict_holder,
)
from tests.unit.usecases.death.dying import ask_authority, propose, ticket
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.restrictions.acts import confirms
from tests.unit.usecases.stage import LI, NETWORK, WANG, ZHAO, Person, Stage

Looks = Callable[[Stage, Acting, Person], object]


def freeze(stage: Stage, by: Acting, who: Person) -> object:
    return freeze_for_holder(
        FreezeForHolder(number=who.number, reason=FreezeReason.PAUSE), by=by, services=stage.services
    )


def restrict(stage: Stage, by: Acting, who: Person) -> object:
    command = RestrictHolder(number=who.number, reason=StaffReason.MISUSE, ceiling=Ceiling.LOW)
    return restrict_holder(command, by=by, services=stage.services)


def lift(stage: Stage, by: Acting, who: Person) -> object:
    command = LiftRestrictions(number=who.number, reason=StaffReason.MISUSE)
    return lift_restrictions(command, by=by, services=stage.services)


def appeal(stage: Stage, by: Acting, who: Person) -> object:
    written = ticket(stage, TicketKind.NUMBER_APPEAL)
    command = AppealNumber(ticket_number=written.number, name=who.name, number=who.number, phone="13900000009")
    return appeal_number(command, by=by, services=stage.services)


def check(stage: Stage, by: Acting, who: Person) -> object:
    return ask_authority(stage, by, number=who.number)


def ask(stage: Stage, by: Acting, who: Person) -> object:
    return propose(stage, by, RelativesAsk.ERASE, who=who)


LOOKS: dict[str, Looks] = {
    "freeze": freeze,
    "restrict": restrict,
    "lift": lift,
    "number_appeal": appeal,
    "deceased_check": check,
    "relatives": ask,
}


def on_record(stage: Stage) -> list[tuple[object, ...]]:
    return stage.select("SELECT operator, subject, holder_id FROM acts WHERE kind = 'looked_up_in_vain'")


def in_history(stage: Stage, person: Person = LI) -> list[str]:
    return [one.detail for one in stage.events(person) if one.kind is EventKind.STAFF_READ]


@pytest.mark.parametrize("looks", LOOKS.values(), ids=LOOKS.keys())
def test_that_nobody_was_found_is_on_record_without_the_number(stage: Stage, looks: Looks) -> None:
    with pytest.raises(NotFound, match="Nobody with this number"):
        looks(stage, operator(stage), ZHAO)
    assert on_record(stage) == [("li.na", "li.na", None)]
    ((document,),) = stage.select("SELECT document FROM acts WHERE kind = 'looked_up_in_vain'")
    assert isinstance(document, bytes)
    assert ZHAO.number.encode() not in document
    assert b"li.na" not in document


def test_an_account_that_was_found_and_nothing_done_with_reads_of_it(stage: Stage) -> None:
    by = operator(stage)
    with pytest.raises(NotDeceased):
        ask(stage, by, LI)
    lift(stage, by, LI)
    assert in_history(stage) == [
        f"what=account asked_for={asked_for} operator=li.na" for asked_for in ("relatives", "lift")
    ]
    with stage.store.read() as stored:
        seen = [found.occasion for found in walk_sightings(stage.holder_id(), stored=stored)]
    assert seen.count(Occasion.LOOKED_UP) == 2
    restrict(stage, by, LI)
    freeze(stage, by, LI)
    assert len(in_history(stage)) == 2, "what was done says so itself"
    restrict(stage, by, LI)
    freeze(stage, by, LI)
    assert len(in_history(stage)) == 4
    assert on_record(stage) == []


def test_a_number_appeal_that_is_refused_after_the_look_reads_in_the_history(stage: Stage) -> None:
    own = OpenTicket(
        session_hash=WANG.session, network=NETWORK, kind=TicketKind.NUMBER_APPEAL, words="?", secret="7" * 16
    )
    written = stage.act(open_ticket, own, calendar=WorkCalendar())
    command = AppealNumber(ticket_number=written.number, name=LI.name, number=LI.number, phone="13900000009")
    with pytest.raises(EztongError, match="another account"):
        appeal_number(command, by=operator(stage), services=stage.services)
    assert in_history(stage) == ["what=account asked_for=number_appeal operator=li.na"]


def test_so_much_is_looked_for_in_vain_a_day_and_a_freeze_is_never_refused_for_it(stage: Stage) -> None:
    by = operator(stage)
    for place in range(LOOK_UPS_IN_VAIN.amount):
        with pytest.raises(NotFound):
            (restrict, lift)[place % 2](stage, by, ZHAO)
    for who in (ZHAO, LI):
        for looks in (restrict, lift, check, ask):
            with pytest.raises(TooMany):
                looks(stage, by, who)
    assert len(on_record(stage)) == LOOK_UPS_IN_VAIN.amount
    assert in_history(stage) == [], "nothing was looked for"
    with pytest.raises(NotFound):
        freeze(stage, by, ZHAO)
    freeze(stage, by, LI)
    restrict(stage, operator(stage, "wang.wei"), WANG)
    stage.clock.pass_by(days=2)
    restrict(stage, by, LI)


def test_strangers_who_call_use_no_operator_up(stage: Stage) -> None:
    by = operator(stage)
    for _ in range(LOOK_UPS_IN_VAIN.amount + 1):
        with pytest.raises(NotFound):
            freeze(stage, by, ZHAO)
    restrict(stage, by, LI)
    assert len(on_record(stage)) == LOOK_UPS_IN_VAIN.amount + 1


def test_a_check_counts_for_its_ticket_also_where_nobody_is_found(stage: Stage) -> None:
    by, written = operator(stage), ticket(stage)
    confirms(stage)
    for _ in range(CHECKS_BY_TICKET.amount):
        with pytest.raises(NotFound):
            ask_authority(stage, by, of=written, number=ZHAO.number)
    for number in (ZHAO.number, LI.number):
        with pytest.raises(TooMany):
            ask_authority(stage, by, of=written, number=number)
    assert in_history(stage) == []


def test_without_an_open_ticket_of_another_nobody_is_looked_for(stage: Stage) -> None:
    own = operator(stage, "own", person=stage.holder(WANG).number_index)
    by_wang = OpenTicket(
        session_hash=WANG.session, network=NETWORK, kind=TicketKind.RELATIVE, words="?", secret="7" * 16
    )
    written = stage.act(open_ticket, by_wang, calendar=WorkCalendar())
    before = stage.rows()
    for number in (LI.number, ZHAO.number):
        with pytest.raises(NothingAsked):
            check_for_relatives("0000000000", number, by=own, services=stage.services)
        with pytest.raises(AboutOneself):
            ask_authority(stage, own, of=written, number=number)
    assert stage.rows() == before


def test_who_may_not_look_is_told_nothing_and_what_is_no_number_is_nobodys(stage: Stage) -> None:
    auditor = operator(stage, "auditor", OperatorRole.AUDIT)
    before = stage.rows()
    for who in (LI, ZHAO):
        for by, refusal in ((OPERATOR, OperatorNeeded), (auditor, RoleMissing)):
            with pytest.raises(refusal):
                restrict(stage, by, who)
    with pytest.raises(NumberInvalid):
        restrict(stage, operator(stage), Person("x", "1", "", b""))
    assert stage.rows() == before | {"operators": before["operators"] + 1}

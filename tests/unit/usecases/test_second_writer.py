"""Whoever comes second changes nothing: what was looked at is another by the time it would be changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.contact.phone_change import PhoneChangeOver
from eztong.domain.deregistration.deregistration import DeregistrationOver
from eztong.domain.errors import EztongError, SessionMissing, StateConflict
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.notices import EmailLinkOver
from eztong.domain.operators.operator import OperatorRole
from eztong.ports.act import SYSTEM
from eztong.usecases.agreement_sets.keep_agreements import tell_next
from eztong.usecases.contact.keep_number import keep_by_link
from eztong.usecases.contact.stop_appeal import StopPhoneChange, stop_phone_change
from eztong.usecases.deregistration.undo_deregistration import undo_from_session
from eztong.usecases.desks.sign_in_staff import sign_out_staff, take_place
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.freezing.freeze_ward import StopWard, freeze_ward, release_ward
from eztong.usecases.guardianship.take_back import TakeBack, take_back
from eztong.usecases.guardianship.take_over import take_over
from eztong.usecases.operators.manage_operators import disable_operator, link_operator, renew_secret
from eztong.usecases.own_notices.prove_email import prove_email
from tests.unit.usecases.agreement_sets.publishing import published
from tests.unit.usecases.contact import acts as phones
from tests.unit.usecases.death.dying import ask_authority, die, keep, ticket
from tests.unit.usecases.deregistration import leaving
from tests.unit.usecases.desks.duty import on_duty
from tests.unit.usecases.guardianship.family import account, registered_child, run_birthdays
from tests.unit.usecases.guardianship.handing import GROWN, ask, begin_appeal, grown, leave, offer, taken, typed
from tests.unit.usecases.operators.acts import operator, with_tries
from tests.unit.usecases.operators.test_operators import prove
from tests.unit.usecases.own_notices.test_email import give, newest_token
from tests.unit.usecases.restrictions import acts as marks
from tests.unit.usecases.second_writer import let_another_be_quicker
from tests.unit.usecases.stage import LI, Stage

Act = Callable[[], object]


def taking_over(stage: Stage) -> Act:
    found = grown(stage)
    ask(stage, offer(stage, found))
    press = typed(stage)
    return lambda: stage.act(take_over, press)


def taking_back(stage: Stage) -> Act:
    found = grown(stage)
    taken(stage, found)
    return lambda: stage.act(take_back, TakeBack(session_hash=LI.session, ward_id=found.ward_id, understood=True))


def taking_back_what_was_frozen(stage: Stage) -> Act:
    found = grown(stage)
    taken(stage, found)
    stage.act(freeze_holder, FreezeHolder(holder_id=found.ward_id, cause=FreezeCause.SELF, channel="test"))
    return lambda: stage.act(take_back, TakeBack(session_hash=LI.session, ward_id=found.ward_id, understood=True))


def releasing(stage: Stage) -> Act:
    command = StopWard(session_hash=LI.session, ward_id=grown(stage).ward_id)
    stage.act(freeze_ward, command)
    return lambda: stage.act(release_ward, command)


def leaving_a_ward(stage: Stage) -> Act:
    found = grown(stage)
    return lambda: leave(stage, found)


def stopping_an_appeal(stage: Stage) -> Act:
    grown(stage, years=5)
    begin_appeal(stage)
    by = operator(stage, "zhao.li")
    return lambda: stop_phone_change(StopPhoneChange(number=GROWN.number), by=by, services=stage.services)


def keeping_a_number(stage: Stage) -> Act:
    phones.change(stage)
    token = phones.link_token(stage)
    return lambda: stage.act(keep_by_link, token)


def asking_to_leave(stage: Stage) -> Act:
    return lambda: leaving.ask(stage)


def staying(stage: Stage) -> Act:
    leaving.ask(stage)
    return lambda: stage.act(undo_from_session, LI.session)


def lifting(stage: Stage) -> Act:
    by = operator(stage)
    marks.misuse(stage, by=by)
    return lambda: marks.misuse(stage, on=False, by=by)


def disabling(stage: Stage) -> Act:
    first = operator(stage)
    operator(stage, "wang.li", OperatorRole.LEGAL)
    operator(stage, "zhao.li")
    return lambda: stage.act(disable_operator, "wang.li", by=first)


def renewing(stage: Stage) -> Act:
    own = operator(stage)
    return lambda: stage.act(renew_secret, own.name, by=own, secret_hash="another")


def linking(stage: Stage) -> Act:
    first = operator(stage)
    operator(stage, "wang.li")
    return lambda: stage.act(link_operator, "wang.li", by=first, index=b"index")


def proving(stage: Stage) -> Act:
    operator(stage)
    with_tries(stage, "li.na", 2)
    return lambda: prove(stage)


def taking_a_place(stage: Stage) -> Act:
    session = on_duty(stage).session.session_hash
    return lambda: stage.act(take_place, session, desk="front-2", scene="hotel_check_in")


def dying(stage: Stage) -> Act:
    marks.answers(stage, AuthorityVerdict.DECEASED)
    return lambda: marks.check(stage)


def coming_alive(stage: Stage) -> Act:
    die(stage)
    marks.confirms(stage)
    written, by = ticket(stage), operator(stage)
    return lambda: ask_authority(stage, by, of=written)


def going_home(stage: Stage) -> Act:
    session = on_duty(stage).session.session_hash
    return lambda: stage.act(sign_out_staff, session)


def proving_an_address(stage: Stage) -> Act:
    give(stage)
    token = newest_token(stage)
    return lambda: stage.act(prove_email, token)


Case = tuple[Callable[[Stage], Act], str, type[EztongError]]
CASES: list[Case] = [
    (taking_over, "holders.change_phone", StateConflict),
    (taking_over, "guardianships.change", StateConflict),
    (taking_back, "holders.change_phone", StateConflict),
    (taking_back_what_was_frozen, "holders.move", StateConflict),
    (releasing, "holders.move", StateConflict),
    (leaving_a_ward, "guardianships.change", StateConflict),
    (stopping_an_appeal, "phone_changes.end", PhoneChangeOver),
    (keeping_a_number, "phone_changes.end", PhoneChangeOver),
    (keeping_a_number, "holders.change_phone", StateConflict),
    (asking_to_leave, "holders.move", StateConflict),
    (dying, "holders.move", StateConflict),
    (coming_alive, "holders.move", StateConflict),
    (staying, "deregistrations.cancel", DeregistrationOver),
    (staying, "holders.move", StateConflict),
    (lifting, "restrictions.lift", StateConflict),
    (disabling, "operators.link", StateConflict),
    (renewing, "operators.set_secret", StateConflict),
    (linking, "operators.link", StateConflict),
    (proving, "operators.set_tries", StateConflict),
    (taking_a_place, "staff.update_session", SessionMissing),
    (going_home, "staff.update_session", SessionMissing),
    (proving_an_address, "emails.prove", EmailLinkOver),
]


@pytest.mark.parametrize(("prepare", "change", "refusal"), CASES, ids=[f"{one[0].__name__} {one[1]}" for one in CASES])
def test_whoever_comes_second_is_refused_and_leaves_nothing(
    stage: Stage, prepare: Callable[[Stage], Act], change: str, refusal: type[EztongError]
) -> None:
    act = prepare(stage)
    before = left_by(stage)
    let_another_be_quicker(stage, change)
    with pytest.raises(refusal):
        act()
    assert left_by(stage) == before


def left_by(stage: Stage) -> Mapping[str, int]:
    """Return how many rows there are; that staff looked somebody up, or the authority was asked, stays on record."""
    on_record = {"holder_events", "budgets", "audit_entries"}
    return {table: count for table, count in stage.rows().items() if table not in on_record}


def test_a_job_that_another_worker_ended_does_nothing(stage: Stage) -> None:
    found = registered_child(stage)
    stage.clock.moment += timedelta(days=15 * 366)
    let_another_be_quicker(stage, "jobs.end")
    run_birthdays(stage)
    assert account(stage, found.ward_id).state is HolderState.ACTIVE


def test_an_end_that_another_worker_began_is_left_to_it(stage: Stage) -> None:
    leaving.ask(stage)
    stage.clock.pass_by(hours=72)
    let_another_be_quicker(stage, "deregistrations.begin")
    leaving.run(stage)
    assert stage.holder().state is HolderState.DEREGISTERING


@pytest.mark.parametrize("change", ["holders.move", "jobs.end"])
def test_an_account_of_somebody_who_died_is_erased_by_one_worker(stage: Stage, change: str) -> None:
    die(stage)
    stage.clock.moment += stage.services.deployment.deceased_kept
    let_another_be_quicker(stage, change)
    keep(stage)
    assert not stage.holder().is_leaving


def test_a_reminder_is_sent_by_whoever_read_the_document_last(stage: Stage) -> None:
    marks.valid_until(stage, marks.days_from_now(stage, 100))
    stage.clock.moment += timedelta(days=75)
    stage.empty_outbox()
    let_another_be_quicker(stage, "restrictions.note_reminder")
    marks.run_days(stage)
    assert stage.messages() == []


def test_of_a_set_everybody_hears_from_the_worker_that_moved_the_mark(stage: Stage) -> None:
    published(stage, {"service": "A"})
    let_another_be_quicker(stage, "agreement_sets.told")
    assert stage.act(tell_next), "there may be more"
    assert stage.messages() == []


def test_where_no_number_is_free_no_ticket_is_opened(stage: Stage) -> None:
    let_another_be_quicker(stage, "tickets.add")
    with pytest.raises(RuntimeError, match="no number"):
        ticket(stage)


def test_only_what_is_named_is_lost(stage: Stage) -> None:
    let_another_be_quicker(stage, "holders.move")
    changed = stage.services.perform(
        SYSTEM, lambda act: act.uow.holders.update(replace(stage.holder(), phone_index=b"another"))
    )
    moved = stage.services.perform(SYSTEM, lambda act: act.uow.holders.move(stage.holder(), stage.holder()))
    assert (changed, moved, stage.holder().phone_index) == (None, False, b"another")

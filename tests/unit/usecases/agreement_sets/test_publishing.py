"""Sets of agreements: drafted by one operator, published by two, in force at their day, told to everybody (5.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.agreement_sets.agreement_set import (
    AgreementSet,
    ChangeClassInvalid,
    NothingChanged,
    ScheduleInvalid,
    SetNotDraft,
    SetUnknown,
)
from eztong.domain.agreements import AgreementKind, AgreementState, ChangeClass, RuleKind
from eztong.domain.errors import AgreementNotAccepted, EztongError, StateConflict
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import OPERATOR
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreement_sets.draft_set import current_set, draft_set
from eztong.usecases.agreement_sets.keep_agreements import BATCH, tell_next
from eztong.usecases.agreement_sets.publish_set import (
    PRINTED_SETTING,
    ProposeSet,
    bring_into_force,
    propose_set,
    settle_set,
)
from eztong.usecases.agreements.check_consent import awaits_acceptance, check_consent
from eztong.usecases.registration.accept_agreements import accept_agreements
from tests.unit.usecases.agreement_sets.publishing import (
    decide,
    drafting,
    keep,
    number,
    proposed,
    published,
    put_in_force,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import LI, WANG, Stage, accepting

DAY = timedelta(days=1)


def version(stage: Stage, kind: AgreementKind | RuleKind = AgreementKind.SERVICE) -> str:
    found = stage.read(lambda stored: stored.agreements.in_force(kind, "en"))
    assert found is not None
    return found.version


def may_go_on(stage: Stage) -> bool:
    try:
        stage.act(check_consent, stage.holder_id())
    except AgreementNotAccepted:
        return False
    return True


def acts(stage: Stage, kind: ActKind) -> int:
    return len(stage.select("SELECT act_id FROM acts WHERE kind = ?", kind.value))


def awaits(stage: Stage) -> bool:
    holder_id = stage.holder_id()
    return stage.read(lambda stored: awaits_acceptance(holder_id, stored=stored))


def test_a_draft_takes_over_what_did_not_change_and_nobody_else_reads_it(stage: Stage) -> None:
    by = operator(stage, "li.na", OperatorRole.LEGAL)
    made = stage.act(draft_set, drafting(stage, {"service": "B"}), by=by)
    assert made == number(stage, 2)
    assert (made.state, made.made_by) == (AgreementState.DRAFT, "li.na")
    assert {(one.kind.value, one.version, one.change_class) for one in made.members} == {
        ("service", "1.3", ChangeClass.B),
        ("authorisation", "1.2", None),
        ("privacy", "1.0", None),
        ("children", "1.0", None),
        ("scenes", "1.0", None),
    }
    (changed,) = made.changed
    assert changed.grace_until is not None
    assert changed.grace_until - made.in_force_from >= timedelta(days=13)
    assert version(stage) == "1.2"
    text = stage.read(lambda stored: stored.agreements.version(AgreementKind.SERVICE, "1.3", "en"))
    assert text is not None
    assert text.state is AgreementState.DRAFT


@pytest.mark.parametrize(
    ("asks", "more", "error"),
    [
        ({}, {}, NothingChanged),
        ({"service": "A"}, {"days": 6}, ScheduleInvalid),
        ({"service": "B"}, {"grace_days": 0}, ScheduleInvalid),
        ({"service": "B"}, {"grace_days": 91}, ScheduleInvalid),
        ({"privacy": "B"}, {}, ChangeClassInvalid),
        ({"service": "B"}, {"starts": None}, ScheduleInvalid),
    ],
)
def test_what_cannot_be_a_set_leaves_nothing(
    stage: Stage, asks: Mapping[str, str], more: Mapping[str, object], error: type[EztongError]
) -> None:
    by = operator(stage)
    before = stage.rows()
    with pytest.raises(error):
        stage.act(draft_set, drafting(stage, asks, **more), by=by)  # type: ignore[arg-type]  # fields by name
    assert stage.rows() == before


def test_a_draft_makes_room_for_the_next_one_until_it_is_proposed(stage: Stage) -> None:
    by = operator(stage)
    stage.act(draft_set, drafting(stage, {"service": "B"}), by=by)
    stage.act(draft_set, drafting(stage, {"privacy": "C"}), by=by)
    assert [one.kind for one in number(stage, 2).changed] == [RuleKind.PRIVACY]
    assert stage.read(lambda stored: stored.agreements.version(AgreementKind.SERVICE, "1.3", "en")) is None
    proposal = stage.act(propose_set, ProposeSet(number=2, reason="why"), by=by)
    with pytest.raises(SetNotDraft):
        stage.act(draft_set, drafting(stage, {"scenes": "C"}), by=by)
    with pytest.raises(StateConflict):
        stage.act(propose_set, ProposeSet(number=2, reason="again"), by=by)
    decide(stage, proposal, approve=False)
    assert number(stage, 2).state is AgreementState.DRAFT
    stage.act(draft_set, drafting(stage, {"scenes": "C"}), by=by)


def test_who_may_not_publish_cannot_draft_or_propose(stage: Stage) -> None:
    command = drafting(stage, {"service": "B"})
    with pytest.raises(OperatorNeeded):
        stage.act(draft_set, command, by=OPERATOR)
    cases = operator(stage, "chen", OperatorRole.CASES)
    with pytest.raises(RoleMissing):
        stage.act(draft_set, command, by=cases)
    stage.act(draft_set, command, by=operator(stage))
    with pytest.raises(RoleMissing):
        stage.act(propose_set, ProposeSet(number=2, reason="why"), by=cases)


def test_one_operator_alone_publishes_nothing(stage: Stage) -> None:
    proposal = proposed(stage, {"service": "A"})
    with pytest.raises(SameOperator):
        decide(stage, proposal, name="li.na")
    assert number(stage, 2).state is AgreementState.DRAFT
    assert acts(stage, ActKind.AGREEMENTS_PUBLISHED) == 0


def test_what_two_operators_publish_is_attested_told_and_not_in_force_yet(stage: Stage) -> None:
    stage.empty_outbox()
    found = published(stage, {"service": "A"})
    assert (found.state, found.published_at) == (AgreementState.SCHEDULED, stage.clock.now())
    assert version(stage) == "1.2"
    assert acts(stage, ActKind.AGREEMENTS_PUBLISHED) == 1
    keep(stage)
    assert stage.topics() == ["agreements_ask"] * 2
    told = stage.messages()[0].params
    assert (told["changes_zh"], told["changes_en"]) == ("改了一处。", "One place changed.")
    for person in (LI, WANG):
        assert EventKind.AGREEMENTS_ANNOUNCED in [event.kind for event in stage.events(person)]
    keep(stage)
    assert len(stage.topics()) == 2
    with pytest.raises(SetNotDraft):
        stage.act(draft_set, drafting(stage, {"privacy": "C"}), by=operator(stage, "third"))
    with pytest.raises(SetNotDraft):
        stage.act(propose_set, ProposeSet(number=2, reason="again"), by=operator(stage, "fourth"))


def test_a_set_to_take_note_of_is_in_force_at_once_and_stops_nobody(stage: Stage) -> None:
    found = published(stage, {"privacy": "C"}, starts=None)
    assert found.state is AgreementState.IN_FORCE
    assert number(stage, 1).state is AgreementState.SUPERSEDED
    assert version(stage, RuleKind.PRIVACY) == "1.1"
    assert may_go_on(stage)
    keep(stage)
    assert "agreements_change" in stage.topics()
    assert stage.read(lambda stored: stored.settings.get(PRINTED_SETTING)) == '{"operator_name": "New"}'


def test_class_a_asks_for_a_new_consent_from_its_day_on(stage: Stage) -> None:
    published(stage, {"authorisation": "A"})
    stage.clock.pass_by(days=8, milliseconds=-1)
    keep(stage)
    assert may_go_on(stage)
    stage.clock.pass_by(milliseconds=1)
    keep(stage)
    assert not may_go_on(stage)
    assert acts(stage, ActKind.AGREEMENTS_IN_FORCE) == 1
    old = stage.read(lambda stored: stored.agreements.version(AgreementKind.AUTHORISATION, "1.2", "en"))
    assert old is not None
    assert old.state is AgreementState.SUPERSEDED
    stage.act(accept_agreements, accepting(stage, LI.session))
    assert may_go_on(stage)


def test_class_b_leaves_a_grace_in_which_everything_goes_on(stage: Stage) -> None:
    found = put_in_force(stage, {"service": "B"}, grace_days=10)
    assert version(stage) == "1.3"
    assert may_go_on(stage)
    assert awaits(stage)
    until = found.changed[0].grace_until
    assert until is not None
    stage.clock.pass_by(milliseconds=(until - stage.clock.now()) // timedelta(milliseconds=1) - 1)
    keep(stage)
    assert may_go_on(stage)
    stage.clock.pass_by(milliseconds=1)
    keep(stage)
    assert not may_go_on(stage)
    stage.act(accept_agreements, accepting(stage, LI.session))
    assert may_go_on(stage)
    assert not awaits(stage)


def test_who_accepts_within_the_grace_goes_on_after_it(stage: Stage) -> None:
    put_in_force(stage, {"service": "B"})
    stage.unlock()
    stage.act(accept_agreements, accepting(stage, LI.session))
    assert not awaits(stage)
    stage.clock.pass_by(days=30)
    keep(stage)
    assert may_go_on(stage)


def test_a_day_that_came_too_near_is_refused_with_nothing_published(stage: Stage) -> None:
    proposal = proposed(stage, {"service": "A"}, days=8)
    stage.clock.pass_by(days=2)
    with pytest.raises(ScheduleInvalid):
        decide(stage, proposal)
    assert number(stage, 2).state is AgreementState.DRAFT
    with pytest.raises(ScheduleInvalid):
        stage.act(propose_set, ProposeSet(number=2, reason="again"), by=operator(stage, "third"))


def test_a_published_set_comes_into_force_once(stage: Stage) -> None:
    scheduled = published(stage, {"service": "A"})
    stage.clock.pass_by(days=8)
    assert stage.act(bring_into_force, scheduled)
    assert not stage.act(bring_into_force, scheduled)
    assert acts(stage, ActKind.AGREEMENTS_IN_FORCE) == 1


def test_a_notice_is_added_beside_the_others_and_ended(stage: Stage) -> None:
    privacy = [one for one in drafting(stage, {"privacy": "C"}).offered if one.kind is RuleKind.PRIVACY]
    first = [replace(one, kind=RuleKind.NOTICE, version="2026-1") for one in privacy]
    published(stage, {}, offered=first, starts=None)
    second = [replace(one, version="2026-2") for one in first]
    by = operator(stage, "zhao")
    stage.act(draft_set, drafting(stage, {}, offered=second, starts=None), by=by)
    decide(stage, stage.act(propose_set, ProposeSet(number=3, reason="why"), by=by), name="qian")
    notices = [one.version for one in number(stage, 3).members if one.kind is RuleKind.NOTICE]
    assert notices == ["2026-1", "2026-2"]
    ended = drafting(stage, {}, offered=[], starts=None, ended_notices=frozenset({"2026-1"}))
    stage.act(draft_set, ended, by=by)
    proposal = stage.act(propose_set, ProposeSet(number=4, reason="why"), by=by)
    decide(stage, proposal, name="wu")
    gone = stage.read(lambda stored: stored.agreements.version(RuleKind.NOTICE, "2026-1", "en"))
    assert gone is not None
    assert gone.state is AgreementState.SUPERSEDED
    stands = stage.read(lambda stored: stored.agreements.version(RuleKind.NOTICE, "2026-2", "en"))
    assert stands is not None
    assert stands.state is AgreementState.IN_FORCE


def test_many_accounts_are_told_in_several_commits_each_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eztong.usecases.agreement_sets.keep_agreements.BATCH", 1)
    published(stage, {"privacy": "C"}, starts=None)
    stage.empty_outbox()
    assert stage.act(tell_next)
    assert len(stage.topics()) == 1
    assert stage.act(tell_next)
    assert not stage.act(tell_next)
    assert not stage.act(tell_next)
    assert stage.topics() == ["agreements_change"] * 2
    assert len({message.phone for message in stage.messages()}) == 2
    assert BATCH > 1


def test_what_is_not_there_is_said(stage: Stage) -> None:
    with pytest.raises(SetUnknown):
        number(stage, 9)
    proposal = proposed(stage, {"service": "A"})
    approved = replace(proposal, state=ProposalState.APPROVED)
    with pytest.raises(SetUnknown):
        stage.act(settle_set, replace(approved, subject="set_none"))
    stage.act(settle_set, approved)
    with pytest.raises(SetNotDraft):
        stage.act(settle_set, approved)
    assert isinstance(proposal, Proposal)
    assert proposal.kind is ProposalKind.AGREEMENT_SET


def test_without_a_set_in_force_nothing_is_drafted(stage: Stage) -> None:
    by = operator(stage)
    command = drafting(stage, {"service": "A"})

    def supersede(stored: Repositories) -> AgreementSet:
        return current_set(stored=stored)

    first = stage.read(supersede)
    stage.write(lambda uow: uow.agreement_sets.move(first, replace(first, state=AgreementState.SUPERSEDED)))
    with pytest.raises(SetUnknown):
        stage.act(draft_set, command, by=by)

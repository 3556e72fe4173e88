"""A name is corrected where the authority matches it as the same person's; else staff answers in a ticket."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eztong.domain.contact.phone_change import ContactCooling
from eztong.domain.errors import AuthorityUnavailable, HolderFrozen, Locked, StateConflict, TooMany
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause
from eztong.domain.identity.authority_answer import AuthorityAnswer, AuthorityVerdict
from eztong.domain.identity.real_name import NameInvalid
from eztong.domain.notices import Topic
from eztong.domain.own_data.correction import ASKS_BY_ACCOUNT, Correction, CorrectionState, NameSame, RefusedBecause
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.standing import NothingPasses
from eztong.usecases.feedback.sealed_words import open_words
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from eztong.usecases.own_data.correct_name import CorrectName, correct_name, names_of
from eztong.usecases.own_data.reveal_identity import open_identity
from eztong.usecases.restrictions.keep_document import read_valid_until
from eztong.usecases.vault import open_vault
from tests.unit.usecases.contact.acts import change
from tests.unit.usecases.fakes import matched
from tests.unit.usecases.stage import LI, Stage

NEW = "李新名"
WORDS = "Please correct my name."


@pytest.fixture(autouse=True)
def unlocked(stage: Stage) -> None:
    stage.unlock()


def same_person(stage: Stage, mark: bytes | None = None, *, valid_until: date | None = None) -> None:
    """Let the authority match, with the eid mark of the account or another."""
    holder = stage.holder()
    assert holder.sealed_eid_mark is not None
    own = open_vault(holder, keys=stage.keys).open("sealed_eid_mark", holder.sealed_eid_mark)
    answer = matched()
    stage.authority.answer = replace(
        answer, eid_mark=own if mark is None else mark, document_valid_until=valid_until or answer.document_valid_until
    )


def ask(stage: Stage, name: str = NEW) -> Correction:
    return correct_name(CorrectName(session_hash=LI.session, name=name, words=WORDS), services=stage.services)


def name_of(stage: Stage) -> str:
    return open_identity(stage.holder(), keys=stage.keys).name


def stored(stage: Stage) -> list[Correction]:
    return list(stage.read(lambda found: found.corrections.list(stage.holder_id())))


def test_the_name_is_replaced_and_nothing_that_partner_codes_are_made_of(stage: Stage) -> None:
    same_person(stage)
    before = stage.holder()
    correction = ask(stage)
    assert name_of(stage) == NEW
    assert stage.holder() == replace(before, sealed_name=stage.holder().sealed_name)
    assert stored(stage) == [correction]
    assert (correction.state, correction.reason, correction.ticket_number) == (CorrectionState.APPLIED, None, None)
    assert names_of(correction, stage.holder(), keys=stage.keys).old == LI.name
    assert names_of(correction, stage.holder(), keys=stage.keys).new == NEW
    assert stage.authority.asked[-1] == (NEW, LI.number, correction.correction_id)
    assert stage.topics() == [Topic.NAME_CORRECTED]
    assert [one.kind for one in stage.events()] == [EventKind.NAME_CORRECTED, EventKind.IDENTITY_CHECKED]


def test_a_name_that_is_matched_ends_a_doubt_and_tells_until_when_the_document_is_valid(stage: Stage) -> None:
    stage.mark(cause=Cause.DATA_DOUBT)
    stage.mark(cause=Cause.RISK)
    same_person(stage, valid_until=date(2027, 3, 1))
    ask(stage)
    assert [mark.cause for mark in stage.marks() if mark.is_open] == [Cause.RISK]
    document = stage.read(lambda found: found.restrictions.document(stage.holder_id()))
    assert read_valid_until(document, stage.holder(), keys=stage.keys) == date(2027, 3, 1)


def test_where_nothing_passes_no_name_is_matched(stage: Stage) -> None:
    stage.mark(cause=Cause.ASKED, ceiling=Ceiling.NONE)
    asked = len(stage.authority.asked)
    with pytest.raises(NothingPasses):
        ask(stage)
    assert len(stage.authority.asked) == asked


# Whether two operators agree is asked for relatives alone.
@pytest.mark.parametrize("reason", sorted(set(RefusedBecause) - {RefusedBecause.NOT_AGREED}))
def test_a_refusal_has_its_reason_and_a_ticket_with_the_holders_words(stage: Stage, reason: RefusedBecause) -> None:
    if reason is RefusedBecause.OTHER_MARK:
        same_person(stage, mark=b"another person's")
    else:
        verdict = AuthorityVerdict(reason.value)
        stage.authority.answer = AuthorityAnswer(verdict=verdict, reference="r", detail_code="d")
    correction = ask(stage)
    assert (correction.state, correction.reason) == (CorrectionState.REFUSED, reason)
    assert name_of(stage) == LI.name
    assert stored(stage) == [correction]
    (ticket,) = stage.read(lambda found: found.tickets.list(stage.holder_id()))
    assert ticket.number == correction.ticket_number
    (said,) = stage.act(open_words, ticket)
    assert said.text == WORDS
    assert stage.topics() == [Topic.CORRECTION_REFUSED]
    assert stage.events()[-1].fact("reason") == reason


PENDING = AuthorityAnswer(verdict=AuthorityVerdict.PENDING, reference="r", detail_code="d")


@pytest.mark.parametrize("answer", [AuthorityUnavailable(), PENDING], ids=["away", "pending"])
def test_no_answer_decides_nothing(stage: Stage, answer: Exception | AuthorityAnswer) -> None:
    stage.authority.answer = answer
    with pytest.raises(AuthorityUnavailable):
        ask(stage)
    assert stored(stage) == []


def test_what_can_be_no_other_name_is_not_asked_about(stage: Stage) -> None:
    asked = len(stage.authority.asked)
    with pytest.raises(NameSame):
        ask(stage, LI.name)
    with pytest.raises(NameInvalid):
        ask(stage, "!")
    assert len(stage.authority.asked) == asked


def test_an_account_asks_so_often_a_day_whatever_comes_of_it(stage: Stage) -> None:
    stage.authority.answer = AuthorityUnavailable()
    for _ in range(ASKS_BY_ACCOUNT.amount):
        with pytest.raises(AuthorityUnavailable):
            ask(stage)
    with pytest.raises(TooMany):
        ask(stage)
    stage.clock.pass_by(hours=26)
    stage.unlock()
    same_person(stage)
    ask(stage)


def test_it_takes_an_unlocked_session_of_an_account_in_use_whose_contact_is_settled(stage: Stage) -> None:
    same_person(stage)
    change(stage)
    with pytest.raises(ContactCooling):
        ask(stage)
    stage.clock.pass_by(seconds=timedelta(hours=72).total_seconds())
    with pytest.raises(Locked):
        ask(stage)
    stage.unlock()
    session = stage.session()
    stage.act(freeze_holder, FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="test"))
    stage.write(lambda uow: uow.sessions.update(session))
    with pytest.raises(HolderFrozen):
        ask(stage)


def test_an_account_without_a_number_has_nothing_to_be_matched_with(stage: Stage) -> None:
    stage.change(sealed_number=None)
    with pytest.raises(StateConflict):
        ask(stage)


def test_a_name_that_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    same_person(stage)
    stage.authority.meanwhile.happens = lambda: ask(stage, "李别名")
    # The other press was first; this one read the name before it, and finds it replaced.
    ask(stage)
    assert [one.state for one in stored(stage)] == [CorrectionState.APPLIED] * 2
    seen = replace(stage.holder(), sealed_name=b"of before")
    assert not stage.write(lambda uow: uow.holders.change_name(seen, seen))

"""Two operators publish a text; messages and notices say it from then on, and the program's own comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eztong.adapters.notifier.message_words import MessageWords
from eztong.domain.message_texts.version import TextSettled, TextState, TextUnchanged, TextUnknown, TextVersionUnknown
from eztong.domain.message_texts.wording import TextInvalid, Wording
from eztong.domain.notices import Message, Topic
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing, SameOperator
from eztong.domain.operators.proposal import Proposal, ProposalEnded, ReasonInvalid
from eztong.domain.working_days import WorkCalendar
from eztong.i18n.message_texts import OWN_TEXTS
from eztong.i18n.notices import render_notice
from eztong.ports.act import OPERATOR, Acting
from eztong.usecases.message_texts.publish_text import (
    ProposeText,
    open_proposal_of_text,
    propose_text,
    settle_text,
)
from eztong.usecases.proposals.decide_proposal import DecideProposal, decide_proposal
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import Stage

CALENDAR = WorkCalendar()
OTHER = Wording(
    zh="有人再次出示了您的身份码（{partner}），已拒绝。", en="Your code was shown again at {partner}: refused."
)
MESSAGE = Message(topic=Topic.CODE_REPLAYED, phone="13800138000", language="zh-CN", params={"partner": "某某银行"})


@pytest.fixture
def li(stage: Stage) -> Acting:
    operator(stage, "li.na", OperatorRole.LEGAL)
    return replace(OPERATOR, name="li.na")


@pytest.fixture
def wang(stage: Stage) -> Acting:
    operator(stage, "wang.wei", OperatorRole.LEGAL)
    return replace(OPERATOR, name="wang.wei")


def ask(text_id: str = "code_replayed", wording: Wording = OTHER, reason: str = "plainer") -> ProposeText:
    return ProposeText(text_id=text_id, zh=wording.zh, en=wording.en, reason=reason)


def proposed(stage: Stage, by: Acting, wording: Wording = OTHER) -> Proposal:
    return stage.act(propose_text, ask(wording=wording), by=by, own=OWN_TEXTS)[1]


def decide(stage: Stage, proposal: Proposal, by: Acting, *, approve: bool = True) -> None:
    command = DecideProposal(proposal_id=proposal.proposal_id, approve=approve, reason="seen")
    stage.act(decide_proposal, command, by=by, calendar=CALENDAR)


def said(stage: Stage) -> str:
    stage.clock.pass_by(seconds=3)
    return MessageWords(stage.services.brand, stage.services.texts).text(MESSAGE)


def test_messages_say_it_after_the_second_operator_alone(stage: Stage, li: Acting, wang: Acting) -> None:
    before = said(stage)
    proposal = proposed(stage, li)
    with pytest.raises(SameOperator):
        decide(stage, proposal, li)
    assert said(stage) == before
    decide(stage, proposal, wang)
    assert said(stage) == "有人再次出示了您的身份码（某某银行），已拒绝。"
    assert stage.select("SELECT kind, subject FROM acts ORDER BY act_id DESC LIMIT 1") == [
        ("text_published", proposal.subject)
    ]


def test_a_notice_of_before_reads_as_it_was_told(stage: Stage, li: Acting, wang: Acting) -> None:
    told_at = stage.clock.now()
    before = said(stage)
    decide(stage, proposed(stage, li), wang)
    after = said(stage)
    texts, now = stage.services.texts.look(), stage.clock.now()
    read = [render_notice(MESSAGE.topic, MESSAGE.params, language="zh-CN", texts=texts, at=at) for at in (told_at, now)]
    assert read == [before, after] != [after, before]


def test_the_programs_own_comes_back_as_a_version_of_its_own(stage: Stage, li: Acting, wang: Acting) -> None:
    before = said(stage)
    decide(stage, proposed(stage, li), wang)
    stage.clock.pass_by(seconds=3)
    decide(stage, proposed(stage, li, Wording()), wang)
    assert said(stage) == before
    with stage.store.read() as stored:
        states = [one.state for one in stored.text_versions.of_text("code_replayed", limit=9).those]
    assert states == [TextState.PUBLISHED] * 2


def test_what_was_rejected_changes_nothing_and_is_settled_once(stage: Stage, li: Acting, wang: Acting) -> None:
    before, proposal = said(stage), proposed(stage, li)
    decide(stage, proposal, wang, approve=False)
    assert said(stage) == before
    with stage.store.read() as stored, pytest.raises(ProposalEnded):
        open_proposal_of_text(proposal.subject, stored=stored)
    with pytest.raises(TextSettled):
        stage.act(settle_text, proposal)
    with pytest.raises(TextVersionUnknown):
        stage.act(settle_text, replace(proposal, subject="txt_none"))


def test_what_cannot_stand_there_is_not_proposed_and_not_by_anybody(stage: Stage, li: Acting) -> None:
    for command, refused in (
        (ask(wording=Wording()), TextUnchanged),
        (ask(wording=OWN_TEXTS["code_replayed"]), TextUnchanged),
        (ask("otp"), TextInvalid),
        (ask("none"), TextUnknown),
        (ask(reason=" "), ReasonInvalid),
    ):
        with pytest.raises(refused):
            stage.act(propose_text, command, by=li, own=OWN_TEXTS)
    with pytest.raises(OperatorNeeded):
        stage.act(propose_text, ask(), own=OWN_TEXTS)
    operator(stage, "zhao", OperatorRole.SYSTEM)
    with pytest.raises(RoleMissing):
        stage.act(propose_text, ask(), by=replace(OPERATOR, name="zhao"), own=OWN_TEXTS)


def test_a_text_for_other_placeholders_is_left_for_the_programs_own(stage: Stage, li: Acting, wang: Acting) -> None:
    before = said(stage)
    older = {"code_replayed": Wording(zh="{name}", en="{name}")}
    command = ask(wording=Wording(zh="{name}！", en="{name}!"))
    decide(stage, stage.act(propose_text, command, by=li, own=older)[1], wang)
    assert said(stage) == before


def test_a_version_that_cannot_be_read_says_nothing(stage: Stage, li: Acting, wang: Acting) -> None:
    before, proposal = said(stage), proposed(stage, li)
    decide(stage, proposal, wang)
    stage.damage("text_versions", "zh", of=proposal.subject)
    assert said(stage) == before

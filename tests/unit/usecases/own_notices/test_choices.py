"""What is chosen to be told: each use, once, with a link that freezes; promotions; both off until chosen (2.4, 2.7)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.errors import Locked
from eztong.domain.holder import FreezeCause, HolderState
from eztong.domain.identifiers import BatchId, HolderId, PartnerId, VerificationId
from eztong.domain.notices import FREEZE_LINK_LIFE, EmailLinkOver, FreezeLinkOver, Message, NoticeChoices, Topic
from eztong.usecases.freezing.freeze_by_notice import find_freeze_link, freeze_by_notice
from eztong.usecases.own_data.export_data import collect_data
from eztong.usecases.own_notices.choose_notices import choose_per_use, choose_promotions
from eztong.usecases.own_notices.prove_email import find_by_email_link
from eztong.usecases.own_notices.tell_uses import BATCH, tell_uses
from tests.unit.usecases.stage import LI, WANG, Stage


def use(stage: Stage, number: int, *, outcome: Outcome = Outcome.PASSED, partner: str = "hotel") -> None:
    """Store a use as a verification leaves it, and let it settle."""
    verification = Verification(
        verification_id=VerificationId(f"ver_{number:026d}"),
        partner_id=PartnerId(partner),
        holder_id=stage.holder_id(),
        code_id=None,
        request_id=None,
        outcome=outcome,
        reason=None,
        scene="hotel_check_in",
        desk=None,
        method=Method.QR,
        claims=(),
        created_at=stage.clock.now(),
        result=b"{}",
        sealed_result=None,
        batch_id=BatchId("bat_1"),
        leaf_index=0,
        api_key_id=None,
    )
    stage.write(lambda uow: uow.verifications.add(verification))
    stage.clock.pass_by(seconds=3)


def switch(stage: Stage, *, is_on: bool = True) -> None:
    stage.unlock()
    stage.act(choose_per_use, LI.session, is_on=is_on)


def told(stage: Stage) -> list[Message]:
    return [one for one in stage.messages() if one.topic is Topic.CODE_USED]


def token_of(stage: Stage) -> str:
    found = re.fullmatch(r"https://eztong\.example/lost/link/([\w-]{43})", told(stage)[0].params["link"])
    assert found is not None
    return found[1]


def choices(stage: Stage) -> NoticeChoices | None:
    return stage.read(lambda look: look.notice_choices.get(stage.holder_id()))


def test_nobody_is_told_who_did_not_choose_it(stage: Stage) -> None:
    use(stage, 1)
    assert tell_uses(services=stage.services).done == 0
    assert (told(stage), choices(stage)) == ([], None)


def test_each_use_after_the_choice_is_told_once_with_partner_time_and_link(stage: Stage) -> None:
    use(stage, 1)
    switch(stage)
    use(stage, 2)
    assert tell_uses(services=stage.services).done == 1
    assert tell_uses(services=stage.services).done == 0
    (message,) = told(stage)
    assert message.params["partner"] == stage.partner().name
    assert re.fullmatch(r"\d\d-\d\d \d\d:\d\d", message.params["at"])
    (notice, _) = stage.read(lambda look: look.notices.page(stage.holder_id(), before=None, limit=9))
    assert notice.topic == "code_used"


def test_a_use_is_looked_at_only_once_no_earlier_one_can_come(stage: Stage) -> None:
    switch(stage)
    use(stage, 2)
    stage.clock.pass_by(seconds=-2)
    assert tell_uses(services=stage.services).done == 0
    stage.clock.pass_by(seconds=2)
    assert tell_uses(services=stage.services).done == 1


def test_what_the_holder_refused_or_nobody_came_for_is_no_use(stage: Stage) -> None:
    switch(stage)
    for number, outcome in enumerate(Outcome, start=1):
        use(stage, number, outcome=outcome)
    tell_uses(services=stage.services)
    assert len(told(stage)) == 2


def test_off_again_tells_nothing_and_on_again_nothing_of_meanwhile(stage: Stage) -> None:
    switch(stage)
    switch(stage, is_on=False)
    use(stage, 1)
    switch(stage)
    assert tell_uses(services=stage.services).done == 0
    kept = choices(stage)
    assert kept is not None
    assert (kept.per_use, kept.promotions) == (True, False)


def test_one_that_cannot_be_told_is_counted_and_keeps_no_other(stage: Stage) -> None:
    switch(stage)
    use(stage, 1)
    use(stage, 2, partner="nobody")
    stage.damage("holders", "state", of=stage.holder_id())
    run = tell_uses(services=stage.services)
    assert (run.done, run.failures) == (1, {"RowDamaged": 1})
    assert stage.observer.seen == [("queue_failure", "uses", "RowDamaged")]
    stage.damage("holders", "state", "active", of=stage.holder_id())
    use(stage, 3)
    assert tell_uses(services=stage.services).done == 1
    assert len(told(stage)) == 1


def test_many_are_told_in_turns(stage: Stage) -> None:
    switch(stage)
    for number in range(1, BATCH + 2):
        use(stage, number)
    assert tell_uses(services=stage.services).again
    assert not tell_uses(services=stage.services).again
    assert len(told(stage)) == BATCH + 1


def test_the_link_freezes_that_account_once_and_nothing_else(stage: Stage) -> None:
    switch(stage)
    use(stage, 1)
    tell_uses(services=stage.services)
    token = token_of(stage)
    with pytest.raises(EmailLinkOver):
        stage.act(find_by_email_link, token)
    assert stage.act(find_freeze_link, token).holder_id == stage.holder_id()
    stage.act(freeze_by_notice, token)
    assert (stage.holder().state, stage.holder().freeze_cause) == (HolderState.FROZEN, FreezeCause.SELF)
    assert stage.holder(WANG).state is HolderState.ACTIVE
    assert "channel=notice_link" in stage.events()[-1].detail
    for _ in range(2):
        with pytest.raises(FreezeLinkOver):
            stage.act(freeze_by_notice, token)


def test_the_link_ends_after_a_day_and_none_can_be_guessed(stage: Stage) -> None:
    switch(stage)
    use(stage, 1)
    tell_uses(services=stage.services)
    token = token_of(stage)
    stage.clock.pass_by(seconds=FREEZE_LINK_LIFE.total_seconds())
    for other in (token, "nothing"):
        with pytest.raises(FreezeLinkOver):
            stage.act(freeze_by_notice, other)
    assert stage.holder().state is HolderState.ACTIVE


def test_two_presses_at_once_freeze_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    switch(stage)
    use(stage, 1)
    tell_uses(services=stage.services)
    token = token_of(stage)
    link = stage.act(find_freeze_link, token)
    monkeypatch.setattr("eztong.usecases.freezing.freeze_by_notice.find_freeze_link", lambda *_a, **_k: link)
    stage.act(freeze_by_notice, token)
    with pytest.raises(FreezeLinkOver):
        stage.act(freeze_by_notice, token)


def test_promotions_are_off_until_chosen_and_only_an_unlocked_holder_chooses(stage: Stage) -> None:
    stage.lock()
    for verb in (choose_per_use, choose_promotions):
        with pytest.raises(Locked):
            stage.act(verb, LI.session, is_on=True)
    stage.unlock()
    for is_on in (True, False):
        stage.act(choose_promotions, LI.session, is_on=is_on)
        kept = choices(stage)
        assert kept is not None
        assert (kept.promotions, kept.per_use) == (is_on, False)
    assert [one.detail for one in stage.events()] == ["promotions=on", "promotions=off"]


def test_choices_and_links_are_in_the_copy_of_the_own_data_without_hashes(stage: Stage) -> None:
    switch(stage)
    use(stage, 1)
    tell_uses(services=stage.services)
    now = stage.clock.now()
    copy = stage.read(lambda look: collect_data(replace(stage.holder()), stored=look, keys=stage.keys, now=now))
    ((kept,), (link,)) = (copy["notice_choices"], copy["freeze_links"])
    assert (kept["per_use"], set(link)) == (True, {"made_at", "until", "used_at"})


def test_an_account_or_partner_that_is_gone_is_passed_over(stage: Stage) -> None:
    switch(stage)
    use(stage, 1, partner="nobody")
    gone = HolderId("hld_gone")
    stage.write(lambda uow: uow.notice_choices.set_per_use(gone, is_on=True, told_until="", now=stage.clock.now()))
    assert tell_uses(services=stage.services).done == 1
    assert told(stage) == []

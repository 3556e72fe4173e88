"""What a thief put on an account stops nothing after the loss is told, and is gone after it (2.6, 2.9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from eztong.domain.access.passkey import PasskeyPurpose
from eztong.domain.contact.phone_change import COOLING, PhoneChangeOver
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeReason, HolderState
from eztong.domain.notices import NOT_KEPT, EmailLinkOver, FreezeLinkOver, Message, Topic
from eztong.domain.recovery import SETTLED
from eztong.usecases.contact.keep_number import find_by_link
from eztong.usecases.freezing.freeze_by_notice import freeze_by_notice
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.own_notices.choose_notices import choose_per_use, choose_promotions
from eztong.usecases.own_notices.prove_email import prove_email
from eztong.usecases.own_notices.tell_uses import tell_uses
from eztong.usecases.recovery.waiting_recovery import complete_recovery
from tests.unit.usecases.access.ways import PIN, by_passkey, give_passkey, give_pin
from tests.unit.usecases.contact import acts
from tests.unit.usecases.contact.acts import NEW, change
from tests.unit.usecases.contact.test_appeal_number import appeal
from tests.unit.usecases.own_notices.test_choices import switch, token_of, use
from tests.unit.usecases.own_notices.test_email import ADDRESS, give, newest_token, prove, stored
from tests.unit.usecases.recovery.acts import LATER, freeze, recover, wait
from tests.unit.usecases.recovery.test_after_a_loss import SECOND
from tests.unit.usecases.stage import LI, Stage

STOLEN = FreezeReason.ACCOUNT_STOLEN
MINUTE = timedelta(minutes=1)
REASONS = [*FreezeReason]


def pass_by(stage: Stage, span: timedelta) -> None:
    stage.clock.pass_by(seconds=span.total_seconds())


def sent(stage: Stage, topic: Topic) -> list[Message]:
    return [one for one in stage.messages() if one.topic is topic]


def receivers(stage: Stage, topic: Topic) -> list[str]:
    return sorted(one.phone or one.email for one in sent(stage, topic))


def years_old(stage: Stage) -> None:
    """Let the account have a PIN of its holder's, and time go by."""
    give_pin(stage)
    stage.clock.pass_by(days=20)
    stage.unlock()


def tell_theft(stage: Stage, *, after: timedelta = timedelta(hours=1)) -> None:
    pass_by(stage, after)
    stage.empty_outbox()
    freeze(stage, STOLEN)


# --- a mailbox ----------------------------------------------------------------------------------------------------


def test_a_thiefs_mailbox_is_no_contact_once_the_theft_is_told(stage: Stage) -> None:
    years_old(stage)
    prove(stage)
    give_pin(stage, pin="604913")
    tell_theft(stage)
    assert stored(stage) is None
    assert receivers(stage, Topic.EMAIL_REMOVED) == [LI.phone, ADDRESS]
    assert receivers(stage, Topic.ACCOUNT_FROZEN) == [LI.phone]
    assert stage.events()[-2].fact("by") == "loss"
    pass_by(stage, SETTLED)
    wait(stage)
    assert receivers(stage, Topic.RECOVERY_WAITING) == [LI.phone]
    pass_by(stage, timedelta(days=1))
    stage.act(complete_recovery, LATER)
    assert stage.holder().state is HolderState.ACTIVE
    stage.empty_outbox()
    stage.act(tell_holder, stage.holder(), Topic.PIN_CHANGED, {})
    assert receivers(stage, Topic.PIN_CHANGED) == [LI.phone]


def test_a_mailbox_that_was_there_for_a_while_stays_and_may_stop_a_recovery(stage: Stage) -> None:
    years_old(stage)
    prove(stage)
    tell_theft(stage, after=SETTLED)
    pass_by(stage, SETTLED)
    wait(stage)
    assert receivers(stage, Topic.RECOVERY_WAITING) == [LI.phone, ADDRESS]
    assert stored(stage) is not None


def test_what_is_told_after_another_loss_counts_from_the_first(stage: Stage) -> None:
    years_old(stage)
    prove(stage)
    tell_theft(stage, after=SETTLED)
    tell_theft(stage)
    assert stored(stage) is not None


@pytest.mark.parametrize("reason", REASONS)
def test_a_link_that_was_pending_proves_no_address_after_a_freeze(stage: Stage, reason: FreezeReason) -> None:
    give(stage)
    pending = newest_token(stage)
    freeze(stage, reason)
    with pytest.raises(EmailLinkOver):
        stage.act(prove_email, pending)
    assert stored(stage) is None


def test_while_a_loss_stands_an_address_from_shortly_before_hears_of_nothing(stage: Stage) -> None:
    """Also where it is still stored, as one that an earlier version left there."""
    years_old(stage)
    prove(stage)
    left = stored(stage)
    assert left is not None
    tell_theft(stage)
    stage.write(lambda uow: uow.emails.put(left))
    stage.empty_outbox()
    pass_by(stage, SETTLED)
    wait(stage)
    assert receivers(stage, Topic.RECOVERY_WAITING) == [LI.phone]


# --- a number -----------------------------------------------------------------------------------------------------


def test_a_thiefs_number_stops_neither_recovery_nor_appeal_once_the_theft_is_told(stage: Stage) -> None:
    years_old(stage)
    give_pin(stage, pin="604913")
    change(stage)
    undo = acts.link_token(stage)
    tell_theft(stage)
    assert acts.phone_of(stage) == LI.phone
    with pytest.raises(PhoneChangeOver):
        stage.act(find_by_link, undo)
    stage.empty_outbox()
    pass_by(stage, SETTLED)
    wait(stage)
    assert receivers(stage, Topic.OTP) == [LI.phone]
    assert receivers(stage, Topic.RECOVERY_WAITING) == [LI.phone]
    stage.clock.pass_by(days=20)
    appeal(stage, phone="13900000008")
    assert receivers(stage, Topic.PHONE_WAITING) == [LI.phone]
    assert NEW not in {one.phone for one in stage.messages()}


def test_while_it_can_be_undone_both_numbers_hear_what_puts_the_account_at_stake_and_nothing_else(
    stage: Stage,
) -> None:
    change(stage)
    for topic in (Topic.RECOVERY_WAITING, Topic.CODE_USED):
        stage.act(tell_holder, stage.holder(), topic, {})
    assert receivers(stage, Topic.RECOVERY_WAITING) == [LI.phone, NEW]
    assert receivers(stage, Topic.CODE_USED) == [NEW]
    stage.empty_outbox()
    pass_by(stage, COOLING)
    stage.act(tell_holder, stage.holder(), Topic.RECOVERY_WAITING, {})
    assert receivers(stage, Topic.RECOVERY_WAITING) == [NEW]


# --- every kind of link ---------------------------------------------------------------------------------------------


def by_recovery(stage: Stage) -> None:
    pass_by(stage, SETTLED)
    wait(stage)


def by_appeal(stage: Stage) -> None:
    appeal(stage, phone="13900000008")


def by_use(stage: Stage) -> None:
    stage.write(
        lambda uow: uow.notice_choices.set_per_use(stage.holder_id(), is_on=True, told_until="", now=stage.clock.now())
    )
    use(stage, 1)
    tell_uses(services=stage.services)


@pytest.mark.parametrize("is_settled", [True, False], ids=["settled", "too_new"])
@pytest.mark.parametrize(
    ("topic", "send"),
    [
        (Topic.RECOVERY_WAITING, by_recovery),
        (Topic.PHONE_WAITING, by_appeal),
        (Topic.CODE_USED, by_use),
    ],
    ids=lambda one: getattr(one, "value", ""),
)
def test_each_kind_of_link_goes_to_settled_contacts_alone_while_a_loss_stands(
    stage: Stage, topic: Topic, send: Callable[[Stage], None], *, is_settled: bool
) -> None:
    years_old(stage)
    prove(stage)
    change(stage)
    tell_theft(stage, after=SETTLED if is_settled else SETTLED - MINUTE)
    send(stage)
    number = NEW if is_settled else LI.phone
    assert receivers(stage, topic) == sorted([number, ADDRESS] if is_settled else [number])
    assert all(one.params.get("link") for one in sent(stage, topic))


# --- links and choices ----------------------------------------------------------------------------------------------


def test_a_link_of_before_freezes_nothing_after_the_holder_recovered(stage: Stage) -> None:
    years_old(stage)
    switch(stage)
    use(stage, 1)
    tell_uses(services=stage.services)
    link = token_of(stage)
    recover(stage, pin=PIN)
    with pytest.raises(FreezeLinkOver):
        stage.act(freeze_by_notice, link)
    assert stage.holder().state is HolderState.ACTIVE


def test_a_link_of_before_stops_no_recovery_after_the_theft_is_told(stage: Stage) -> None:
    years_old(stage)
    switch(stage)
    stage.clock.pass_by(days=4)
    use(stage, 1)
    tell_uses(services=stage.services)
    link = token_of(stage)
    freeze(stage, STOLEN)
    with pytest.raises(FreezeLinkOver):
        stage.act(freeze_by_notice, link)


@pytest.mark.parametrize("was_on", [True, False])
def test_choices_are_again_what_was_chosen_before(stage: Stage, *, was_on: bool) -> None:
    years_old(stage)
    stage.act(choose_per_use, LI.session, is_on=was_on)
    pass_by(stage, SETTLED)
    stage.unlock()
    stage.act(choose_per_use, LI.session, is_on=not was_on)
    stage.act(choose_promotions, LI.session, is_on=True)
    freeze(stage, FreezeReason.PAUSE)
    chosen = stage.read(lambda look: look.notice_choices.get(stage.holder_id()))
    assert chosen is not None
    assert (chosen.per_use, chosen.promotions) == (not was_on, True)
    use(stage, 1)
    freeze(stage, STOLEN)
    chosen = stage.read(lambda look: look.notice_choices.get(stage.holder_id()))
    assert chosen is not None
    # What informs the holder stays on, whoever switched it on.
    assert (chosen.per_use, chosen.promotions) == (True, False)
    said = [one.detail for one in stage.events() if one.kind is EventKind.NOTICES_CHOSEN]
    assert said[-1] == "per_use=on promotions=off by=loss"
    tell_uses(services=stage.services)
    assert receivers(stage, Topic.CODE_USED) == []


def test_choices_that_come_to_the_same_are_left_alone(stage: Stage) -> None:
    years_old(stage)
    switch(stage)
    switch(stage, is_on=False)
    before = len(stage.events())
    freeze(stage, STOLEN)
    assert [one.kind for one in stage.events()[before:]] == [EventKind.FROZEN]


# --- recovering without a told loss ------------------------------------------------------------------------------


def test_recovering_ends_an_address_that_is_new_and_keeps_an_older_one(stage: Stage) -> None:
    years_old(stage)
    prove(stage)
    pass_by(stage, SETTLED - MINUTE)
    recover(stage, pin=PIN)
    assert stored(stage) is None
    assert [one.fact("by") for one in stage.events() if one.kind is EventKind.EMAIL_REMOVED] == ["recovery"]


def test_recovering_keeps_an_older_address(stage: Stage) -> None:
    years_old(stage)
    prove(stage)
    pass_by(stage, SETTLED)
    recover(stage, pin=PIN)
    assert stored(stage) is not None


def test_what_a_recovery_waits_for_does_not_settle_an_address(stage: Stage) -> None:
    years_old(stage)
    prove(stage)
    pass_by(stage, SETTLED - MINUTE)
    wait(stage)
    stage.clock.pass_by(days=1)
    stage.act(complete_recovery, LATER)
    assert stored(stage) is None


@pytest.mark.parametrize(("before", "is_kept"), [(SETTLED, True), (SETTLED - MINUTE, False)])
def test_recovering_by_passkey_ends_a_pin_that_is_new(stage: Stage, before: timedelta, *, is_kept: bool) -> None:
    give_passkey(stage, authenticator=SECOND)
    years_old(stage)
    give_pin(stage, pin="604913")
    pass_by(stage, before)
    freeze(stage, STOLEN)
    recover(stage, passkey=by_passkey(stage, PasskeyPurpose.RECOVER, SECOND))
    pin = stage.read(lambda look: look.pins.get(stage.holder_id()))
    assert (pin is not None) is is_kept


# --- one way of telling -------------------------------------------------------------------------------------------


def noticed(stage: Stage) -> Counter[str]:
    page = stage.read(lambda look: look.notices.page(stage.holder_id(), before=None, limit=99))
    return Counter(one.topic for one in page)


@pytest.mark.parametrize("to", [(), (NEW,), (LI.phone, NEW)], ids=["own", "other", "both"])
def test_whatever_is_told_leaves_one_notice_and_reaches_a_proven_mailbox(stage: Stage, to: tuple[str, ...]) -> None:
    prove(stage)
    topics = [one for one in Topic if one not in NOT_KEPT]
    before = noticed(stage)
    for topic in topics:
        stage.act(tell_holder, stage.holder(), topic, {}, to=to)
        assert receivers(stage, topic) == sorted([*(to or [LI.phone]), ADDRESS])
    assert noticed(stage) - before == Counter(one.value for one in topics)


def test_a_change_of_the_phone_is_told_as_everything_else(stage: Stage) -> None:
    prove(stage)
    change(stage)
    assert receivers(stage, Topic.PHONE_CHANGED) == [LI.phone, ADDRESS]
    assert receivers(stage, Topic.PHONE_ADDED) == [NEW, ADDRESS]
    assert {"phone_changed", "phone_added"} <= set(noticed(stage))

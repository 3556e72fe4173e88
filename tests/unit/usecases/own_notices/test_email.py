"""An e-mail address: with a consent of its own, proven by its link alone, for notices and nothing else (2.7)."""

from __future__ import annotations

import re

import pytest

from eztong.domain.errors import Locked, TooMany
from eztong.domain.holder import HolderState
from eztong.domain.identity.email_address import parse_email
from eztong.domain.notices import (
    EMAIL_LINK_LIFE,
    EmailKept,
    EmailLinkOver,
    EmailNotConsented,
    FreezeLinkOver,
    HolderEmail,
    Topic,
)
from eztong.usecases.freezing.freeze_by_notice import find_freeze_link
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.own_data.export_data import collect_data
from eztong.usecases.own_notices.add_email import PROOFS, AddEmail, add_email
from eztong.usecases.own_notices.prove_email import find_by_email_link, prove_email
from eztong.usecases.own_notices.remove_email import remove_email
from tests.unit.usecases.stage import LI, WANG, Stage

ADDRESS = "li@example.org"


def give(stage: Stage, address: str = ADDRESS, *, consents: bool = True) -> HolderEmail:
    command = AddEmail(session_hash=LI.session, address=parse_email(address), consents=consents)
    return stage.act(add_email, command, public_url="https://eztong.example")


def newest_token(stage: Stage) -> str:
    link = [one.params["link"] for one in stage.messages() if one.topic is Topic.EMAIL_PROOF][-1]
    found = re.fullmatch(r"https://eztong\.example/notices/email/([\w-]{43})", link)
    assert found is not None
    return found[1]


def stored(stage: Stage) -> HolderEmail | None:
    return stage.read(lambda look: look.emails.get(stage.holder_id()))


def prove(stage: Stage) -> None:
    give(stage)
    stage.act(prove_email, newest_token(stage))
    stage.empty_outbox()


def to(stage: Stage) -> list[tuple[str, str]]:
    """Return what waits, and where it goes."""
    return sorted((one.topic.value, one.phone or one.email) for one in stage.messages())


def test_an_address_is_sealed_and_gets_the_link_and_nothing_else_goes_there(stage: Stage) -> None:
    email = give(stage)
    assert stored(stage) == email
    assert (email.proven_at, email.asked_at) == (None, stage.clock.now())
    assert ADDRESS.encode() not in email.sealed
    assert to(stage) == [("email_proof", ADDRESS)]
    stage.act(tell_holder, stage.holder(), Topic.PIN_CHANGED, {})
    assert to(stage) == [("email_proof", ADDRESS), ("pin_changed", LI.phone)]
    assert [(one.kind, one.detail) for one in stage.events()] == [("email_asked", "consent=notices")]


def test_without_the_tick_or_an_unlock_nothing_is_stored(stage: Stage) -> None:
    with pytest.raises(EmailNotConsented):
        give(stage, consents=False)
    stage.lock()
    with pytest.raises(Locked):
        give(stage)
    with pytest.raises(Locked):
        stage.act(remove_email, LI.session)
    assert (stored(stage), stage.queued(), stage.events()) == (None, [], [])


def test_its_link_proves_it_once_from_anywhere_and_notices_go_there_too(stage: Stage) -> None:
    give(stage)
    token = newest_token(stage)
    found = stage.act(find_by_email_link, token)
    assert (found.address, found.holder) == (ADDRESS, stage.holder())
    assert ADDRESS not in repr(found)
    stage.empty_outbox()
    stage.clock.pass_by(seconds=1)
    stage.act(prove_email, token)
    assert to(stage) == [("email_added", LI.phone), ("email_added", ADDRESS)]
    with pytest.raises(EmailLinkOver):
        stage.act(prove_email, token)
    proven = stored(stage)
    assert proven is not None
    assert (proven.proven_at, proven.link_hash) == (stage.clock.now(), None)
    notices = stage.read(lambda look: look.notices.page(stage.holder_id(), before=None, limit=9))
    assert [one.topic for one in notices] == ["email_added", "registration_decided"]


def test_a_link_that_is_old_was_replaced_or_was_made_for_something_else_opens_nothing(stage: Stage) -> None:
    give(stage)
    first = newest_token(stage)
    stage.empty_outbox()
    give(stage, "other@example.org")
    second = newest_token(stage)
    for token in (first, "nothing"):
        with pytest.raises(EmailLinkOver):
            stage.act(prove_email, token)
    with pytest.raises(FreezeLinkOver):
        stage.act(find_freeze_link, second)
    stage.clock.pass_by(seconds=EMAIL_LINK_LIFE.total_seconds())
    with pytest.raises(EmailLinkOver):
        stage.act(prove_email, second)


def test_a_link_of_an_account_that_ended_opens_nothing(stage: Stage) -> None:
    give(stage)
    token = newest_token(stage)
    stage.change(state=HolderState.DEREGISTERED)
    with pytest.raises(EmailLinkOver):
        stage.act(prove_email, token)


def test_a_proven_address_is_removed_before_there_is_another(stage: Stage) -> None:
    prove(stage)
    with pytest.raises(EmailKept):
        give(stage, "other@example.org")
    assert stage.act(remove_email, LI.session)
    assert to(stage) == [("email_removed", LI.phone), ("email_removed", ADDRESS)]
    assert stored(stage) is None
    stage.empty_outbox()
    stage.act(tell_holder, stage.holder(), Topic.PIN_CHANGED, {})
    assert to(stage) == [("pin_changed", LI.phone)]
    assert not stage.act(remove_email, LI.session)
    give(stage, "other@example.org")


def test_one_that_was_not_proven_goes_without_a_word_to_it(stage: Stage) -> None:
    give(stage)
    stage.empty_outbox()
    assert stage.act(remove_email, LI.session)
    assert (stage.queued(), stored(stage)) == ([], None)


def test_an_account_cannot_fill_a_mailbox(stage: Stage) -> None:
    for _ in range(PROOFS.amount):
        give(stage)
    with pytest.raises(TooMany):
        give(stage)


def test_the_copy_of_the_own_data_holds_it_in_clear_and_no_hash(stage: Stage) -> None:
    prove(stage)
    now = stage.clock.now()
    with stage.store.read() as look:
        copies = [collect_data(stage.holder(who), stored=look, keys=stage.keys, now=now) for who in (LI, WANG)]
    assert [one["address"] for one in copies[0]["notice_email"]] == [ADDRESS]
    assert "link_hash" not in copies[0]["notice_email"][0]
    assert copies[1]["notice_email"] == []

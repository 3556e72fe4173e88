"""The own phrase: chosen on an unlocked device, sealed, gone with a loss, a recovery and the account (4.2.4)."""

from __future__ import annotations

import pytest

from eztong.domain.damage import SealedDataDamaged
from eztong.domain.errors import Locked
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeReason
from eztong.domain.own_data.phrase import PhraseInvalid
from eztong.usecases.freezing.freeze_from_session import freeze_from_session
from eztong.usecases.own_data.own_phrase import ChoosePhrase, choose_phrase, open_phrase, phrase_of, remove_phrase
from eztong.usecases.vault import open_vault
from tests.unit.usecases.stage import LI, WANG, Person, Stage

PHRASE = "桂花糕"


def choose(stage: Stage, phrase: str = PHRASE, person: Person = LI) -> None:
    stage.act(choose_phrase, ChoosePhrase(session_hash=person.session, phrase=phrase))


def shown(stage: Stage, person: Person = LI) -> str:
    return stage.read(lambda stored: phrase_of(stage.holder(person), stored=stored, keys=stage.services.keys))


def told(stage: Stage) -> list[tuple[EventKind, str | None]]:
    kinds = (EventKind.PHRASE_CHOSEN, EventKind.PHRASE_REMOVED)
    return [(one.kind, one.fact("by")) for one in stage.events() if one.kind in kinds]


def test_it_is_chosen_changed_and_removed_and_stands_nowhere_in_clear(stage: Stage) -> None:
    assert shown(stage) == ""
    choose(stage)
    choose(stage, " 桂花糕 加茶 ")
    assert shown(stage) == "桂花糕 加茶"
    kept = stage.read(lambda stored: stored.phrases.get(stage.holder_id()))
    assert kept is not None
    assert "桂花糕".encode() not in kept.sealed
    assert [stage.act(remove_phrase, LI.session) for _ in range(2)] == [True, False]
    assert shown(stage) == ""
    assert told(stage) == [*[(EventKind.PHRASE_CHOSEN, None)] * 2, (EventKind.PHRASE_REMOVED, None)]


def test_it_takes_a_fresh_unlock_and_words(stage: Stage) -> None:
    with pytest.raises(PhraseInvalid):
        choose(stage, "123456")
    stage.clock.pass_by(hours=1)
    for refused in (lambda: choose(stage), lambda: stage.act(remove_phrase, LI.session)):
        with pytest.raises(Locked):
            refused()
    assert shown(stage) == ""
    assert told(stage) == []


def test_another_accounts_key_does_not_open_it(stage: Stage) -> None:
    choose(stage)
    kept = stage.read(lambda stored: stored.phrases.get(stage.holder_id()))
    assert kept is not None
    with pytest.raises(SealedDataDamaged):
        open_phrase(kept, open_vault(stage.holder(WANG), keys=stage.services.keys))


@pytest.mark.parametrize(("reason", "left"), [(FreezeReason.PAUSE, PHRASE), (FreezeReason.ACCOUNT_STOLEN, "")])
def test_a_thief_may_have_read_it_so_a_loss_ends_it_and_a_pause_does_not(
    stage: Stage, reason: FreezeReason, left: str
) -> None:
    choose(stage)
    stage.act(freeze_from_session, LI.session, reason)
    assert shown(stage) == left
    assert told(stage)[1:] == ([] if left else [(EventKind.PHRASE_REMOVED, "loss")])

"""When a key may turn from the console, what becomes of the others, and how far sealing again is said to be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eztong.adapters.keys.rotation import PURPOSES
from eztong.domain.keys.inventory import KeyPlace
from eztong.domain.keys.reseal import Reseal, ResealPhase, parse_reseal, render_reseal
from eztong.domain.keys.rotation import (
    AT_SHELL,
    MAX_NUMBER,
    ON_PAGE,
    ROTATION_PAUSE,
    SEALING,
    STABLE,
    ChangedAtShell,
    KeyChange,
    KeyState,
    RotatedJustNow,
    RotationRefused,
    key_made_on_page,
    parse_change,
    state_after,
)
from eztong.ports.keys import KeyInfo, SealPurpose

NOW = datetime(2026, 3, 1, tzinfo=UTC)
OLD = NOW - timedelta(days=400)
BEGUN = Reseal(reseal_id="rsl_1", by="li.na", started_at=NOW, part="a")


def key(purpose: str, number: int, state: KeyState, *, made: datetime = OLD) -> KeyInfo:
    return KeyInfo(
        key_id=f"{purpose}-{number}", purpose=purpose, number=number, state=state, created_at=made, retired_at=None
    )


def test_every_purpose_is_changed_on_the_page_at_the_shell_or_never() -> None:
    assert sorted([*ON_PAGE, *AT_SHELL, *STABLE]) == sorted(PURPOSES)
    assert set(SealPurpose) == SEALING


@pytest.mark.parametrize("purpose", ON_PAGE)
def test_the_next_key_of_a_purpose_is_named_beforehand(purpose: str) -> None:
    keys = [key(purpose, 1, KeyState.RETIRED), key(purpose, 2, KeyState.ACTIVE), key("other", 7, KeyState.ACTIVE)]
    assert key_made_on_page(purpose, keys, now=NOW) == f"{purpose}-3"


def test_what_stays_or_is_done_at_the_shell_is_refused() -> None:
    in_token = replace(key("results", 1, KeyState.ACTIVE), place=KeyPlace.TOKEN)
    for purpose in ("results", *AT_SHELL):
        with pytest.raises(ChangedAtShell):
            key_made_on_page(purpose, [in_token], now=NOW)
    many = [key("otp", MAX_NUMBER, KeyState.ACTIVE)]
    for purpose in (*STABLE, "otp", "root", ""):
        with pytest.raises(RotationRefused):
            key_made_on_page(purpose, many, now=NOW)


def test_a_rotation_that_would_retire_a_key_waits_and_one_of_keys_that_seal_does_not() -> None:
    def two(purpose: str) -> list[KeyInfo]:
        young = key(purpose, 2, KeyState.ACTIVE, made=NOW)
        return [key(purpose, 1, KeyState.RETIRING), young]

    soon, later = NOW + ROTATION_PAUSE - timedelta(seconds=1), NOW + ROTATION_PAUSE
    with pytest.raises(RotatedJustNow):
        key_made_on_page("results", two("results"), now=soon)
    assert key_made_on_page("results", two("results"), now=later) == "results-3"
    assert key_made_on_page("kek", two("kek"), now=soon) == "kek-3"


def test_keys_age_step_by_step_but_those_that_seal_never_retire_by_themselves() -> None:
    steps = [KeyState.ACTIVE, KeyState.RETIRING, KeyState.RETIRED]
    assert [state_after("results", state) for state in steps] == [KeyState.RETIRING, KeyState.RETIRED, KeyState.RETIRED]
    assert [state_after("kek", state) for state in steps] == [KeyState.RETIRING, KeyState.RETIRING, KeyState.RETIRED]


def test_what_is_agreed_on_is_read_as_it_was_written_and_nothing_else_is() -> None:
    for change in (KeyChange(), KeyChange(key_id="input_rsa-2")):
        assert parse_change(change.words) == change
    for words in ("rotate results", "rotate lookup-2", "retire kek-1", "change-root", "results-2", ""):
        assert parse_change(words) is None


def test_how_far_it_is_counts_both_passes_and_is_whole_at_the_end_only() -> None:
    assert (BEGUN.percent, BEGUN.remaining) == (0, 0)
    measured = replace(BEGUN, total=10, old=4)
    moved = measured.behind(("x",), moved=4, checked=6, left=0)
    assert (measured.remaining, moved.remaining, moved.seen, moved.percent) == (4, 0, 10, 50)
    checking = replace(moved, phase=ResealPhase.CHECKING).behind(("x",), moved=0, checked=12, left=0)
    assert checking.percent == 99
    assert replace(checking, phase=ResealPhase.DONE).percent == 100
    assert parse_reseal(render_reseal(checking)) == checking
    before = render_reseal(BEGUN).replace(',"seen":0', "").replace(',"total":null', "").replace('"old":null,', "")
    assert parse_reseal(before) == BEGUN, "as a version of before wrote it"

"""What is sealed is sealed again under the newest keys, in small steps, whatever happens in between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import create_keyring, load_keyring
from eztong.domain.damage import SealedDataDamaged
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import WrappedKey
from eztong.domain.keys import reseal as rules
from eztong.domain.keys.reseal import KeyStillUsed, Reseal, ResealPhase, ResealRunning, parse_reseal, render_reseal
from eztong.domain.keys.rotation import RotationRefused
from eztong.gm.errors import DecryptionFailed
from eztong.usecases.keys import reseal
from eztong.usecases.keys.ceremony import past_ceremonies
from eztong.usecases.keys.reseal import check_unused, find_reseal
from eztong.usecases.vault import open_vault
from tests.unit.usecases.fakes import START, CountedEntropy
from tests.unit.usecases.keys.turning import RING, ROOT_KEY, begin, finish, ring_of, step, turn_seals
from tests.unit.usecases.operators.acts import operator, stored, with_second_factor
from tests.unit.usecases.stage import LI, WANG, Stage, copy_of, make_template


@pytest.fixture(scope="module")
def with_ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("with-ring")
    keys = create_keyring(folder / RING, folder / ROOT_KEY, entropy=CountedEntropy("resealing"), now=START)
    return make_template(folder, keys)


@pytest.fixture
def stage(with_ring: Path, tmp_path: Path) -> Iterator[Stage]:
    folder = copy_of(with_ring, tmp_path)
    made = Stage(folder, load_keyring(folder / RING, folder / ROOT_KEY))
    operator(made, "li.na")
    with_second_factor(made, "li.na")
    yield made
    made.close()


def counts(stage: Stage) -> Mapping[str, int]:
    return stage.read(lambda repositories: repositories.sealed_values.count_by_key())


def names(stage: Stage) -> list[bytes]:
    """Open what the accounts have sealed."""
    found = []
    for person in (LI, WANG):
        holder = stage.holder(person)
        assert holder.sealed_name is not None
        found.append(open_vault(holder, keys=stage.keys).open("sealed_name", holder.sealed_name))
    return found


def test_everything_goes_over_to_the_newest_keys_and_says_what_it_said(stage: Stage) -> None:
    before, words = counts(stage), names(stage)
    assert before["kek-1"] == 2
    assert before["service_seal-1"] >= 1
    turn_seals(stage)
    begun = begin(stage)
    assert not begun.is_done
    done = finish(stage)
    after = counts(stage)
    assert after == {"kek-2": before["kek-1"], "service_seal-2": before["service_seal-1"]}
    assert (done.phase, done.moved, done.left) == (ResealPhase.DONE, sum(before.values()), 0)
    assert done.checked == done.moved
    assert names(stage) == words
    factor = stored(stage, "li.na").second_factor
    assert factor is not None
    stage.keys.open(factor, place=("operators", "li.na", "second_factor"))


def test_the_old_keys_may_go_afterwards_and_not_before(stage: Stage) -> None:
    turn_seals(stage)
    old = stage.holder(LI).data_key
    with pytest.raises(KeyStillUsed, match="2 values are sealed under kek-1"):
        stage.act(check_unused, "kek-1")
    begin(stage)
    finish(stage)
    for key_id in ("kek-1", "service_seal-1"):
        stage.act(check_unused, key_id)
        ring_of(stage).retire(key_id, entropy=stage.services.entropy, now=stage.clock.now())
    with pytest.raises(DecryptionFailed):
        stage.keys.unwrap(old, owner=stage.holder_id(LI))
    assert len(names(stage)) == 2
    with pytest.raises(RotationRefused, match="retired"):
        ring_of(stage).retire("kek-1", entropy=stage.services.entropy, now=stage.clock.now())
    for key_id in ("kek-2", "results-1", "nothing-1"):
        with pytest.raises(RotationRefused):
            ring_of(stage).retire(key_id, entropy=stage.services.entropy, now=stage.clock.now())


def test_it_goes_on_where_it_stood_after_every_single_step(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reseal, "BATCH", 1)
    total = sum(counts(stage).values())
    turn_seals(stage)
    begin(stage)
    places = []
    while (stands := step(stage)) is not None:
        places.append((stands.phase, stands.part, stands.after))
        # A process that was killed here knows no more than this row.
        assert stage.act(find_reseal) == stands
    assert len(set(places)) == len(places)
    done = stage.act(find_reseal)
    assert done is not None
    assert (done.moved, done.checked, done.left) == (total, total, 0)


def test_what_was_written_under_the_old_key_meanwhile_is_found_by_the_second_pass(
    stage: Stage,
) -> None:
    late = load_keyring(stage.folder / RING, stage.folder / ROOT_KEY)
    turn_seals(stage)
    begin(stage)
    while (stands := step(stage)) is not None and stands.phase is ResealPhase.MOVING:
        pass
    data_key = stage.keys.unwrap(stage.holder(LI).data_key, owner=stage.holder_id(LI))
    wrapped = late.wrap(data_key, nonce=b"n" * 12, owner=stage.holder_id(LI))
    stage.change(LI, data_key=WrappedKey(kek_id=wrapped.kek_id, wrapped=wrapped.wrapped))
    assert counts(stage)["kek-1"] == 1
    finish(stage)
    assert "kek-1" not in counts(stage)


def test_a_value_that_does_not_open_stays_is_counted_and_keeps_its_key(stage: Stage) -> None:
    turn_seals(stage)
    stage.damage("holders", "data_key", b"\x01" + b"x" * 60, of=stage.holder_id(LI))
    begin(stage)
    done = finish(stage)
    assert done.left == 1
    assert counts(stage)["kek-1"] == 1
    with pytest.raises(KeyStillUsed, match="1 values"):
        stage.act(check_unused, "kek-1")
    with pytest.raises(SealedDataDamaged):
        open_vault(stage.holder(LI), keys=stage.keys)


def test_a_part_whose_rows_cannot_be_read_is_passed_over_and_counted(stage: Stage) -> None:
    turn_seals(stage)
    stage.damage("operators", "name", b"\xff\xfe", of="li.na")
    begin(stage)
    assert finish(stage).left == 1


def test_only_one_is_under_way(stage: Stage) -> None:
    begin(stage)
    with pytest.raises(ResealRunning):
        begin(stage)
    finish(stage)
    assert step(stage) is None
    begin(stage)


def test_without_one_nothing_is_done(stage: Stage) -> None:
    assert step(stage) is None
    assert stage.act(find_reseal) is None


def test_its_begin_and_its_end_are_on_record(stage: Stage) -> None:
    turn_seals(stage)
    begun = begin(stage)
    done = finish(stage)
    newest, before = stage.act(past_ceremonies, limit=2)
    assert (newest.kind, before.kind) == (ActKind.KEYS_RESEALED, ActKind.KEYS_RESEALING)
    assert newest.facts == {"reseal": begun.reseal_id, "moved": str(done.moved), "left": "0"}


def test_a_fact_that_is_none_begins_anew(stage: Stage) -> None:
    stage.write(lambda uow: uow.settings.set(rules.RESEAL_SETTING, "{}"))
    assert stage.act(find_reseal) is None
    begin(stage)


def test_where_it_stands_is_stored_and_read_alike() -> None:
    stands = Reseal(
        reseal_id="rsl_1", by="li.na", started_at=START.replace(microsecond=0), after=("a", "b"), part="p.q"
    )
    assert parse_reseal(render_reseal(stands)) == stands
    assert parse_reseal("no json") is None


def test_a_part_that_another_version_named_is_begun_from_the_first() -> None:
    stands = Reseal(reseal_id="rsl_1", by="", started_at=START, part="gone.column", after=("z",))
    assert stands.part_in(["first", "second"]) == "first"

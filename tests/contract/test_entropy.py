"""What the entropy port promises, and that replayed randomness is replayed, loudly."""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.adapters.entropy import ReplayedRandomnessWarning, ReplayEntropy, SystemEntropy
from eztong.gm.sm3 import sm3
from eztong.ports.entropy import Entropy


def replay(seed: bytes = b"seed") -> ReplayEntropy:
    """Make replayable randomness and hear the warning."""
    with pytest.warns(ReplayedRandomnessWarning):
        return ReplayEntropy(seed)


@pytest.fixture(params=["system", "replay"])
def entropy(request: pytest.FixtureRequest) -> Entropy:
    """Each adapter."""
    return SystemEntropy() if request.param == "system" else replay()


def test_tokens_have_the_length_asked_for(entropy: Entropy) -> None:
    """From nothing to many blocks."""
    assert [len(entropy.token(size)) for size in (0, 1, 12, 31, 32, 33, 1000)] == [0, 1, 12, 31, 32, 33, 1000]


def test_tokens_do_not_repeat(entropy: Entropy) -> None:
    """A thousand nonces, all different."""
    assert len({entropy.token(12) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("limit", [1, 2, 10, 255, 256, 257, 10**6, 10**29])
def test_numbers_stay_below_the_limit(entropy: Entropy, limit: int) -> None:
    """Never the limit itself, never negative."""
    assert all(0 <= entropy.below(limit) < limit for _ in range(200))


def test_numbers_are_spread_evenly(entropy: Entropy) -> None:
    """Six thousand throws of a die: each face within five standard deviations."""
    faces = Counter(entropy.below(6) for _ in range(6000))
    assert all(abs(faces[face] - 1000) < 150 for face in range(6))


@pytest.mark.parametrize("limit", [0, -1])
def test_no_number_is_below_nothing(entropy: Entropy, limit: int) -> None:
    """A programmer's mistake."""
    with pytest.raises(ValueError, match=r"."):
        entropy.below(limit)


def test_a_token_cannot_be_shorter_than_nothing(entropy: Entropy) -> None:
    """A programmer's mistake."""
    with pytest.raises(ValueError, match=r"."):
        entropy.token(-1)


def test_threads_never_share_randomness(entropy: Entropy) -> None:
    """Two threads with the same nonce would be the end of SM4-GCM."""
    with ThreadPoolExecutor(8) as pool:
        tokens = list(pool.map(lambda _: entropy.token(40), range(2000)))
    assert len(set(tokens)) == 2000


def test_threads_never_share_an_id(entropy: Entropy) -> None:
    """What ids need may be drawn many at once."""
    with ThreadPoolExecutor(8) as pool:
        drawn = list(pool.map(lambda _: entropy.id_bytes(), range(4000)))
    assert len(set(drawn)) == 4000
    assert {len(one) for one in drawn} == {10}


def test_a_forked_child_does_not_repeat_its_parent() -> None:
    """What the parent drew ahead is not handed out twice."""
    entropy = SystemEntropy()
    entropy.id_bytes()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, b"".join(entropy.id_bytes() for _ in range(100)))
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        theirs = told.read()
    ours = {entropy.id_bytes() for _ in range(100)}
    assert len(ours | {theirs[at : at + 10] for at in range(0, len(theirs), 10)}) == 200


def test_a_secret_is_none_of_what_was_drawn_ahead_for_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    """As short as an id: from now on the system gives zeros, and that is what comes."""
    entropy = SystemEntropy()
    entropy.id_bytes()
    monkeypatch.setattr("secrets.token_bytes", bytes)
    assert entropy.token(10) == bytes(10)


@given(seed=st.binary(max_size=80), sizes=st.lists(st.integers(0, 100), max_size=10))
def test_the_same_seed_gives_the_same_sequence(seed: bytes, sizes: list[int]) -> None:
    """Vectors can be made again."""
    first, second = replay(seed), replay(seed)
    assert [first.token(size) for size in sizes] == [second.token(size) for size in sizes]
    assert first.below(10**29) == second.below(10**29)


def test_the_sequence_is_the_documented_one() -> None:
    """SM3 over the hashed seed and a counter, so that another program can make it, too."""
    entropy = replay(b"seed")
    blocks = [sm3(sm3(b"seed") + number.to_bytes(8)) for number in range(3)]
    assert entropy.token(40) == (blocks[0] + blocks[1])[:40]
    assert entropy.token(5) == blocks[2][:5]


def test_different_seeds_give_different_sequences() -> None:
    """Also where one is the beginning of the other."""
    assert len({replay(seed).token(32) for seed in (b"", b"s", b"se", b"s\x00")}) == 4

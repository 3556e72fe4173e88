"""Merkle proofs: every leaf of every size proves; every altered step, index or leaf is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.merkle import audit_path, leaf_hash, node_hash, root_from_path, tree_levels

SIZES = range(1, 71)


def leaves_of(size: int) -> list[bytes]:
    """Return the leaf hashes of so many documents."""
    return [leaf_hash(b"document %d" % number) for number in range(size)]


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root by the words of RFC 6962 section 2.1: split at the largest power of two below the size."""
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(plain_root(leaves[:half]), plain_root(leaves[half:]))


@pytest.mark.parametrize("size", SIZES)
def test_the_tree_is_the_one_of_rfc_6962_and_every_leaf_proves(size: int) -> None:
    leaves = leaves_of(size)
    levels = tree_levels(leaves)
    assert levels[-1] == [plain_root(leaves)]
    for index, leaf in enumerate(leaves):
        assert root_from_path(leaf, index=index, size=size, path=audit_path(levels, index)) == levels[-1][0]


@pytest.mark.parametrize("size", [*range(2, 20), 31, 32, 33, 63, 64, 65, 70])
def test_no_leaf_proves_at_another_place(size: int) -> None:
    leaves = leaves_of(size)
    levels = tree_levels(leaves)
    for index, leaf in enumerate(leaves):
        path = audit_path(levels, index)
        for other in set(range(size)) - {index}:
            assert not leads_to(levels[-1][0], leaf, index=other, size=size, path=path)


def leads_to(root: bytes, leaf: bytes, *, index: int, size: int, path: Sequence[bytes]) -> bool:
    """Say whether a proof leads to the root."""
    try:
        return root_from_path(leaf, index=index, size=size, path=path) == root
    except ProofInvalid:
        return False


@given(st.sampled_from(SIZES), st.data())
def test_every_altered_step_is_refused(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    levels = tree_levels(leaves)
    index = data.draw(st.integers(0, size - 1))
    path, root = audit_path(levels, index), levels[-1][0]
    for place, step in enumerate(path):
        bit = data.draw(st.integers(0, 255))
        altered = bytes(byte ^ (1 << bit % 8 if at == bit // 8 else 0) for at, byte in enumerate(step))
        assert not leads_to(
            root, leaves[index], index=index, size=size, path=[*path[:place], altered, *path[place + 1 :]]
        )
        assert not leads_to(root, leaves[index], index=index, size=size, path=path[:place] + path[place + 1 :])
        assert not leads_to(root, leaves[index], index=index, size=size, path=[*path[:place], step, *path[place:]])
    assert not leads_to(root, leaf_hash(b"another document"), index=index, size=size, path=path)


@given(st.integers(-3, 200), st.integers(-3, 200), st.lists(st.binary(min_size=32, max_size=32), max_size=9))
def test_arbitrary_claims_give_a_root_or_a_refusal(index: int, size: int, path: list[bytes]) -> None:
    try:
        root = root_from_path(b"\x00" * 32, index=index, size=size, path=path)
    except ProofInvalid:
        return
    assert len(root) == 32
    assert 0 <= index < size


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=70))
def test_the_root_depends_on_every_document_and_its_place(documents: list[bytes]) -> None:
    root = tree_levels([leaf_hash(document) for document in documents])[-1][0]
    for place in range(len(documents)):
        other = [*documents[:place], documents[place] + b"x", *documents[place + 1 :]]
        assert tree_levels([leaf_hash(document) for document in other])[-1][0] != root
    if documents != documents[::-1]:
        assert tree_levels([leaf_hash(document) for document in reversed(documents)])[-1][0] != root


def test_leaves_and_nodes_are_hashed_apart_by_their_first_byte() -> None:
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("this OpenSSL has no SM3 to compare with")
    assert leaf_hash(b"abc") == hashlib.new("sm3", b"\x00abc").digest()
    assert node_hash(b"a" * 32, b"b" * 32) == hashlib.new("sm3", b"\x01" + b"a" * 32 + b"b" * 32).digest()

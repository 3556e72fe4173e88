"""Merkle trees: what a programmer must not ask, and the words of each refusal."""

from __future__ import annotations

import pytest

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.merkle import audit_path, leaf_hash, node_hash, root_from_path, tree_levels

A, B, C = (leaf_hash(text) for text in (b"a", b"b", b"c"))


def test_a_tree_of_one_is_its_leaf_with_an_empty_path() -> None:
    levels = tree_levels([A])
    assert levels == [[A]]
    assert audit_path(levels, 0) == []
    assert root_from_path(A, index=0, size=1, path=[]) == A


def test_a_tree_of_three_lifts_the_last_leaf() -> None:
    levels = tree_levels([A, B, C])
    assert levels[-1] == [node_hash(node_hash(A, B), C)]
    assert audit_path(levels, 2) == [node_hash(A, B)]
    assert audit_path(levels, 0) == [B, C]


def test_an_empty_tree_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="empty"):
        tree_levels([])


@pytest.mark.parametrize("index", [-1, 3])
def test_so_is_a_leaf_outside_the_tree(index: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        audit_path(tree_levels([A, B, C]), index)


@pytest.mark.parametrize(
    ("index", "size", "path", "why"),
    [
        (0, 0, [], "leaf_index"),
        (-1, 3, [B, C], "leaf_index"),
        (3, 3, [B, C], "leaf_index"),
        (0, 3, [B], "path: too short"),
        (0, 3, [], "path: too short"),
        (0, 3, [B, C, C], "path: too long"),
        (2, 3, [A, B], "path: too long"),
        (0, 1, [A], "path: too long"),
    ],
)
def test_a_claim_that_no_tree_can_give_is_refused_by_name(index: int, size: int, path: list[bytes], why: str) -> None:
    with pytest.raises(ProofInvalid, match=why):
        root_from_path(A, index=index, size=size, path=path)


def test_a_node_cannot_be_passed_off_as_a_leaf() -> None:
    left, right = node_hash(A, B), node_hash(C, C)
    root = node_hash(left, right)
    assert leaf_hash(left + right) != root
    assert root_from_path(leaf_hash(left + right), index=0, size=1, path=[]) != root

"""Merkle trees in the shape of RFC 6962 section 2.1, with SM3 as the hash.

Leaf hash ``SM3(0x00 || document)``, node hash ``SM3(0x01 || left || right)``: the two prefixes keep a node from being
passed off as a leaf. A tree of one leaf has that leaf's hash as root and an empty path.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from eztong.domain.errors import ProofInvalid
from eztong.gm.sm3 import sm3

HASH_BYTES = 32
Node = TypeVar("Node")


def leaf_hash(document: bytes) -> bytes:
    """Return the leaf hash of a canonical document."""
    return sm3(b"\x00" + document)


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sm3(b"\x01" + left + right)


def tree_levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return every level of the tree from the leaf hashes up to the root.

    A last node without a sibling moves up unchanged, which gives exactly RFC 6962's tree for any size.

    Raises:
        ValueError: no leaves (programmer's mistake: an empty batch is never signed).
    """
    if not leaves:
        raise ValueError("an empty tree has no signed root")
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        above = [node_hash(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)]
        if len(below) % 2:
            above.append(below[-1])
        levels.append(above)
    return levels


def audit_path(levels: Sequence[Sequence[Node]], index: int) -> list[Node]:
    """Return the siblings that lead from leaf ``index`` to the root, lowest first.

    Args:
        levels: Those of the tree, of hashes or of what is written for them.
        index: Which leaf.

    Raises:
        ValueError: the tree has no such leaf.
    """
    if not 0 <= index < len(levels[0]):
        raise ValueError("no such leaf")
    path = []
    for level in levels[:-1]:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        index >>= 1
    return path


def root_from_path(leaf: bytes, *, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Recompute the root from a leaf hash and its audit path (RFC 9162 section 2.1.3.2).

    Raises:
        ProofInvalid: the index is outside the tree, or the path has a length that no such tree can give.
    """
    if not 0 <= index < size:
        raise ProofInvalid("leaf_index: outside the tree")
    position, last, current = index, size - 1, leaf
    rest = list(path)
    while last:
        if position % 2 or position < last:
            if not rest:
                raise ProofInvalid("path: too short")
            sibling = rest.pop(0)
            current = node_hash(sibling, current) if position % 2 else node_hash(current, sibling)
        position >>= 1
        last >>= 1
    if rest:
        raise ProofInvalid("path: too long")
    return current

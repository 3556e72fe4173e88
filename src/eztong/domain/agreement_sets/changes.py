"""What changed between two versions of a text, clause by clause, as pieces that a page can mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import Final

from eztong.domain.agreement_sets.clauses import Clause, split_clauses

# A Chinese text has no spaces: there each sign stands for itself, elsewhere a word does, an address or a version too.
_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:[.@_-]+[A-Za-z0-9]+)*|\s+|.", re.DOTALL)
_MARKS: Final = re.compile(r"\*\*|</?u>")
_MOST_WORDS: Final = 4_000
"""Longer clauses are shown as a whole before and after: comparing them word by word takes too long."""


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and what became of them."""

    kept: PieceKind
    words: str


@dataclass(frozen=True, slots=True)
class ChangedClause:
    """A clause that reads otherwise: number and heading of now, or of before if it went, and its pieces in order."""

    number: str
    heading: str
    pieces: tuple[Piece, ...]

    @property
    def is_new(self) -> bool:
        """Say whether nothing of it was there before."""
        return all(piece.kept is PieceKind.ADDED for piece in self.pieces)

    @property
    def is_gone(self) -> bool:
        """Say whether nothing of it is there any more."""
        return all(piece.kept is PieceKind.REMOVED for piece in self.pieces)


@lru_cache(maxsize=64)
def changed_clauses(before: str, after: str) -> tuple[ChangedClause, ...]:
    """Return the clauses that read otherwise in ``after``, in its order, and then those that are gone."""
    old, new = split_clauses(before), split_clauses(after)
    earlier = {_key(clause): clause for clause in old}
    found = [_changed(earlier.get(_key(clause)), clause) for clause in new]
    staying = {_key(clause) for clause in new}
    gone = [_changed(clause, None) for clause in old if _key(clause) not in staying]
    return tuple(one for one in (*found, *gone) if one is not None)


def _key(clause: Clause) -> str:
    return clause.number or f"#{clause.heading}"


def _changed(before: Clause | None, after: Clause | None) -> ChangedClause | None:
    named = after or before
    if named is None:
        return None
    # A heading that stayed says what the clause is; it need not be read twice.
    with_heading = before is None or after is None or before.heading != after.heading
    old, new = _words(before, with_heading=with_heading), _words(after, with_heading=with_heading)
    if old == new:
        return None
    return ChangedClause(named.number, named.heading, tuple(_pieces(old, new)))


def _words(clause: Clause | None, *, with_heading: bool) -> list[str]:
    if clause is None:
        return []
    text = f"{clause.heading}\n\n{clause.body}".strip() if with_heading else clause.body
    return _WORD.findall(_MARKS.sub("", text))


def _pieces(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    if max(len(old), len(new)) > _MOST_WORDS or not old or not new:
        whole = [Piece(PieceKind.REMOVED, "".join(old)), Piece(PieceKind.ADDED, "".join(new))]
        return [piece for piece in whole if piece.words]
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Piece(PieceKind.SAME, "".join(old[a:b])))
            continue
        found += [Piece(PieceKind.REMOVED, "".join(old[a:b]))] if b > a else []
        found += [Piece(PieceKind.ADDED, "".join(new[c:d]))] if d > c else []
    return found

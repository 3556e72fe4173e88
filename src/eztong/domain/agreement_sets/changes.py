"""What changed between two versions of a text, clause by clause, as pieces that a page can mark."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Final

from eztong.domain.agreement_sets.clauses import Clause, split_clauses

# A Chinese text has no spaces: there each sign stands for itself, elsewhere a word does, an address or a version too.
_WORD: Final = re.compile(r"[A-Za-z0-9]+(?:[.@_-]+[A-Za-z0-9]+)*|\s+|.", re.DOTALL)
_MARKS: Final = re.compile(r"(\*\*|</?u>)")
_MOST_WORDS: Final = 4_000
"""Longer clauses are shown as a whole before and after: comparing them word by word takes too long."""


class PieceKind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, what became of them, and whether the text emphasises them."""

    kept: PieceKind
    words: str
    strong: bool = False


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


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a clause without its marks, and which of them the marks emphasise."""

    words: list[str]
    strong: list[bool]

    def pieces(self, kept: PieceKind, part: slice = slice(None)) -> list[Piece]:
        """Return some of the words as pieces, each as long as its emphasis."""
        runs = groupby(zip(self.words[part], self.strong[part], strict=True), key=lambda one: one[1])
        return [Piece(kept, "".join(word for word, _ in run), strong) for strong, run in runs]


@lru_cache(maxsize=64)
def changed_clauses(before: str, after: str) -> tuple[ChangedClause, ...]:
    """Return the clauses that read otherwise in ``after``, in its order, and then those that are gone."""
    old, new = split_clauses(before), split_clauses(after)
    earlier = {_key(clause): clause for clause in old}
    found = [_changed(earlier.get(_key(clause)), clause) for clause in new]
    staying = {_key(clause) for clause in new}
    gone = [_changed(clause, None) for clause in old if _key(clause) not in staying]
    return tuple(one for one in (*found, *gone) if one is not None)


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of a plain text that reads otherwise in ``after``; nothing if it reads the same."""
    old, new = ([word[0] for word in _WORD.finditer(text)] for text in (before, after))
    if old == new:
        return ()
    return tuple(_pieces(_Words(old, [False] * len(old)), _Words(new, [False] * len(new))))


def _key(clause: Clause) -> str:
    return clause.number or f"#{clause.heading}"


def _changed(before: Clause | None, after: Clause | None) -> ChangedClause | None:
    named = after or before
    if named is None:
        return None
    # A heading that stayed says what the clause is; it need not be read twice.
    with_heading = before is None or after is None or before.heading != after.heading
    old, new = _words(before, with_heading=with_heading), _words(after, with_heading=with_heading)
    if old.words == new.words:
        return None
    return ChangedClause(named.number, named.heading, tuple(_pieces(old, new)))


def _words(clause: Clause | None, *, with_heading: bool) -> _Words:
    if clause is None:
        return _Words([], [])
    return _read(f"{clause.heading}\n\n{clause.body}".strip() if with_heading else clause.body)


def _read(text: str) -> _Words:
    is_bold = is_underlined = False
    plain, strong = "", list[bool]()
    for part in _MARKS.split(text):
        if part == "**":
            is_bold = not is_bold
        elif part in {"<u>", "</u>"}:
            is_underlined = part == "<u>"
        else:
            plain += part
            strong += [is_bold or is_underlined] * len(part)
    found = list(_WORD.finditer(plain))
    return _Words([word[0] for word in found], [strong[word.start()] for word in found])


def _pieces(old: _Words, new: _Words) -> list[Piece]:
    if max(len(old.words), len(new.words)) > _MOST_WORDS or not old.words or not new.words:
        return [*old.pieces(PieceKind.REMOVED), *new.pieces(PieceKind.ADDED)]
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, old.words, new.words, autojunk=False).get_opcodes():
        if tag == "equal":
            found += new.pieces(PieceKind.SAME, slice(c, d))
            continue
        found += old.pieces(PieceKind.REMOVED, slice(a, b))
        found += new.pieces(PieceKind.ADDED, slice(c, d))
    return found

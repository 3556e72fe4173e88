"""Clauses by their numbers, and what changed between two versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.agreement_sets.changes import Piece, PieceKind, changed_clauses
from eztong.domain.agreement_sets.clauses import Clause, clause_anchor, clause_numbers, split_clauses

TEXT = "开头\n\n## 要点\n\n1. 甲\n\n## 一、总则\n\n### 2.9 挂失\n\n**立即**挂失。\n\n#### 4.2.1\n\n病毒\n"


def test_a_text_is_split_at_its_headings_and_numbered_in_digits() -> None:
    assert split_clauses(TEXT) == [
        Clause("", "", "开头"),
        Clause("", "要点", "1. 甲"),
        Clause("1", "一、总则", ""),
        Clause("2.9", "2.9 挂失", "**立即**挂失。"),
        Clause("4.2.1", "4.2.1", "病毒"),
    ]
    assert clause_numbers(TEXT) == ["1", "2.9", "4.2.1"]
    assert clause_anchor("2.9") == "clause-2.9"


def test_nothing_changed_is_nothing() -> None:
    assert changed_clauses(TEXT, TEXT) == ()
    assert changed_clauses(TEXT, TEXT.replace("**", "")) == ()


def test_a_changed_clause_shows_what_went_and_what_came() -> None:
    (found,) = changed_clauses(TEXT, TEXT.replace("立即", "马上"))
    assert (found.number, found.heading) == ("2.9", "2.9 挂失")
    assert Piece(PieceKind.REMOVED, "立即", strong=True) in found.pieces
    assert Piece(PieceKind.ADDED, "马上", strong=True) in found.pieces
    assert not found.is_new
    assert not found.is_gone


def test_what_is_emphasised_stays_so_beside_what_changed() -> None:
    (found,) = changed_clauses("## 1. A\n\n<u>**we** stop</u> in ten days\n", "## 1. A\n\n**we stop** in two days\n")
    assert found.pieces == (
        Piece(PieceKind.SAME, "we stop", strong=True),
        Piece(PieceKind.SAME, " in "),
        Piece(PieceKind.REMOVED, "ten"),
        Piece(PieceKind.ADDED, "two"),
        Piece(PieceKind.SAME, " days"),
    )


def test_english_changes_by_words() -> None:
    (found,) = changed_clauses("## 1. A\n\nwithin ten days\n", "## 1. A\n\nwithin two days\n")
    assert [piece for piece in found.pieces if piece.kept is not PieceKind.SAME] == [
        Piece(PieceKind.REMOVED, "ten"),
        Piece(PieceKind.ADDED, "two"),
    ]


def test_another_heading_under_the_same_number_is_the_same_clause() -> None:
    (found,) = changed_clauses("## 1. Old\n\nwords\n", "## 1. New\n\nwords\n")
    assert Piece(PieceKind.REMOVED, "Old") in found.pieces
    assert found.heading == "1. New"


def test_a_number_with_dots_changes_as_a_whole() -> None:
    (found,) = changed_clauses("## 1. A\n\nversion 1.2, so\n", "## 1. A\n\nversion 1.3, so\n")
    assert [piece.words for piece in found.pieces] == ["version ", "1.2", "1.3", ", so"]


def test_new_clauses_come_in_their_place_and_those_that_went_last() -> None:
    found = changed_clauses("## 1. A\n\na\n\n## 2. B\n\nb\n", "## 1. A\n\na\n\n## 3. C\n\nc\n")
    assert [(one.number, one.is_new, one.is_gone) for one in found] == [("3", True, False), ("2", False, True)]


def test_a_clause_too_long_to_compare_is_shown_before_and_after() -> None:
    (found,) = changed_clauses(f"## 1. A\n\n{'甲' * 4001}\n", f"## 1. A\n\n{'甲' * 4001}乙\n")
    assert [piece.kept for piece in found.pieces] == [PieceKind.REMOVED, PieceKind.ADDED]


@given(st.text(alphabet="甲乙ab 1\n", max_size=60), st.text(alphabet="甲乙ab 1\n", max_size=60))
@pytest.mark.timeout(60)
def test_pieces_give_both_texts_back(before: str, after: str) -> None:
    for found in changed_clauses(f"## 1. A\n\n{before}", f"## 1. A\n\n{after}"):
        old = "".join(one.words for one in found.pieces if one.kept is not PieceKind.ADDED)
        new = "".join(one.words for one in found.pieces if one.kept is not PieceKind.REMOVED)
        assert (old, new) == (before.strip(), after.strip())

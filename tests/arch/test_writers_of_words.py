"""Words reach a ticket by acts that are listed here, each with what it asks before it writes.

A second way to write is a way around kind, stage, ceiling or budget: whoever adds one says here what it asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quality.trees import trees

USECASES: Final = Path(__file__).parents[2] / "src" / "eztong" / "usecases"
STORES: Final = "add_message"
WRITES: Final = "add_words"

WRITERS: Final = {
    "feedback/add_to_ticket.py add_to_ticket": "no talks, not ended, room for a message",
    "feedback/answer_ticket.py answer_ticket": "an operator, not about themselves; no talks, not ended",
    "feedback/open_ticket.py open_ticket": "a new ticket: budgets, or the account's room for one",
    "disputes/open_dispute.py open_dispute": "a new ticket about a record of the account",
    "guardianship/ask_guardian.py ask_guardian": "a new ticket of a guardian who waits, by an operator who may decide",
    "own_data/correct_name.py _refuse": "a new ticket, of an unlocked session",
    "talks/answer_proposal.py give_up": "an unlocked session, or a secret without an account; talks that run",
    "talks/answer_proposal.py say_in_talk": "the proposal that stands, room for a message",
    "talks/propose_settlement.py declare_failed": "an operator of role legal, not about themselves; talks that run",
    "talks/put_proposal.py put_proposal": "role legal, not about themselves, two about a stranger; room for a proposal",
}
"""Who writes words, and what was asked before."""


def callers(name: str) -> Iterator[str]:
    """Name each function that calls ``name``, or that is given it under another one."""
    for path, tree in trees(USECASES, naming=name):
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and name in set(named(function)):
                yield f"{path.relative_to(USECASES).as_posix()} {function.name}"


def named(function: ast.FunctionDef) -> Iterator[str]:
    """Give every name that the function's body speaks of."""
    for node in ast.walk(function):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def test_every_way_to_write_words_says_what_it_asks_before() -> None:
    assert set(callers(WRITES)) == set(WRITERS)


def test_nothing_but_that_stores_a_message() -> None:
    assert list(callers(STORES)) == ["feedback/sealed_words.py add_words"]

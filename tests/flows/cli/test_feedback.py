"""``eztong feedback``: staff see what waits, read it, and answer it; nobody's words stand in a list."""

from __future__ import annotations

import pytest

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.domain.feedback.ticket import TicketKind
from eztong.ports.act import HOLDER
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.wiring.build import build
from eztong.wiring.settings import Settings
from tests.flows.cli.command import CommandLine

WORDS = "那天我没有去过那家酒店"


@pytest.fixture
def number(filled: CommandLine) -> str:
    """A ticket that somebody without an account opened a moment ago."""
    with pytest.warns(VisibleInboxWarning):
        built = build(Settings(data_dir=filled.data))
    secret = f"{built.services.entropy.below(10**15):016d}"
    command = OpenTicket(session_hash=b"", network="192.0.2.0/24", kind=TicketKind.QUESTION, words=WORDS, secret=secret)
    ticket = built.services.perform(HOLDER, open_ticket, command, calendar=built.services.deployment.calendar)
    built.close()
    return ticket.number


def test_what_waits_is_listed_without_a_word_of_it_then_read_and_answered(filled: CommandLine, number: str) -> None:
    listed = filled.run("feedback", "list", "--json")
    assert (listed.code, number in [one["number"] for one in listed.json()["tickets"]]) == (0, True)
    assert WORDS not in listed.out + listed.err
    assert filled.run("feedback", "list", "--overdue", "--json").json()["tickets"] == []
    shown = filled.run("feedback", "show", number, "--operator", "demo-li", "--json").json()
    assert [one["text"] for one in shown["messages"]] == [WORDS]
    done = filled.run(
        "feedback", "answer", number, "--operator", "demo-li", "--close", "--json", stdin="我们查过了。\n".encode()
    )
    assert done.json() == {"number": number, "state": "closed", "operator": "demo-li"}
    told = filled.run("feedback", "show", number, "--operator", "demo-li")
    assert ("我们查过了。" in told.out, "demo-li" in told.out) == (True, True)
    assert number not in [one["number"] for one in filled.run("feedback", "list", "--json").json()["tickets"]]


def test_an_answer_without_words_or_to_nothing_is_refused_with_a_sentence(filled: CommandLine, number: str) -> None:
    empty = filled.run("feedback", "answer", number, "--operator", "demo-li", stdin=b" \n")
    assert (empty.code != 0, "Write something first" in empty.err) == (True, True)
    for wrong in ("1234567890", "x"):
        refused = filled.run("feedback", "show", wrong, "--operator", "demo-li")
        assert (refused.code != 0, "Traceback" in refused.err) == (True, False)

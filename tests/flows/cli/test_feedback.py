"""``eztong feedback``: staff see what waits, read it, and answer it; nobody's words stand in a list."""

from __future__ import annotations

import os
import subprocess
import sys

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
    assert (empty.code != 0, "standard input or with --words-file" in empty.err) == (True, True)
    for wrong in ("1234567890", "x"):
        refused = filled.run("feedback", "show", wrong, "--operator", "demo-li")
        assert (refused.code != 0, "Traceback" in refused.err) == (True, False)


def at_a_terminal(eztong: CommandLine, *arguments: str, typed: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run a command whose standard input is a terminal, at which somebody has typed already."""
    ours, theirs = os.openpty()
    try:
        os.write(ours, typed)
        command = [sys.executable, "-m", "eztong", *arguments]
        return subprocess.run(
            command,
            stdin=theirs,
            capture_output=True,
            env=eztong.environment(),
            cwd=eztong.folder,
            timeout=60,
            check=False,
        )
    finally:
        os.close(ours)
        os.close(theirs)


def test_at_a_terminal_it_says_what_it_waits_for_after_the_operator_is_proven(filled: CommandLine, number: str) -> None:
    answer = ("feedback", "answer", number, "--operator")
    typed = b"We looked.\n\x04"
    done = at_a_terminal(filled, *answer, "demo-li", typed=typed)
    assert (done.returncode, b"Write the words, end with Ctrl-D" in done.stderr) == (0, True)
    assert "We looked." in filled.run("feedback", "show", number, "--operator", "demo-li").out
    stranger = at_a_terminal(filled, *answer, "no.body", typed=typed)
    assert (stranger.returncode != 0, b"Write the words" in stranger.stderr) == (True, False)


def test_in_a_pipe_nothing_is_asked(filled: CommandLine, number: str) -> None:
    done = filled.run("feedback", "answer", number, "--operator", "demo-li", stdin=b"We looked.\n")
    assert (done.code, "Write the words" in done.err) == (0, False)

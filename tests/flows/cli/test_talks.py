"""``eztong talks``: what runs is listed without a word, and the service proposes or ends it by name."""

from __future__ import annotations

import pytest

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.domain.feedback.ticket import TicketKind
from eztong.ports.act import HOLDER
from eztong.usecases.feedback.open_ticket import OpenTicket
from eztong.usecases.talks.open_talk import OpenTalk, open_talk
from eztong.wiring.build import build
from eztong.wiring.settings import Settings
from tests.flows.cli.command import CommandLine

WORDS, OFFERED = "我被冻结了三天", "我们道歉，并赔偿二百元。"


@pytest.fixture
def number(filled: CommandLine) -> str:
    """Talks that somebody without an account opened a moment ago."""
    with pytest.warns(VisibleInboxWarning):
        built = build(Settings(data_dir=filled.data))
    secret = f"{built.services.entropy.below(10**15):016d}"
    asked = OpenTicket(session_hash=b"", network="192.0.2.0/24", kind=TicketKind.TALKS, words=WORDS, secret=secret)
    calendar = built.services.deployment.calendar
    ticket = built.services.perform(HOLDER, open_talk, OpenTalk(ticket=asked), calendar=calendar)
    built.close()
    return ticket.number


def row(filled: CommandLine, number: str) -> dict[str, str] | None:
    listed = filled.run("talks", "list", "--json")
    assert (listed.code, WORDS in listed.out, OFFERED in listed.out) == (0, False, False)
    found: list[dict[str, str]] = listed.json()["talks"]
    return next((one for one in found if one["number"] == number), None)


def test_the_service_proposes_and_then_ends_what_was_not_answered(filled: CommandLine, number: str) -> None:
    opened = row(filled, number)
    assert opened is not None
    assert (opened["stage"], opened["turn_of"]) == ("open", "service")
    by = ("--operator", "demo-li")
    done = filled.run("talks", "propose", number, *by, "--json", stdin=OFFERED.encode())
    assert (done.code, done.json()["stage"], done.json()["until"]) == (0, "open", "")
    waiting = row(filled, number)
    assert waiting is not None
    assert waiting["turn_of"] == "second operator"
    assert OFFERED not in filled.run("feedback", "show", number, "--operator", "demo-li").out
    assert filled.run("talks", "draft", number).code == 2
    assert OFFERED in filled.run("talks", "draft", number, *by).out
    decide = ("proposals", "approve", done.json()["waits"], "--reason", "read", "--operator")
    assert "same_operator" in filled.run(*decide, "demo-li").err
    assert filled.run(*decide, "demo-wang").code == 0
    proposed = row(filled, number)
    assert proposed is not None
    assert (proposed["turn_of"], proposed["stage"]) == ("asker", "proposed")
    assert f"talks draft {number}" in filled.run("talks", "propose", number, *by, stdin="三百元。".encode()).err
    assert OFFERED in filled.run("feedback", "show", number, "--operator", "demo-li").out
    ended = filled.run("talks", "fail", number, *by, "--json", stdin="我们没有过错。".encode())
    assert ended.json() == {"number": number, "stage": "failed"}
    assert row(filled, number) is None
    again = filled.run("talks", "fail", number, *by, stdin=b"?")
    assert (again.code != 0, "talk_ended" in again.err) == (True, True)


def test_ending_says_what_follows(filled: CommandLine, number: str) -> None:
    ended = filled.run("talks", "fail", number, "--operator", "demo-li", stdin="我们没有过错。".encode())
    assert (ended.code, "have failed" in ended.err) == (0, True)


def test_a_plain_answer_nobody_in_particular_and_no_talks_are_refused(filled: CommandLine, number: str) -> None:
    plain = filled.run("feedback", "answer", number, "--operator", "demo-li", stdin="好。".encode())
    assert (plain.code != 0, "talk_stage_needed" in plain.err) == (True, True)
    nobody = filled.run("talks", "propose", number, stdin="好。".encode())
    assert (nobody.code != 0, "--operator" in nobody.err) == (True, True)
    none = filled.run("talks", "propose", "1234567890", "--operator", "demo-li", stdin="好。".encode())
    assert (none.code != 0, "talk_unknown" in none.err) == (True, True)

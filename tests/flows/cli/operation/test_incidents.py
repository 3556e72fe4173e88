"""``eztong incidents``: opened, announced, told of and ended under a login; what cannot be meant is a sentence."""

from __future__ import annotations

import pytest

from tests.flows.cli.command import CommandLine

SAID = ("--effect-zh", "部分用户打不开亮码页面", "--effect-en", "Some people cannot open the code page")
LOGIN = ("--operator", "demo-li")


def listed(filled: CommandLine, *more: str) -> dict[str, str]:
    found = filled.run("incidents", "list", "--json", *more).json()["incidents"]
    return {one["id"]: one["phase"] for one in found}


def test_an_incident_from_its_beginning_to_its_end(filled: CommandLine) -> None:
    opened = filled.run("incidents", "open", "--kind", "attack", "--affects", "codes", *SAID, *LOGIN, "--json").json()
    name = opened["id"]
    words = ("--words-zh", "已找到原因", "--words-en", "The cause is found")
    told = filled.run("incidents", "update", name, *words, *LOGIN)
    assert (told.code, told.out.strip()) == (0, name)
    assert filled.run("incidents", "end", name, "--operator", "demo-wang").code == 0
    shown = filled.run("incidents", "show", name, "--json").json()
    assert [(one["step"], one["operator"]) for one in shown["updates"]] == [
        ("opened", "demo-li"),
        ("updated", "demo-li"),
        ("ended", "demo-wang"),
    ]
    assert (shown["affects"], shown["effect"]["zh-CN"]) == (["codes"], SAID[1])
    assert shown["phase"] == "ended"


@pytest.fixture(scope="module")
def outage(filled: CommandLine) -> str:
    """An incident that is open for the tests of this module."""
    return str(filled.run("incidents", "open", *SAID, *LOGIN, "--json").json()["id"])


def test_what_is_open_is_listed_and_shown_in_words(filled: CommandLine, outage: str) -> None:
    assert listed(filled)[outage] == "open"
    plain = filled.run("incidents", "show", outage)
    assert ("demo-li" in plain.out, SAID[1] in plain.err) == (True, True)


def test_what_is_over_stands_in_the_whole_list_and_cannot_end_again(filled: CommandLine) -> None:
    name = str(filled.run("incidents", "open", *SAID, *LOGIN, "--json").json()["id"])
    assert filled.run("incidents", "end", name, *LOGIN).code == 0
    assert (name in listed(filled), listed(filled, "--all")[name]) == (False, "ended")
    again = filled.run("incidents", "end", name, *LOGIN)
    assert (again.code != 0, "has ended" in again.err) == (True, True)


def test_announced_work_is_in_shanghais_time_and_can_be_called_off(filled: CommandLine) -> None:
    window = ("--from", "2026-03-01T01:00", "--until", "2026-03-01T02:00+08:00")
    name = filled.run("incidents", "announce", "--kind", "upgrade", *window, *SAID, *LOGIN, "--json").json()["id"]
    shown = filled.run("incidents", "show", name, "--json").json()
    assert (shown["phase"], shown["starts_at"], shown["until"]) == (
        "announced",
        "2026-02-28T17:00:00.000Z",
        "2026-02-28T18:00:00.000Z",
    )
    assert filled.run("incidents", "end", name, *LOGIN).code == 0
    assert listed(filled, "--all")[name] == "called_off"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("open", *SAID), "--operator"),
        (("open", *LOGIN, "--effect-zh", "中断"), "--effect-en"),
        (("open", *SAID, *LOGIN, "--since", "tomorrow"), "write 2026-12-05T01:00"),
        (("open", *SAID, *LOGIN, "--since", "2026-12-05T01:00"), "an outage began already"),
        (("open", *SAID, *LOGIN, "--kind", "upgrade"), "--kind"),
        (("open", *SAID, *LOGIN, "--workaround-zh", "换网络"), "in Chinese and in English"),
        (("open", "--effect-zh", "x" * 301, "--effect-en", "x", *LOGIN), "1 to 300 characters"),
        (("announce", *SAID, *LOGIN, "--from", "2026-03-01T01:00"), "--until"),
        (("announce", *SAID, *LOGIN, "--from", "2020-03-01T01:00", "--until", "2020-03-02"), "still to come"),
        (("update", "inc_none", *LOGIN, "--words-zh", "好", "--words-en", "ok"), "no incident with this id"),
        (("end", "inc_none", *LOGIN), "no incident with this id"),
        (("show", "inc_none"), "no incident with this id"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_sentence(
    filled: CommandLine, arguments: tuple[str, ...], said: str
) -> None:
    done = filled.run("incidents", *arguments)
    assert (done.code != 0, said in done.err, "Traceback" in done.err) == (True, True, False), done.err

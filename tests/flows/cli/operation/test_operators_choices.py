"""``eztong texts`` and ``eztong retention``: tried without a trace, proposed, and published by a second operator."""

from __future__ import annotations

import pytest

from tests.flows.cli.command import CommandLine

LI, WANG = ("--operator", "demo-li"), ("--operator", "demo-wang")
BECAUSE = ("--reason", "as the lawyers ask")
# Each command of these hashes a secret or two, in a process of its own.
pytestmark = pytest.mark.timeout(240)


def test_a_text_is_tried_proposed_published_and_set_back(filled: CommandLine) -> None:
    said = ("--zh", "测试消息，请忽略。", "--en", "A test. Ignore it.")
    tried = filled.run("texts", "set", "test", *said, *BECAUSE, *LI, "--json").json()
    assert [(one["language"], one["sms"]) for one in tried] == [("zh-CN", 1), ("en", 1)]
    assert filled.run("texts", "show", "test", "--json").json()["versions"] == []
    wrong = filled.run("texts", "set", "otp", *said, *BECAUSE, *LI)
    assert (wrong.code, "{otp}" in wrong.err) == (2, True)
    made = filled.run("texts", "set", "test", *said, *BECAUSE, *LI, "--apply", "--json").json()
    alone = filled.run("texts", "publish", made["version"], *BECAUSE, *LI)
    assert (alone.code, "[same_operator]" in alone.err) == (3, True)
    assert filled.run("texts", "publish", made["version"], *BECAUSE, *WANG).code == 0
    shown = filled.run("texts", "show", "test", "--json").json()
    assert (shown["state"], shown["replaced_by"]["zh"]) == ("replaced", "测试消息，请忽略。")
    back = filled.run("texts", "set", "test", "--own", *BECAUSE, *LI, "--apply", "--json").json()
    filled.run("texts", "publish", back["version"], *BECAUSE, *WANG)
    assert {one["state"] for one in filled.run("texts", "list", "--json").json()} == {"own"}


def test_a_period_is_counted_proposed_and_typed_where_it_erases(filled: CommandLine) -> None:
    (tried,) = filled.run("retention", "set", "audit=200", *BECAUSE, *LI, "--json").json()
    assert tried == {"kind": "audit", "days": 1095, "wanted": 200, "erased_earlier": 0}
    assert filled.run("retention", "list", "--json").json() == []
    wrong = filled.run("retention", "set", "audit=1", *BECAUSE, *LI)
    assert (wrong.code, "183 to 7300" in wrong.err) == (2, True)
    made = filled.run("retention", "set", "audit=200", *BECAUSE, *LI, "--apply", "--json").json()
    assert (made["kind"], made["days"]) == ("retention_shorter", {"audit": 200})
    untyped = filled.run("retention", "publish", made["version"], *BECAUSE, *WANG)
    assert (untyped.code, f"--type {made['version'][-6:]}" in untyped.err) == (2, True)
    typed = ("--type", made["version"][-6:])
    assert filled.run("retention", "publish", made["version"], *typed, *BECAUSE, *WANG).code == 0
    days = {one["kind"]: one["days"] for one in filled.run("retention", "show", "--json").json()}
    assert (days["audit"], days["tickets"]) == (200, 1095)

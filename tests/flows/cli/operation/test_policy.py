"""``eztong policy``: two operators publish a version, one calls it off, anybody with the command line tries it."""

from __future__ import annotations

import json

import pytest

from tests.flows.cli.command import CommandLine

LI, WANG = ("--operator", "demo-li"), ("--operator", "demo-wang")
BECAUSE = ("--reason", "tried on a month")
# Each command of these hashes a secret or two, in a process of its own.
pytestmark = pytest.mark.timeout(240)


def document(filled: CommandLine, version: str, *, valid_from: str | None = None, **rules: object) -> str:
    """Write a version; return the file."""
    file = filled.folder / f"{version}.json"
    head = {"format": "eztong/application-policy/v1", "version": version, "valid_from": valid_from}
    file.write_text(json.dumps(head | {"rules": rules}))
    return str(file)


def standing(filled: CommandLine) -> dict[str, str]:
    return {one["version"]: one["standing"] for one in filled.run("policy", "list", "--json").json()}


def test_a_version_is_tried_proposed_approved_and_shown(filled: CommandLine) -> None:
    file = document(filled, "2027-01", R34={"does": "review", "age": 120}, R40={"does": "review"})
    (counted,) = filled.run("policy", "simulate", file, "--json").json()["changed"]
    assert counted.keys() == {"from", "to", "count"}
    tried = filled.run("policy", "simulate", file, "--json", *LI).json()
    (change,) = tried["changed"]
    assert (change["from"], change["to"], change["count"]) == ("approve R00", "review R34", 4)
    assert (len(set(change["applications"])), tried["judged"], tried["same"]) == (4, 4, 0)
    assert (tried["in_force"], tried["not_judged"]) == ("2026-03", {"not_recorded": 0, "unreadable": 0})
    said = filled.run("policy", "simulate", file, "--since", "2020-01-01")
    assert (said.code, "4 decisions tried: 0 the same, 4 otherwise." in said.out) == (0, True)
    assert "Nothing was decided" in said.err
    assert standing(filled) == {"2026-03": "in_force"}

    proposed = filled.run("policy", "propose", file, *BECAUSE, *LI, "--json").json()
    assert (proposed["hash"], proposed["kind"]) == (tried["hash"], "policy")
    assert standing(filled) == {"2027-01": "proposed", "2026-03": "in_force"}
    alone = filled.run("policy", "approve", "2027-01", *BECAUSE, *LI)
    assert (alone.code, "[same_operator]" in alone.err) == (3, True)
    done = filled.run("policy", "approve", "2027-01", *BECAUSE, *WANG)
    assert (done.code, "decides from" in done.err) == (0, True)
    assert standing(filled) == {"2027-01": "in_force", "2026-03": "superseded"}

    shown = filled.run("policy", "show", "--json").json()
    assert (shown["version"], shown["hash"], shown["made_by"]) == ("2027-01", tried["hash"], "demo-li")
    by_rule = {one["rule"]: (one["set_by"], one["does"], one["parameter"]) for one in shown["rules"]}
    assert by_rule["R34"] == ("version", "review", 120)
    assert by_rule["R30"] == ("default", "refuse", None)
    assert by_rule["R20"] == ("fixed", None, None)
    again = filled.folder / "again.json"
    again.write_text(json.dumps(shown["document"]))
    assert filled.run("policy", "simulate", str(again), "--json").json()["hash"] == tried["hash"]
    assert "R34" in filled.run("policy", "show", "2027-01").out
    assert filled.run("policy", "show", "2026-03", "--json").json()["standing"] == "superseded"


def test_one_operator_calls_off_what_is_not_in_force(filled: CommandLine) -> None:
    file = document(filled, "later", valid_from="2999-01-01", R40={"does": "refuse"})
    assert "[policy_too_far_ahead]" in filled.run("policy", "propose", file, *BECAUSE, *LI).err
    soon = filled.run("policy", "list", "--json").json()
    assert all(one["version"] != "later" for one in soon)
    unknown = filled.run("policy", "call-off", "later", *BECAUSE, *LI)
    assert (unknown.code, "[policy_unknown]" in unknown.err) == (3, True)
    begun = filled.run("policy", "call-off", "2026-03", *BECAUSE, *LI)
    assert begun.code == 3


def test_what_is_no_version_is_refused_with_the_place(filled: CommandLine) -> None:
    looser = filled.run("policy", "simulate", document(filled, "looser", R20={"does": "approve"}))
    assert (looser.code, "[policy_rule_fixed]" in looser.err, "R20" in looser.err) == (2, True, True)
    wrong = filled.run("policy", "propose", document(filled, "wrong", R33={"does": "review", "age": 81}), *BECAUSE, *LI)
    assert (wrong.code, "R33: age" in wrong.err) == (2, True)
    assert filled.run("policy", "show", "nothing").code == 3

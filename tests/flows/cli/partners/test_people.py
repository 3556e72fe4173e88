"""``eztong partners people``: the first person of a partner's portal, and the end of one."""

from __future__ import annotations

from tests.flows.cli.command import CommandLine

LI = ("--operator", "demo-li")


def test_people_are_added_listed_invited_signed_out_and_disabled(filled: CommandLine) -> None:
    added = filled.run("partners", "people", "add", "hotel", "Chen", "--json", *LI).json()
    assert (added["login"], added["role"], added["set_up"]) == ("chen@hotel", "administrator", False)
    assert added["page"].endswith("/partner/set-up")
    assert len(added["word"]) == 19
    assert filled.run("partners", "people", "add", "hotel", "chen", *LI).code == 3
    again = filled.run("partners", "people", "invite", "hotel", "chen", *LI)
    assert again.code == 0
    assert added["word"] not in again.out
    assert "0 browsers" in filled.run("partners", "people", "sign-out", "hotel", "chen", *LI).err
    assert filled.run("partners", "people", "disable", "hotel", "chen", *LI).code == 0
    listed = {one["login"]: one["state"] for one in filled.run("partners", "people", "list", "hotel", "--json").json()}
    assert listed["chen@hotel"] == "disabled"
    assert filled.run("partners", "people", "disable", "library", "chen", *LI).code == 3
    assert filled.run("partners", "people", "list", "nobody").code == 3

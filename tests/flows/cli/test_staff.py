"""Staff accounts from the command line: a password is shown once, a disabled account is listed as such."""

from tests.flows.cli.command import CommandLine

LI = ("--operator", "demo-li")


def test_an_account_is_made_listed_reset_and_disabled(filled: CommandLine) -> None:
    made = filled.run("partners", "staff", "create", "hotel", "Night-Shift", "--label", "夜班", "--json", *LI).json()
    assert (made["login"], made["label"], made["state"]) == ("night-shift", "夜班", "active")
    assert filled.run("partners", "staff", "create", "hotel", "night-shift", *LI).code == 3
    reset = filled.run("partners", "staff", "reset", "hotel", "night-shift", "--json", *LI).json()
    assert reset["password"] != made["password"]
    assert filled.run("partners", "staff", "disable", "hotel", "night-shift", *LI).code == 0
    listed = filled.run("partners", "staff", "list", "hotel", "--json")
    assert made["password"] not in listed.out
    assert {s["login"]: s["state"] for s in listed.json()} == {"hotel": "active", "night-shift": "disabled"}


def test_a_password_may_come_by_standard_input_but_not_a_short_one(filled: CommandLine) -> None:
    create = ("partners", "staff", "create", "library", "gate", "--password-stdin", *LI)
    assert filled.run(*create, stdin=b"short\n").code == 2
    given = filled.run(*create, stdin=b"long enough to be one\n")
    assert given.code == 0
    assert "long enough" not in given.out + given.err


def test_another_partners_account_is_out_of_reach(filled: CommandLine) -> None:
    assert filled.run("partners", "staff", "disable", "library", "hotel", *LI).code == 3
    assert filled.run("partners", "staff", "list", "nobody").code == 3

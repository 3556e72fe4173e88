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


def test_a_desk_is_added_ended_once_its_id_is_confirmed_and_opened_again(filled: CommandLine) -> None:
    desks = ("partners", "desks")

    def state() -> str:
        listed = filled.run(*desks, "list", "library", "--json").json()
        return str(next(one["state"] for one in listed if one["desk"] == "side-1"))

    assert filled.run(*desks, "add", "library", "side-1", "--name", "侧门", *LI).code == 0
    end = (*desks, "end", "library", "side-1", *LI)
    assert (filled.run(*end).code, state()) == (0, "open")
    assert (filled.run(*end, "--apply", "--confirm", "side").code, state()) == (2, "open")
    assert (filled.run(*end, "--apply", "--confirm", "side-1").code, state()) == (0, "ended")
    assert filled.run(*end, "--apply", "--confirm", "side-1").code == 3
    assert (filled.run(*desks, "open", "library", "side-1", *LI).code, state()) == (0, "open")


def test_an_app_is_required_of_a_partners_staff_or_in_its_sector(filled: CommandLine) -> None:
    def rule() -> str:
        return str(filled.run("partners", "show", "library", "--json").json()["staff_factor"])

    sector = filled.run("partners", "show", "library", "--json").json()["sector"]
    for words, expected in (
        (("require-app", "library"), "partner"),
        (("require-app-in", sector), "sector"),
        (("require-app-in", sector, "--off"), "partner"),
        (("require-app", "library", "--off"), "chosen"),
    ):
        assert filled.run("partners", "staff", *words, *LI).code == 0
        assert rule() == expected
    assert filled.run("partners", "staff", "require-app", "library", "--off", *LI).code == 3
    reset = filled.run("partners", "staff", "reset", "library", "library", "--app-too", "--json", *LI).json()
    assert reset["app"] is False


def test_a_quota_is_given_shown_and_taken_away(filled: CommandLine) -> None:
    def shown() -> tuple[object, object]:
        found = filled.run("partners", "show", "library", "--json").json()
        return found["monthly_quota"], found["over_quota"]

    quota = ("partners", "quota", "library")
    why = ("--reason", "contract", *LI)
    assert filled.run(*quota, "1000", "--over", "refuse", *why).code == 0
    assert shown() == (1000, "refuse")
    assert filled.run(*quota, "many", *why).code == 2
    assert filled.run(*quota, "0", *why).code == 0
    assert shown() == (None, None)

"""A partner's life on the command line, from its application to its end."""

import json
from typing import Any

import pytest

from tests.flows.cli.command import CommandLine
from tests.unit.usecases.partners.acts import document

ITEMS = ["organisation", "contact", "sector", "purposes", "claims", "assessments", "addresses", "contract"]
LI = ("--operator", "demo-li", "--reason", "looked up")
WANG = ("--operator", "demo-wang", "--reason", "checked")
NAME = "示例银行"


def handed_in(filled: CommandLine, **changed: object) -> str:
    """Write an application into a file and return its path."""
    path = filled.folder / "bank.json"
    path.write_text(json.dumps(document(**changed), ensure_ascii=False))
    return str(path)


def two(filled: CommandLine, *command: str) -> dict[str, Any]:
    """Propose as one operator, approve as another; return what the proposal said."""
    proposed: dict[str, Any] = filled.run("partners", *command, *LI, "--json").json()
    assert filled.run("proposals", "approve", proposed["proposal_id"], *WANG).code == 0
    return proposed


def shown(filled: CommandLine) -> tuple[str, str]:
    found = filled.run("partners", "show", "bank", "--json").json()
    return found["state"], found["stage"]


@pytest.mark.timeout(240)
def test_a_partner_applies_is_approved_goes_live_is_suspended_and_closed(filled: CommandLine) -> None:
    wrong = filled.run("partners", "apply", handed_in(filled, credit_code="91350100M000100Y44"), *LI[:2])
    assert (wrong.code, "[credit_code_invalid]" in wrong.err) == (2, True)
    assert "[operator_needed]" in filled.run("partners", "apply", handed_in(filled)).err
    made = filled.run("partners", "apply", handed_in(filled), *LI[:2], "--json").json()
    application = made["application_id"]
    assert [one["application_id"] for one in filled.run("partners", "applications", "--json").json()] == [application]
    review = filled.run("partners", "review", application, *LI[:2], "--json").json()
    assert (review["contact"]["person"], review["scenes"][0]["claims"]) == ("王芳", ["age_over_18"])
    assert "[operator_needed]" in filled.run("partners", "review", application).err
    assert "王芳" in filled.run("partners", "review", application, *LI[:2]).out

    asked = filled.run("partners", "ask", application, "--about", "assessments", *LI)
    assert (asked.code, asked.out.strip()) == (0, application)
    assert filled.run("partners", "supplement", application, handed_in(filled), *LI[:2]).code == 0
    checked = [part for item in ITEMS for part in ("--checked", item)]
    open_ = filled.run("partners", "approve", application, *checked[:-2], *LI)
    assert ("[partner_checklist_open]" in open_.err, "contract" in open_.err) == (True, True)
    assert filled.run("partners", "approve", application, *checked, *LI).code == 0
    assert shown(filled) == ("approved", "sandbox")

    two(filled, "go-live", "bank")
    assert shown(filled) == ("approved", "live")
    assert "[partner_state_conflict]" in filled.run("partners", "go-live", "bank", *LI).err
    assert filled.run("partners", "keys", "create", "bank", "--label", "server", *LI[:2]).code == 0
    assert filled.run("partners", "suspend", "bank", *LI).code == 0
    assert "[partner_state_conflict]" in filled.run("partners", "suspend", "bank", *LI).err
    two(filled, "resume", "bank")

    assert filled.run("partners", "networks", "bank", "192.0.2.0/24", *LI, "--json").json() == ["192.0.2.0/24"]
    assert "[network_invalid]" in filled.run("partners", "networks", "bank", "anywhere", *LI).err
    assert filled.run("partners", "networks", "bank", *LI).code == 2
    assert filled.run("partners", "redirects", "bank", "--any", *LI).code == 0
    assert filled.run("partners", "rate", "bank", "1200", *LI).code == 0
    limits = filled.run("partners", "show", "bank", "--json").json()
    assert (limits["networks"], limits["redirects"], limits["per_minute"]) == (["192.0.2.0/24"], [], 1200)

    dry = filled.run("partners", "close", "bank", *LI)
    assert (dry.code, "1 live keys" in dry.err, shown(filled)) == (0, True, ("approved", "live"))
    assert "[name_not_typed]" in filled.run("partners", "close", "bank", *LI, "--apply", "--name", "bank").err
    closing = two(filled, "close", "bank", "--apply", "--name", NAME)
    assert closing["affected"] == {"holders": 0, "grants": 0, "requests": 0, "keys": 1, "staff": 0}
    assert shown(filled) == ("closed", "live")
    [key] = filled.run("partners", "keys", "list", "bank", "--json").json()
    assert key["revoked_at"] is not None
    assert "[partner_state_conflict]" in filled.run("partners", "apply", handed_in(filled), *LI[:2]).err


def test_whoever_was_refused_or_withdrew_is_listed_with_all(filled: CommandLine) -> None:
    ids = []
    for act in (("refuse", "--wrong", "purposes"), ("withdraw",)):
        file = handed_in(filled, partner="shop")
        application = filled.run("partners", "apply", file, *LI[:2]).out.strip()
        assert filled.run("partners", act[0], application, *act[1:], *LI, "--json").code == 0
        ids.append(application)
    waiting = {one["application_id"] for one in filled.run("partners", "applications", "--json").json()}
    everything = {
        one["application_id"]: one["state"] for one in filled.run("partners", "applications", "--all", "--json").json()
    }
    assert waiting.isdisjoint(ids)
    assert [everything[one] for one in ids] == ["refused", "withdrawn"]

"""Clause 5.5: a clause that is void or suspended is marked in its place; its words and everything else stand."""

from __future__ import annotations

import json
import re

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.own_copy import signed_in, take_copy
from tests.simulators.publishing import FIRST, SECOND, approve, refused, run
from tests.simulators.service import Service

WHY = ("--words-zh", "法院认定该条无效。", "--words-en", "A court found it void.", "--reason", "judgment")


def clause(service: Service, path: str, number: str) -> str:
    """Return a clause with what stands in it, as a page shows it."""
    page = Citizen(service).open(path).text
    return page.partition(f'id="clause-{number}"')[2].partition('id="clause-')[0]


def sever(service: Service, number: str, effect: str) -> dict[str, str]:
    """Propose a mark, have it approved, and return its id."""
    since = service.now().date().isoformat()
    told = ("agreements", "sever", "service", number, "--effect", effect, "--from", since, *WHY)
    made = json.loads(run(service, *told, "--operator", FIRST, "--json"))
    assert "clause-mark" not in Citizen(service).open("/documents/service").text
    proposal = made["proposal"]["proposal_id"]
    assert "same_operator" in refused(service, "proposals", "approve", proposal, "--reason", "x", "--operator", FIRST)
    approve(service, proposal)
    return {"mark": made["id"], "version": made["version"]}


@pytest.mark.timeout(420)
def test_a_marked_clause_keeps_its_words_and_ends_no_acceptance_and_can_be_lifted(service: Service) -> None:
    holder = service.holder("P11")
    words = re.sub(r"<[^>]+>", "", clause(service, "/documents/service", "2.9"))
    others = clause(service, "/documents/service", "2.8")
    made = sever(service, "2.9", "void")
    for path in ("/documents/service", f"/documents/service/{made['version']}", "/documents/service?lang=en"):
        marked = clause(service, path, "2.9")
        assert 'class="clause-mark"' in marked, path
        assert ("A court found it void." if "lang=en" in path else "法院认定该条无效。") in marked
    assert words.strip()[-40:] in re.sub(r"<[^>]+>", "", clause(service, "/documents/service", "2.9"))
    assert clause(service, "/documents/service", "2.8") == others
    assert service.ask_code(holder["id"]).status_code == 201
    citizen = signed_in(service, holder["id"])
    service.wait_for(lambda: "第 2.9 条" in citizen.open("/me/notices").text)
    service_text = next(one for one in take_copy(citizen)["acceptances"] if one["kind"] == "service")
    assert 'class="clause-mark"' in citizen.open(f"/me/agreements/{service_text['acceptance_id']}").text

    newcomer = Citizen(service)
    assert 'class="clause-mark"' in newcomer.open("/register").text
    newcomer.register("测一二", "110000199003080023", "19900000533")
    mine = next(one for one in take_copy(newcomer)["acceptances"] if one["kind"] == "service")
    receipt = newcomer.open(f"/me/agreements/{mine['acceptance_id']}/receipt").json()["document"]
    assert [(one["clause"], one["effect"]) for one in receipt["severed"]] == [("2.9", "void")]

    lifting = json.loads(
        run(service, "agreements", "restore", made["mark"], "--reason", "reversed", "--operator", SECOND, "--json")
    )
    done = service.run("proposals", "approve", lifting["proposal_id"], "--reason", "read", "--operator", FIRST)
    assert done.returncode == 0, done.stderr
    assert "恢复适用" in clause(service, "/documents/service", "2.9")


def test_what_is_no_clause_cannot_be_marked(service: Service) -> None:
    since = service.now().date().isoformat()
    told = ("agreements", "sever", "service", "9.9", "--effect", "void", "--from", since, *WHY, "--operator", FIRST)
    assert "clause_unknown" in refused(service, *told)

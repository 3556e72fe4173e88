"""Keys at the console: what would happen is shown, two agree after a proof, and the running service takes it up."""

from __future__ import annotations

import re

import pytest

from eztong.domain.keys.rotation import ON_PAGE
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.signed_in import PROOF_LIFE
from eztong.usecases.keys.reseal import find_reseal
from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser
from tests.simulators.due_work import make_due_keys

SECURITY, SYSTEM, AUDIT = OperatorRole.SECURITY, OperatorRole.SYSTEM, OperatorRole.AUDIT
CHANGE = "/console/keys/change"


@pytest.fixture
def li(town: Town) -> StaffBrowser:
    return StaffBrowser(town, language="en").as_operator("li", SECURITY)


@pytest.fixture
def wang(town: Town) -> StaffBrowser:
    return StaffBrowser(town, language="en").as_operator("wang", SYSTEM)


def proposed(staff: StaffBrowser, what: str) -> str:
    """Look at a change, propose it, and return where the proposal stands."""
    shown = staff.get(f"{CHANGE}?what={what}").text
    (key,) = re.findall(r'name="key" value="([^"]*)"', shown)
    page = staff.send_form(CHANGE, what=what, key=key, reason="yearly")
    assert page.url.path.startswith("/console/proposals/prp_"), page.text
    return page.url.path


def test_a_change_is_looked_at_agreed_on_by_two_and_done_without_a_restart(
    li: StaffBrowser, wang: StaffBrowser, town: Town
) -> None:
    shown = li.get(f"{CHANGE}?what=kek").text
    assert all(words in shown for words in ("kek-2", "kek-1", "nothing was changed", "can be sealed again afterwards"))
    path = proposed(li, "kek")
    assert 'value="approve"' not in li.get(path).text, "nobody approves their own"
    assert "waits for another operator" in li.get(f"{CHANGE}?what=kek").text
    assert 'href="/console/keys/change?what=kek"' in wang.get(path).text
    assert "rotate kek-2" in li.get("/console/keys").text
    wang.send_form(path, end="approve", reason="seen")
    assert make_due_keys(services=town.services, ring=town.built.keyring).done == 1
    page = li.get("/console/keys").text
    assert "<code>kek-2</code>" in page
    assert "yearly" in page
    wrapped = town.services.keys.wrap(b"k" * 16, nonce=b"n" * 12, owner="o")
    assert wrapped.kek_id == "kek-2"

    path = proposed(li, "reseal")
    wang.get(path)
    wang.send_form(path, end="approve", reason="seen")
    assert 'id="resealing"' in li.get("/console/keys").text
    assert "being sealed again already" in li.get(f"{CHANGE}?what=reseal").text
    with town.services.store.read() as stored:
        begun = find_reseal(stored=stored)
    assert begun is not None


def test_what_is_not_possible_says_so_and_nothing_is_proposed(li: StaffBrowser, town: Town) -> None:
    li.get(f"{CHANGE}?what=results")
    assert li.send_form(CHANGE).status_code == 404
    li.get(f"{CHANGE}?what=results")
    late = li.send_form(CHANGE, what="results", key="results-7", reason="yearly")
    assert (late.status_code, "changed this key meanwhile" in late.text) == (409, True)
    bare = li.send_form(CHANGE, what="results", key="results-2", reason=" ")
    assert bare.status_code == 422
    for what in ("authority_client", "lookup", "root", "nonsense"):
        page = li.get(f"{CHANGE}?what={what}").text
        assert 'name="reason"' not in page
        assert 'name="what"' in page, "it offers what there is"
    with town.services.store.read() as stored:
        assert not stored.proposals.open(limit=5).those
    assert all(f'<option value="{what}"' in li.get("/console/keys").text for what in (*ON_PAGE, "reseal"))
    reader = StaffBrowser(town, language="en").as_operator("zhang", AUDIT)
    assert 'name="reason"' not in reader.get(f"{CHANGE}?what=kek").text


def test_a_session_alone_proposes_no_change_of_keys(li: StaffBrowser, town: Town) -> None:
    town.pass_time(int(PROOF_LIFE.total_seconds()))
    li.get(f"{CHANGE}?what=kek")
    asked = li.send_form(CHANGE, what="kek", key="kek-2", reason="yearly")
    assert (asked.status_code, li.error()) == (403, "operator_proof_needed")

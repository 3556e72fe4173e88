"""An organisation asks to become a partner at the public page, and goes on by its receipt alone."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

import httpx
import pytest
from starlette.testclient import TestClient

from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.partners.application import ApplicantState, PartnerApplication, ReviewItem
from tests.flows.citizen.browser import Town
from tests.flows.partner_portal.people import PortalBrowser

APPLY, STATE = "/partner/apply", "/partner/apply/state"
SCENE = {
    "title": "开户",
    "title_en": "Open an account",
    "scene": "open_account",
    "purpose": "开立账户前核对本人",
    "purpose_en": "to make sure that it is you",
    "age_over_18": "yes",
    "floor": Assurance.HIGH.value,
    "lawful_legitimate_necessary": "法律要求开户前核对本人身份。",
    "impact_on_rights_and_risk": "只得到是否本人，风险是编码泄露。",
    "protective_measures": "加密存放，销户后删除。",
}
FIELDS = {
    "name": "示例银行",
    "name_en": "Demo Bank",
    "credit_code": "91350100M000100Y43",
    "person": "王芳",
    "email": "wang.fang@bank.example",
    "redirects": "https://bank.example/back",
    "networks": "192.0.2.0/24\n198.51.100.0/24",
    "scenes": "1",
} | {f"scene_0_{name}": value for name, value in SCENE.items()}

WRONG = {
    "credit_code": "91350100M000100Y44",
    "email": "nobody",
    "person": " ",
    "networks": "0.0.0.0/0",
    "redirects": "http://bank.example",
    "sector": "Bank",
    "scene_0_scene": "Open",
    "scene_0_protective_measures": "kurz",
}


@pytest.fixture
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("data"))
    yield town
    town.built.close()


@pytest.fixture
def company(town: Town) -> PortalBrowser:
    browser = PortalBrowser(town)
    browser.get(APPLY)
    return browser


def hidden(browser: PortalBrowser, name: str) -> str:
    return html.unescape(re.findall(rf'name="{name}" value="([^"]*)"', browser.page.text)[0])


def handed_in(browser: PortalBrowser, **changed: str) -> str:
    """Hand the application in, and return its receipt."""
    receipt = hidden(browser, "receipt")
    answer = browser.send_form(APPLY, receipt=receipt, **(FIELDS | changed))
    assert answer.status_code == 200, answer.text
    return receipt


def looked(browser: PortalBrowser, receipt: str, **fields: str) -> httpx.Response:
    browser.get(STATE)
    return browser.send_form(STATE, receipt=receipt, **fields)


def kept(town: Town) -> Sequence[PartnerApplication]:
    with town.services.store.read() as stored:
        return stored.partner_applications.list(limit=100).those


def new_partners(town: Town) -> list[PartnerId]:
    with town.services.store.read() as stored:
        return [one.partner_id for one in stored.partners.list().those if one.partner_id.startswith("org-")]


def reviewed(town: Town, how: str, reason: str, *, items: list[ReviewItem]) -> PortalBrowser:
    keeper = PortalBrowser(town)
    keeper.as_operator(f"op.{how}", OperatorRole.PARTNERS)
    [application] = kept(town)
    path = f"/console/partners/applications/{application.application_id}"
    assert "王芳" in keeper.get(path).text
    ticked = {f"item_{item.value}": "yes" for item in items}
    assert keeper.send_form(path, review=how, reason=reason, **ticked).status_code == 200
    return keeper


def test_from_the_form_to_an_answer_to_an_approval(town: Town, company: PortalBrowser) -> None:
    receipt = handed_in(company)
    assert receipt[:4] in company.page.text
    assert new_partners(town) == []
    assert "等待审核" in looked(company, receipt).text
    assert "王芳" not in company.page.text
    reviewed(town, "ask", "请写明保存多久", items=[ReviewItem.ASSESSMENTS])
    page = looked(company, receipt.lower()).text
    assert "请写明保存多久" in page
    assert "op.ask" not in page
    answer = FIELDS | {"scene_0_protective_measures": "加密存放，一年后删除。", "answer": "保存一年"}
    assert "等待审核" in looked(company, receipt, act="answer", **answer).text
    keeper = reviewed(town, "approve", "合同已签", items=list(ReviewItem))
    assert "一年后删除" in keeper.page.text
    assert "保存一年" in keeper.page.text
    assert "已通过" in looked(company, receipt).text
    [partner_id] = new_partners(town)
    assert keeper.get(f"/console/partners/{partner_id}").status_code == 200


def test_a_form_that_is_sent_twice_is_one_application_and_another_one_is_refused(
    town: Town, company: PortalBrowser
) -> None:
    receipt = hidden(company, "receipt")
    for _ in range(2):
        assert company.send_form(APPLY, receipt=receipt, **FIELDS).status_code == 200
        company.get(APPLY)
    assert company.send_form(APPLY, receipt=receipt, **(FIELDS | {"name": "别的"})).status_code == 409
    assert hidden(company, "receipt") != receipt
    assert len(kept(town)) == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(town: Town, company: PortalBrowser) -> None:
    for field, typed in WRONG.items():
        answer = company.send_form(APPLY, receipt=hidden(company, "receipt"), **(FIELDS | {field: typed}))
        assert (answer.status_code, f'id="{field}-error"' in answer.text) == (422, True), field
        assert "开立账户前核对本人" in answer.text
    assert len(kept(town)) == 0


def test_a_scene_is_added_and_taken_away_with_what_was_typed(company: PortalBrowser) -> None:
    company.send_form(APPLY, receipt=hidden(company, "receipt"), **(FIELDS | {"act": "scene"}))
    assert hidden(company, "scenes") == "2"
    assert "开立账户前核对本人" in company.page.text
    company.send_form(APPLY, receipt=hidden(company, "receipt"), **(FIELDS | {"scenes": "2", "act": "less"}))
    assert hidden(company, "scenes") == "1"
    four = {f"scene_{place}_{name}": value for place in range(4) for name, value in SCENE.items()}
    four |= {f"scene_{place}_scene": f"scene_{place}" for place in range(4)}
    claims = {f"scene_{place}_{claim}": "yes" for place in range(4) for claim in ("age_over_14", "masked_name")}
    handed_in(company, **(four | claims | {"scenes": "4", "sector": ""}))


def test_nobody_learns_who_is_a_partner(town: Town, company: PortalBrowser) -> None:
    """The same company once more, and one that took a partner's name and sector, are answered alike."""
    handed_in(company)
    company.get(APPLY)
    handed_in(company)
    company.get(APPLY)
    handed_in(company, name="云栖酒店", sector="hotel")
    assert len(kept(town)) == 3


def test_a_network_has_few_a_day(town: Town, company: PortalBrowser) -> None:
    for _ in range(5):
        handed_in(company)
        company.get(APPLY)
    refused = company.send_form(APPLY, receipt=hidden(company, "receipt"), **FIELDS)
    assert refused.status_code == 429
    assert "开立账户前核对本人" in refused.text
    assert len(kept(town)) == 5


def test_a_site_has_no_few_for_each_of_its_networks(town: Town) -> None:
    """Else twenty of its 65,536 networks used up what everybody shares in a day."""
    answers = []
    for number in range(6):
        browser = PortalBrowser(town)
        browser.client = TestClient(
            town.app, "http://testserver", client=(f"2001:db8:7:{number:x}::1", 1), headers={"Accept-Language": "zh-CN"}
        )
        browser.get(APPLY)
        answers.append(browser.send_form(APPLY, receipt=hidden(browser, "receipt"), **FIELDS).status_code)
    assert answers == [200] * 5 + [429]


def test_no_receipt_opens_nothing_and_what_is_withdrawn_has_ended(town: Town, company: PortalBrowser) -> None:
    receipt = handed_in(company)
    for wrong in ("", "x", "0000 0000 0000 0000"):
        assert looked(company, wrong).status_code == 404
    assert looked(company, receipt, act="answer", **FIELDS).status_code == 409
    assert "已撤回" in looked(company, receipt, act="withdraw").text
    assert looked(company, receipt, act="withdraw").status_code == 409
    assert [one.state for one in kept(town)] == [ApplicantState.WITHDRAWN]

"""The page behind an E证通 link: intention, the switch for name and number, the way back to the merchant."""

from __future__ import annotations

import re

import pytest

from eztong.domain.eid.eid_flow import EidCode, FlowSettings, Recipient
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.eid.intention import Intention, IntentionMode, IntentionQuestion
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import Merchant, MerchantOptions, MerchantState
from eztong.gm.sm2 import PrivateKey
from eztong.http.qr_svg import render_qr
from eztong.ports.act import PARTNER
from eztong.tencentcloud.actions.eid_parameters import read_settings
from eztong.usecases.eid.open_eid_flow import OpenedEidFlow, OpenEidFlow, open_eid_flow
from eztong.usecases.eid.read_eid_flow import EidResult, read_eid_result
from tests.flows.citizen.browser import Browser, Town

HOTEL = PartnerId("hotel")
RECIPIENT = Recipient(PrivateKey.from_scalar(99).public_key().to_spki(), PointPrefix.UNCOMPRESSED)


def opened(town: Town, settings: FlowSettings) -> tuple[OpenedEidFlow, str]:
    """Open a flow of the hotel; return it and the path of its link."""
    services = town.services
    command = OpenEidFlow(partner_id=HOTEL, merchant_id="M1", scene="hotel_check_in", settings=settings)
    made = services.perform(PARTNER, open_eid_flow, command)
    return made, f"/r/{made.link_token}"


def result(town: Town, flow: OpenedEidFlow) -> EidResult:
    """Fetch the result."""
    services = town.services
    with services.store.read() as stored:
        return read_eid_result(
            flow.flow.eid_token, partner_id=HOTEL, stored=stored, keys=services.keys, now=services.clock.now()
        )


def test_the_holder_agrees_without_a_number_to_compare_and_goes_back_with_the_token(
    browser: Browser, town: Town
) -> None:
    browser.register()
    flow, path = opened(town, FlowSettings(redirect_url="https://m.example/cb?o=1#done"))
    assert 'name="match"' not in browser.get(path).text
    page = browser.send(path, act="agree")
    address = f"https://m.example/cb?o=1&token={flow.flow.eid_token}#done"
    assert page.headers["refresh"] == f"5; url={address}"
    assert address.replace("&", "&amp;") in page.text
    assert "返回 m.example" in page.text
    assert result(town, flow).code is EidCode.PASSED


@pytest.mark.parametrize(
    ("given_url", "address"),
    [
        ("https://m.example/cb?name=测试", "https://m.example/cb?name=%E6%B5%8B%E8%AF%95&token="),
        ("https://例子.测试/返回#完成", "https://xn--fsqu00a.xn--0zwm56d/%E8%BF%94%E5%9B%9E?token="),
        ("https://m.example/cb?x=é", "https://m.example/cb?x=%C3%A9&token="),
    ],
)
@pytest.mark.parametrize("act", ["agree", "refuse"])
def test_an_address_in_any_script_leads_back(
    browser: Browser, town: Town, given_url: str, address: str, act: str
) -> None:
    browser.register()
    settings = read_settings({"RedirectUrl": given_url}, recipient=None, allow_local_redirect=False)
    flow, path = opened(town, settings)
    browser.get(path)
    page = browser.send(path, act=act)
    assert page.status_code == 200
    assert page.headers["refresh"].startswith(f"5; url={address}{flow.flow.eid_token}")
    assert browser.get(path).headers["refresh"] == page.headers["refresh"]


def test_without_an_address_there_is_only_the_receipt(browser: Browser, town: Town) -> None:
    browser.register()
    _flow, path = opened(town, FlowSettings())
    browser.get(path)
    page = browser.send(path, act="refuse")
    assert "refresh" not in page.headers
    assert 'data-outcome="declined"' in page.text


def test_the_switch_for_the_identity_is_off_and_only_there_with_a_certificate(browser: Browser, town: Town) -> None:
    browser.register()
    _without, path = opened(town, FlowSettings())
    assert 'name="release"' not in browser.get(path).text
    flow, path = opened(town, FlowSettings(recipient=RECIPIENT))
    switch = re.search(r'<input[^>]*name="release"[^>]*>', browser.get(path).text)
    assert switch is not None
    assert "checked" not in switch[0]
    receipt = browser.send(path, act="agree")
    assert "<li>姓名和证件号码</li>" not in receipt.text
    ending = result(town, flow).flow.ending
    assert ending is not None
    assert ending.user_info == ""


def test_a_switched_on_identity_leaves_encrypted_and_the_receipt_says_so(browser: Browser, town: Town) -> None:
    browser.register()
    flow, path = opened(town, FlowSettings(recipient=RECIPIENT))
    browser.get(path)
    receipt = browser.send(path, act="agree", release="yes")
    assert "<li>姓名和证件号码</li>" in receipt.text
    ending = result(town, flow).flow.ending
    assert ending is not None
    assert ending.user_info


def test_the_page_says_large_who_asks_for_what_and_since_when(browser: Browser, town: Town) -> None:
    services = town.services
    merchant = Merchant(
        merchant_id="M1",
        partner_id=HOTEL,
        scene="hotel_check_in",
        name="示例酒店西湖店",
        state=MerchantState.ACTIVE,
        options=MerchantOptions(guarded_release=True),
        created_at=services.clock.now(),
    )
    services.store.write(lambda uow: uow.merchants.add(merchant))
    browser.register()
    _flow, path = opened(town, FlowSettings(recipient=RECIPIENT))
    page = browser.get(path).text
    large = re.findall(r'<p class="large">([^<]*)</p>', page)
    assert large[:2] == ["示例酒店西湖店", "办理入住登记时确认是您本人"]
    assert re.fullmatch(r".*\d\d:\d\d.*发起", large[2])
    assert "链接是别人发来的" in page
    assert 'name="release"' not in page, "whom the merchant did not name, it is not told about"


READ = Intention(mode=IntentionMode.READ_ALOUD, text="我自愿入住<示例>酒店")
ASKED = Intention(mode=IntentionMode.QUESTIONS, questions=(IntentionQuestion("是否自愿?", ("是",)),))
NODDED = Intention(mode=IntentionMode.NOD, actions=("同意入住",))


@pytest.mark.parametrize(
    ("intention", "wrong", "right"),
    [
        (READ, {"step_0": "我不愿意"}, {"step_0": "我自愿入住 <示例> 酒店。"}),
        (ASKED, {"step_0": "否"}, {"step_0": "是"}),
        (NODDED, {}, {"step_0": "yes"}),
    ],
    ids=["read", "asked", "nodded"],
)
def test_an_intention_is_shown_and_must_be_confirmed(
    browser: Browser, town: Town, intention: Intention, wrong: dict[str, str], right: dict[str, str]
) -> None:
    browser.register()
    flow, path = opened(town, FlowSettings(intention=intention))
    page = browser.get(path)
    assert "请确认这是您本人的意愿" in page.text
    assert "<示例>" not in page.text
    refused = browser.send(path, act="agree", **wrong)
    assert refused.status_code == 422
    assert "再确认一遍" in refused.text
    assert result(town, flow).code is EidCode.NOT_FINISHED
    assert 'data-outcome="passed"' in browser.send(path, act="agree", **right).text
    assert result(town, flow).code is EidCode.PASSED


def test_a_desktop_shows_the_link_as_a_qr_for_the_phone(town: Town) -> None:
    _flow, path = opened(town, FlowSettings())
    page = town.browser().get(path)
    drawn = page.text[page.text.index('<svg class="qr"') :]
    assert drawn[: drawn.index("</svg>")] in render_qr(
        f"{town.services.deployment.public_url}{path}", label="用注册过的手机扫这个二维码，接着办。"
    )

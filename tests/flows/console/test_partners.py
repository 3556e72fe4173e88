"""A partner at the console: from its application to live, suspended and closed, with keys and webhooks."""

from __future__ import annotations

import re
from dataclasses import replace

from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.operator import OperatorRole
from eztong.domain.partners.application import ReviewItem
from eztong.domain.partners.partner import PartnerStage, PartnerState
from eztong.domain.webhooks.event import CHOOSABLE, choose_types
from eztong.ports.act import OPERATOR
from eztong.usecases.partners.apply_as_partner import apply_as_partner
from eztong.usecases.webhooks.for_staff import keep_webhook
from eztong.usecases.webhooks.manage_endpoints import AddEndpoint, add_endpoint
from tests.flows.citizen.browser import Town
from tests.flows.console.staff import StaffBrowser
from tests.unit.usecases.partners.acts import handed_in

PARTNERS, LEGAL, CASES = OperatorRole.PARTNERS, OperatorRole.LEGAL, OperatorRole.CASES
LI = replace(OPERATOR, name="demo-li")
NONE = "/v1/verifications/ver_01KF0000000000000000000000"
ALL_ITEMS = {f"item_{item}": "yes" for item in ReviewItem}


def state(town: Town, partner: str) -> tuple[PartnerState, PartnerStage]:
    with town.services.store.read() as stored:
        found = stored.partners.get(PartnerId(partner))
    assert found is not None
    return found.state, found.stage


def decided(town: Town, by: StaffBrowser, partner: str) -> str:
    """Approve what waits for a second operator, as one who did not propose it; return the page."""
    with town.services.store.read() as stored:
        (waiting,) = [one for one in stored.proposals.list(limit=9).those if one.subject == partner and not one.ended]
    by.get(f"/console/proposals/{waiting.proposal_id}")
    return by.send_form(
        f"/console/proposals/{waiting.proposal_id}", end="approve", reason="核对过", typed=waiting.typed_word
    ).text


def test_from_the_application_to_live_suspended_and_closed(staff: StaffBrowser, town: Town) -> None:
    application = town.services.perform(LI, apply_as_partner, handed_in())
    partner = application.partner_id
    zhao, wang = staff.as_operator("zhao", PARTNERS), StaffBrowser(town).as_operator("wang", LEGAL)
    assert application.application_id in zhao.get("/console/partners").text
    path = f"/console/partners/applications/{application.application_id}"
    assert handed_in().contact.person in zhao.get(path).text
    assert handed_in().contact.person not in wang.get(path).text
    half = zhao.send_form(path, review="approve", reason="看过", item_organisation="yes")
    assert (half.status_code, "每一项都要核对" in half.text) == (409, True)
    zhao.send_form(path, review="approve", reason="看过", **ALL_ITEMS)
    assert state(town, partner) == (PartnerState.APPROVED, PartnerStage.SANDBOX)

    page = f"/console/partners/{partner}"
    zhao.get(page)
    assert "另一位操作员" in zhao.send_form(page, move="live", reason="合同已签").text
    assert "已批准" in decided(town, wang, partner)
    assert state(town, partner) == (PartnerState.APPROVED, PartnerStage.LIVE)

    zhao.get(page)
    assert zhao.send_form(page, move="suspend", reason="").status_code == 422
    zhao.send_form(page, move="suspend", reason="密钥泄露")
    assert state(town, partner)[0] is PartnerState.SUSPENDED
    zhao.get(page)
    assert zhao.send_form(page, move="close", reason="不再合作", typed="别的").status_code == 422
    zhao.send_form(page, move="close", reason="不再合作", typed=handed_in().wanted.name)
    decided(town, wang, partner)
    assert state(town, partner)[0] is PartnerState.CLOSED
    assert 'name="move"' not in zhao.get(page).text


def test_a_key_is_shown_once_works_and_is_revoked(staff: StaffBrowser, town: Town) -> None:
    staff.as_operator("zhao", PARTNERS).get("/console/partners/hotel")
    assert staff.send_form("/console/partners/hotel/keys", label="server", days="30").status_code == 422
    scopes = {"scope_verifications:read": "yes"}
    page = staff.send_form("/console/partners/hotel/keys", label="server", days="30", **scopes).text
    (key,) = re.findall(r'class="shown-once">([^<]+)<', page)
    asked = {"Authorization": f"Bearer {key}"}
    assert town.browser().client.get(NONE, headers=asked).status_code == 404
    page = staff.get("/console/partners/hotel").text
    assert key not in page
    assert f"{key[:16]}…</code>" in page
    (path,) = re.findall(r'server</th>.*?href="(/console/partners/hotel/keys/[^"]+)"', page, re.DOTALL)[-1:]
    # The look at it comes first, and says which key it is and that it was used.
    looked_at = staff.get(path).text
    assert key[:16] in looked_at
    assert "未使用" not in looked_at
    staff.send_form(path)
    assert town.browser().client.get(NONE, headers=asked).status_code == 401


def test_a_form_that_is_sent_twice_makes_one_key_and_shows_it_again(staff: StaffBrowser, town: Town) -> None:
    page = staff.as_operator("zhao", PARTNERS).get("/console/partners/hotel").text
    (once,) = re.findall(r'action="/console/partners/hotel/keys".*?name="once" value="([^"]+)"', page, re.DOTALL)
    typed = {"label": "till", "days": "30", "scope_verifications:read": "yes", "once": once}
    texts = [staff.send_form("/console/partners/hotel/keys", **typed).text for _ in range(2)]
    shown = [re.findall(r'class="shown-once">([^<]+)<', text) for text in texts]
    assert shown[0] == shown[1] != []
    with town.services.store.read() as stored:
        assert [one.label for one in stored.partners.keys(PartnerId("hotel"))].count("till") == 1
    (other,) = re.findall(r'action="/console/partners/hotel/keys".*?name="once" value="([^"]+)"', texts[1], re.DOTALL)
    assert other != once
    staff.send_form("/console/partners/hotel/keys", **(typed | {"once": other}))
    with town.services.store.read() as stored:
        assert [one.label for one in stored.partners.keys(PartnerId("hotel"))].count("till") == 2


def test_a_webhook_that_failed_is_seen_and_sent_again(staff: StaffBrowser, town: Town) -> None:
    command = AddEndpoint(
        partner_id=PartnerId("hotel"),
        url="http://127.0.0.1:9/hooks",
        event_types=choose_types(CHOOSABLE),
        allow_http=True,
    )
    endpoint = town.services.perform(LI, keep_webhook, "hotel", add_endpoint, command).endpoint
    path = f"/console/partners/hotel/webhooks/{endpoint.endpoint_id}"
    staff.as_operator("zhao", PARTNERS)
    assert "http://127.0.0.1:9/hooks" in staff.get("/console/partners/hotel").text
    staff.get(path)
    page = staff.send_form(path, act="test").text
    assert "等待发送" in page
    staff.send_form(path, act="off")
    page = staff.get(path).text
    (message,) = re.findall(r'name="message" value="([^"]+)"', page)
    assert ("未送达" in page, "操作员停用" in page) == (True, True)
    assert staff.send_form(path, act="resend", message=message).status_code == 409
    staff.get(path)
    staff.send_form(path, act="on")
    assert "等待发送" in staff.send_form(path, act="resend", message=message).text
    assert StaffBrowser(town).as_operator("legal", LEGAL).get(path).text.count('name="act"') == 0


def test_desks_are_ended_and_an_app_is_required_of_their_staff(staff: StaffBrowser, town: Town) -> None:
    path = "/console/partners/hotel/desks"
    assert path in staff.as_operator("zhao", PARTNERS).get("/console/partners/hotel").text
    staff.get(path)
    assert staff.send_form(path, act="end", desk="front-2", typed="front-1").status_code == 422
    assert "已停用" in staff.send_form(path, act="end", desk="front-2", typed="front-2").text
    with town.services.store.read() as stored:
        assert not stored.partners.has_desk(PartnerId("hotel"), "front-2")
    assert "已停用" not in staff.send_form(path, act="open", desk="front-2").text
    for act, said in (
        ("want", "机构要求"),
        ("demand", "运营方对整个行业要求"),
        ("release", "机构要求"),
        ("free", "未要求"),
    ):
        assert said in staff.send_form(path, act=act).text
    assert staff.send_form(path, act="free").status_code == 409
    assert staff.send_form(path, act="dance").status_code == 422
    assert staff.get("/console/partners/nobody/desks").status_code == 404

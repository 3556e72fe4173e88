"""The banner and the status page: what is open or near, in the reader's language, with times and what to do (4.1)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.events import Actor
from eztong.domain.incidents.incident import Affected, Bilingual, Incident, IncidentKind
from eztong.ports.act import Acting
from eztong.usecases.incidents.open_incident import OpenIncident, open_incident
from eztong.usecases.incidents.update_incident import EndIncident, UpdateIncident, end_incident, update_incident
from tests.flows.citizen.browser import Browser, Town
from tests.flows.desk.clerk import Clerk

LI = Acting(Actor.OPERATOR, "demo-li")
OUTAGE = OpenIncident(
    kind=IncidentKind.NETWORK,
    affects=(Affected.CODES,),
    effect=Bilingual("部分用户打不开亮码页面 <b>", "Some people cannot open the code page <b>"),
    workaround=Bilingual("换一个网络", "Try another network"),
)
PAGES = ("/", "/about", "/register", "/sign-in", "/lost", "/feedback", "/desk/sign-in", "/nothing")
HOUR = timedelta(hours=1)


def opened(town: Town, command: OpenIncident = OUTAGE) -> Incident:
    incident = town.services.perform(LI, open_incident, command)
    town.pass_time(1)
    return incident


def planned(town: Town, *, ahead: timedelta = HOUR, kind: IncidentKind = IncidentKind.UPGRADE) -> OpenIncident:
    start = town.services.clock.now() + ahead
    return replace(OUTAGE, kind=kind, starts_at=start, until=start + HOUR)


def ended(town: Town, incident: Incident) -> None:
    command = EndIncident(incident_id=incident.incident_id, words=Bilingual("已恢复", "Back"))
    town.services.perform(LI, end_incident, command)
    town.pass_time(1)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_what_is_out_of_order_and_no_longer_than_that(browser: Browser, town: Town, path: str) -> None:
    browser.client.headers["accept"] = "text/html"
    assert 'data-incident="' not in browser.get(path).text
    incident = opened(town)
    page = browser.get(path).text
    assert f'data-incident="{incident.incident_id}"' in page
    assert "服务异常 · 今天 09:00 开始" in page
    assert "部分用户打不开亮码页面 &lt;b&gt; 换一个网络" in page
    assert 'href="/status"' in page
    ended(town, incident)
    assert 'data-incident="' not in browser.get(path).text


def test_a_holder_is_told_to_bring_a_document_and_a_clerk_to_ask_for_one(browser: Browser, town: Town) -> None:
    browser.register()
    clerk = Clerk(town)
    clerk.start()
    opened(town)
    for path in ("/code", "/records", "/grants", "/me"):
        assert "请携带实体证件" in browser.get(path).text
    for path in ("/desk", "/desk/live", "/desk/place"):
        assert "请客人出示实体证件" in clerk.get(path).text
        assert "请携带实体证件" not in clerk.get(path).text


def test_an_english_reader_reads_english(town: Town) -> None:
    reader = town.browser(language="en")
    opened(town, replace(OUTAGE, until=town.services.clock.now() + HOUR))
    page = reader.get("/").text
    assert "Service disturbed · since today 09:00, expected until 10:00" in page
    assert "Some people cannot open the code page &lt;b&gt; Try another network" in page
    assert "bring your physical document" in page


def test_an_expected_end_that_has_passed_is_promised_no_longer(browser: Browser, town: Town) -> None:
    opened(town, replace(OUTAGE, until=town.services.clock.now() + HOUR))
    assert "预计 10:00 恢复" in browser.get("/").text
    town.pass_time(3600)
    assert "预计" not in browser.get("/").text
    assert "服务异常" in browser.page.text


@pytest.mark.parametrize(("kind", "word"), [(IncidentKind.UPGRADE, "系统升级"), (IncidentKind.MAINTENANCE, "系统维护")])
def test_planned_work_is_shown_before_and_during_and_ends_by_itself(
    browser: Browser, town: Town, kind: IncidentKind, word: str
) -> None:
    opened(town, planned(town, ahead=timedelta(days=4), kind=kind))
    assert word not in browser.get("/").text
    assert f"{word}</h3>" in browser.get("/status").text
    town.pass_time(86_400)
    assert f"{word}预告 · 2026年1月19日 09:00 至 10:00" in browser.get("/").text
    town.pass_time(3 * 86_400)
    assert f"{word}中 · 今天 09:00 至 10:00" in browser.get("/").text
    town.pass_time(3600)
    assert word not in browser.get("/").text
    assert f"{word}</h3>" in browser.get("/status").text


def test_several_stand_in_one_banner_that_counts_the_others(browser: Browser, town: Town) -> None:
    opened(town, planned(town))
    first = opened(town)
    page = browser.get("/").text
    assert (page.count('data-incident="'), first.incident_id in page) == (1, True)
    assert "另有 1 条" in page


def test_an_empty_status_page_says_that_all_is_well(browser: Browser) -> None:
    page = browser.get("/status").text
    for said in ("一切正常", "目前没有计划", "还没有过异常或维护"):
        assert said in page
    assert 'href="/status"' in browser.get("/about").text


def test_the_status_page_tells_all_of_an_incident_and_nobodys_login(browser: Browser, town: Town) -> None:
    incident = opened(town)
    update = UpdateIncident(incident_id=incident.incident_id, words=Bilingual("已找到原因", "The cause is found"))
    town.services.perform(LI, update_incident, update)
    town.pass_time(1)
    page = browser.get("/status").text
    for said in ("网络异常", "目前有服务不能正常使用", "亮码和核验", "处理记录（2）", "已找到原因", "请携带实体证件"):
        assert said in page
    ended(town, incident)
    page = browser.get("/status").text
    for said in ("一切正常", "处理记录（3）", "已恢复", "今天 09:00 至 09:00"):
        assert said in page
    assert "li.na" not in page
    assert "wang.li" not in page


def test_work_that_was_called_off_is_told_as_such(browser: Browser, town: Town) -> None:
    ended(town, opened(town, planned(town)))
    assert "已取消" in browser.get("/status").text


def test_the_page_for_browsers_without_a_network_says_nothing_of_today(browser: Browser, town: Town) -> None:
    opened(town)
    assert 'data-incident="' not in browser.get("/offline").text

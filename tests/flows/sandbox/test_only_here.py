"""The sandbox's pages are for sandboxes, for this browser, and for this origin."""

from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from eztong.domain.errors import NotPermitted
from eztong.http.headers import FRAMING_POLICY
from eztong.pages.assets import Assets
from eztong.ports.services import Mode, Services
from eztong.sandbox import door
from eztong.wiring.asgi import STATIC_FOLDERS, build_application
from eztong.wiring.demo_key import SITES, demo_key, listening_address, own_api
from eztong.wiring.settings import Settings
from tests.flows.citizen.browser import Browser, Town

PATHS = ("", "/personas", "/inbox", "/inbox/clear", "/controls", "/clock", "/fault", "/hotel", "/game", "/side-by-side")
FORMS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/sandbox/personas", {"persona": "P01"}),
    ("/sandbox/clock", {"seconds": "60"}),
    ("/sandbox/fault", {"fault": "down"}),
    ("/sandbox/hotel", {"code": "1"}),
    ("/sandbox/hotel/requests", {}),
    ("/sandbox/game", {}),
)


def as_live(services: Services) -> Services:
    return replace(services, deployment=replace(services.deployment, mode=Mode.LIVE))


def spoil(services: Services, site: str) -> None:
    services.store.write(lambda uow: uow.settings.set(f"demo_site_key.{site}", "AAAA"))


def test_in_live_mode_there_is_none_of_it(town: Town) -> None:
    live = replace(town.built, sandbox=None, services=as_live(town.services))
    client = TestClient(build_application(live), base_url=live.settings.base_url)
    for path in PATHS:
        assert client.get(f"/sandbox{path}").status_code == 404, path
        assert client.post(f"/sandbox{path}").status_code == 404, path


def test_in_live_mode_nothing_may_be_framed(town: Town) -> None:
    live = replace(town.built, sandbox=None, services=as_live(town.services))
    headers = TestClient(build_application(live), base_url=live.settings.base_url).get("/").headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "frame-src" not in headers["content-security-policy"]


def test_the_door_refuses_to_open_in_live_mode(town: Town) -> None:
    assert town.built.sandbox is not None
    api = own_api(town.built.settings, services=town.services)
    with pytest.raises(NotPermitted):
        door.routes(as_live(town.services), Assets(*STATIC_FOLDERS), controls=town.built.sandbox, api=api, command=str)


def test_in_the_sandbox_only_this_origin_may_frame_and_only_one_page_holds_frames(browser: Browser) -> None:
    for path in ("/", "/code", "/sandbox", "/sandbox/game"):
        headers = browser.get(path).headers
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert "frame-src" not in headers["content-security-policy"]
    assert browser.get("/sandbox/side-by-side").headers["content-security-policy"] == FRAMING_POLICY


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_form_of_another_site_is_refused(browser: Browser, town: Town, path: str, fields: dict[str, str]) -> None:
    before = town.services.clock.now()
    browser.get("/sandbox/controls")
    for forged in (fields, fields | {"csrf": "0" * 64}):
        assert browser.client.post(path, data=forged).status_code == 403
    assert town.accounts() == 0
    assert (town.services.clock.now() - before).total_seconds() < 60
    assert "data-fault" not in browser.get("/sandbox").text


def test_nothing_is_changed_by_following_a_link(browser: Browser) -> None:
    for path in ("/sandbox/clock", "/sandbox/fault", "/sandbox/hotel/requests", "/sandbox/inbox/clear"):
        assert browser.client.get(path).status_code == 405


def test_the_demo_sites_keep_one_key_over_restarts_and_replace_a_spoilt_one(town: Town) -> None:
    services = town.services
    for site in SITES:
        kept = demo_key(site, services=services)
        assert demo_key(site, services=services) == kept
        with services.store.read() as stored:
            setting = stored.settings.get(f"demo_site_key.{site}")
        assert setting is not None
        assert kept not in setting
        spoil(services, site)
        assert demo_key(site, services=services) != kept


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),  # noqa: S104 - a setting, nothing is bound
        ("::", "http://[::1]:8080"),
        ("10.1.2.3", "http://10.1.2.3:8080"),
    ],
)
def test_the_demo_sites_call_where_the_server_listens_not_its_public_address(host: str, address: str) -> None:
    assert listening_address(Settings(host=host, public_url="https://id.example.org")) == address  # type: ignore[arg-type]  # pydantic reads the text

"""Clause 2.2 at the partner's desk: the same single use, the same budget of wrong codes, as everywhere."""

from __future__ import annotations

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.simulators.evidence import unknown_number
from tests.simulators.problems import expect_problem
from tests.simulators.service import Partner, Service

SCENE = "parcel_posting"
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Desk:
    """A signed-in desk without script."""

    def __init__(self, service: Service) -> None:
        printed = service.run("sandbox", "credentials", "--json")
        staff = json.loads(printed.stdout)["partners"]["parcel"]["staff"]
        self.http = httpx.Client(base_url=service.url, follow_redirects=True, timeout=30, trust_env=False)
        service.to_close.append(self.http)
        self.page = self.http.get("/desk/sign-in")
        self.send("/desk/sign-in", login=staff["login"], password=staff["password"])
        self.send("/desk/place", desk="counter-1", scene=SCENE)
        self.csrf = csrf_in(self.page)

    def send(self, path: str, **fields: str) -> None:
        self.page = self.http.post(path, data={"csrf": csrf_in(self.page), **fields})

    def check(self, code: str) -> str:
        """Check a code; return the tone of the result."""
        page = self.http.post("/desk", data={"csrf": self.csrf, "code": code})
        found = re.search(r'<div id="result"[^>]*data-tone="([a-z]+)"', page.text)
        assert found is not None
        return found[1]


def csrf_in(page: httpx.Response) -> str:
    found = CSRF.search(page.text)
    assert found is not None
    return found[1]


@pytest.fixture
def desk(service: Service) -> Desk:
    return Desk(service)


def test_of_two_desks_that_scan_one_code_at_once_one_is_told_passed(service: Service, desk: Desk) -> None:
    other = Desk(service)
    for _ in range(5):
        code = service.code(service.somebody())["qr"]
        with ThreadPoolExecutor(2) as threads:
            tones = list(threads.map(lambda at: at.check(code), (desk, other)))  # noqa: B023 - consumed at once
        assert Counter(tones) == {"success": 1, "stale": 1}


def test_a_code_used_at_the_desk_is_used_for_the_partners_server_too(service: Service, desk: Desk) -> None:
    code = service.code(service.somebody())["number"]
    assert desk.check(code) == "success"
    expect_problem(service.partners["parcel"].verify(code, SCENE), 409, "code_already_used")


def test_wrong_codes_at_the_desk_and_by_the_server_share_one_budget(service: Service, desk: Desk) -> None:
    partner: Partner = service.partners["parcel"]
    for number in range(5):
        assert desk.check(unknown_number(number)) == "danger"
        expect_problem(partner.verify(unknown_number(100 + number), SCENE, desk="counter-1"), 404, "code_unknown")
    assert desk.check(service.code(service.somebody())["number"]) == "wait"
    expect_problem(partner.verify(unknown_number(200), SCENE, desk="counter-1"), 429, "desk_locked")
    service.advance(901)
    assert desk.check(service.code(service.somebody())["number"]) == "success"

"""The demo hotel and game use /v1 as any partner would; their pages show what went over the wire."""

import asyncio
import html
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.simulators.service import Service

# Far more than the worker threads that a process shares (forty).
MANY = 120


class Visitor:
    """A browser in front of the demo sites of a served sandbox."""

    def __init__(self, service: Service, language: str = "zh-CN") -> None:
        self.http = httpx.Client(
            base_url=service.url, follow_redirects=True, headers={"accept-language": language}, trust_env=False
        )
        self.page = httpx.Response(204)

    def get(self, path: str) -> str:
        self.page = self.http.get(path)
        return html.unescape(self.page.text)

    def send(self, path: str, **fields: str) -> str:
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.page.text))
        self.page = self.http.post(path, data=hidden | fields)
        return html.unescape(self.page.text)

    def ask(self, site: str) -> str:
        """Press the button that opens a request; return the request's id."""
        self.get(f"/sandbox/{site}")
        self.send("/sandbox/game" if site == "game" else "/sandbox/hotel/requests")
        return self.page.url.path.rpartition("/")[2]

    def again(self) -> str:
        return self.get(self.page.url.path)


@pytest.fixture
def visitor(service: Service) -> Iterator[Visitor]:
    visitor = Visitor(service)
    yield visitor
    visitor.http.close()


def test_the_game_waits_shows_the_match_number_and_lets_an_adult_in(service: Service, visitor: Visitor) -> None:
    request_id = visitor.ask("game")
    waiting = visitor.again()
    number = service.partners["game"].get(f"/v1/requests/{request_id}").json()["match_number"]
    assert f'<strong class="digits">{number}</strong>' in waiting
    assert 'data-state="init"' in waiting
    service.answer(request_id, "approve", "P01").raise_for_status()
    played = visitor.again()
    assert 'data-verdict="adult"' in played
    assert "游戏自己验证了证明" in played


def test_an_age_that_is_not_told_counts_as_under_eighteen(service: Service, visitor: Visitor) -> None:
    request_id = visitor.ask("game")
    service.answer(request_id, "approve", "P01", allow=["is_person"]).raise_for_status()
    assert 'data-verdict="age_withheld"' in visitor.again()


def test_refusal_is_a_normal_answer(service: Service, visitor: Visitor) -> None:
    request_id = visitor.ask("game")
    service.answer(request_id, "decline", "P01").raise_for_status()
    assert 'data-verdict="declined"' in visitor.again()


def test_nobodys_answer_is_a_normal_answer(service: Service, visitor: Visitor) -> None:
    visitor.ask("game")
    service.advance(601)
    assert 'data-verdict="expired"' in visitor.again()


def test_the_hotel_reads_a_code_and_is_told_only_what_was_granted(service: Service, visitor: Visitor) -> None:
    guest = service.somebody()
    visitor.get("/sandbox/hotel")
    told = visitor.send("/sandbox/hotel", code=service.code(guest)["number"])
    assert 'data-outcome="passed"' in told
    assert told.count("没有告知") >= 2
    assert "curl" in told
    assert "/v1/verifications" in told


def test_a_page_that_is_sent_again_gets_the_same_answer(service: Service, visitor: Visitor) -> None:
    code = service.code(service.somebody())["number"]
    visitor.get("/sandbox/hotel")
    form = visitor.page
    first = visitor.send("/sandbox/hotel", code=code)
    visitor.page = form
    again = visitor.send("/sandbox/hotel", code=code)
    number = re.compile(r"ver_[0-9A-Z]{26}")
    assert number.findall(first)[0] == number.findall(again)[0]


def test_after_consent_on_the_phone_the_hotel_knows_name_and_age(service: Service, visitor: Visitor) -> None:
    request_id = visitor.ask("hotel")
    service.answer(request_id, "approve", "P02").raise_for_status()
    told = visitor.again()
    assert 'data-outcome="passed"' in told
    assert "测*二" in told
    visitor.get("/sandbox/hotel")
    guest = service.holder("P02")["id"]
    assert "测*二" in visitor.send("/sandbox/hotel", code=service.code(guest)["number"])


@pytest.mark.parametrize(
    ("code", "problem"),
    [("", "code_malformed"), ("12345", "code_malformed"), ("'; drop", "code_malformed")],
)
def test_wrong_digits_are_explained_and_the_refusal_is_shown(visitor: Visitor, code: str, problem: str) -> None:
    visitor.get("/sandbox/hotel")
    told = visitor.send("/sandbox/hotel", code=code)
    assert visitor.page.status_code == 200
    assert 'data-problem="site.problem_' in told
    assert "422 Unprocessable" in told
    assert problem in told or "problem_other" in told


def test_no_key_is_on_any_page_or_in_the_log(service: Service, visitor: Visitor) -> None:
    visitor.ask("game")
    assert not re.search(r"ezt_sk_test_[A-Za-z0-9_-]{43}", visitor.again())
    assert "ezt_sk_test_••••" in visitor.again()
    assert "ezt_sk_" not in service.logged("/sandbox/")


def test_a_request_of_another_partner_is_not_found(service: Service, visitor: Visitor) -> None:
    request_id = visitor.ask("game")
    visitor.get(f"/sandbox/hotel/requests/{request_id}")
    assert visitor.page.status_code == 404
    visitor.get("/sandbox/hotel/requests/req_none")
    assert visitor.page.status_code == 404
    assert service.process.poll() is None


def test_many_pages_at_once_do_not_take_the_threads_that_their_answers_need(service: Service, visitor: Visitor) -> None:
    visitor.ask("game")
    address = service.url + visitor.page.url.path

    async def flood() -> set[int]:
        limits = httpx.Limits(max_connections=MANY)
        async with httpx.AsyncClient(timeout=60, trust_env=False, limits=limits) as http:
            answers = await asyncio.gather(*(http.get(address) for _ in range(MANY)))
        return {answer.status_code for answer in answers}

    assert asyncio.run(flood()) == {200}

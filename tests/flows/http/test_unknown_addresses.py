"""An address that does not exist: a person's browser gets a page with a way on, a program its problem document."""

import pytest

from tests.flows.citizen.browser import Browser, Town
from tests.flows.desk.clerk import Clerk

PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "home"),
    [
        ("/nonsense", 404, "/"),
        ("/me/leave", 404, "/"),
        ("/code/spoken", 405, "/"),
        ("/desk/nothing", 404, "/desk"),
        ("/desk/checklist", 405, "/desk"),
        ("/console/nothing/at/all", 404, "/console"),
        ("/sandbox/nothing", 404, "/"),
        ("/v1x", 404, "/"),
    ],
)
def test_a_browser_that_is_nowhere_gets_a_page_with_a_way_on(
    browser: Browser, path: str, status: int, home: str
) -> None:
    page = browser.client.get(path, headers=PAGE)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert "请检查链接是否完整" in page.text
    assert f'class="button" href="{home}"' in page.text
    assert ("allow" in page.headers) is (status == 405)
    assert "Check that the link" in browser.client.get(f"{path}?lang=en", headers=PAGE).text


@pytest.mark.parametrize("path", ["/v1/nothing", "/.well-known/nothing", "/v1/verifications", "/static/nothing.css"])
def test_addresses_of_programs_answer_as_a_problem_whoever_asks(browser: Browser, path: str) -> None:
    answer = browser.client.get(path, headers=PAGE)
    assert answer.status_code in {401, 404, 405}
    assert "text/html" not in answer.headers.get("content-type", "")


def test_a_program_gets_a_problem_everywhere(browser: Browser) -> None:
    answer = browser.client.get("/nonsense", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


def test_staff_who_mistype_keep_their_desk(town: Town) -> None:
    clerk = Clerk(town)
    clerk.start()
    clerk.client.get("/desk/nothing", headers=PAGE)
    assert clerk.get("/desk").url.path == "/desk"

"""Lists page by cursor: newest first, nothing twice, nothing left out, also while new entries arrive."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.simulators.problems import expect_outcome, expect_problem
from tests.simulators.service import Partner, Service

GAME = "game_age_check"


@pytest.fixture
def game(service: Service) -> Partner:
    return service.partners["game"]


def pages(caller: Partner, path: str, limit: int, between: Callable[[], object]) -> Iterator[list[dict[str, Any]]]:
    """Read a list to its end; do ``between`` between two pages."""
    cursor = ""
    while True:
        answer = caller.get(f"{path}?limit={limit}{cursor}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        yield page["data"]
        if page["next_cursor"] is None:
            return
        between()
        cursor = f"&cursor={page['next_cursor']}"


def test_verifications_are_listed_once_each_newest_first_while_more_arrive(service: Service, game: Partner) -> None:
    holder = service.somebody()

    def verify() -> str:
        return str(expect_outcome(game.verify(service.code(holder)["qr"], GAME), "passed")["id"])

    made = [verify() for _ in range(7)]
    for limit in (1, 3, 200):
        found = [entry for page in pages(game, "/v1/verifications", limit, verify) for entry in page]
        ids = [entry["id"] for entry in found]
        assert ids == sorted(set(ids), reverse=True)
        assert set(made) <= set(ids)
        made = ids
    newest = game.get("/v1/verifications?limit=1").json()["data"][0]
    assert set(newest) == {"id", "outcome", "scene", "desk", "method", "created_at"}


def test_requests_are_listed_once_each_newest_first(game: Partner) -> None:
    made = [game.post("/v1/requests", {"scene": GAME, "reference": f"n-{n}"}).json()["id"] for n in range(5)]
    found = list(pages(game, "/v1/requests", 2, lambda: None))
    assert all(len(page) <= 2 for page in found)
    ids = [entry["id"] for page in found for entry in page]
    assert ids == sorted(set(ids), reverse=True)
    assert set(made) <= set(ids)


def test_a_cursor_beyond_the_end_gives_an_empty_last_page(game: Partner) -> None:
    page = game.get("/v1/verifications?cursor=ver_00000000000000000000000000").json()
    assert page == {"data": [], "next_cursor": None}


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "cursor=abc", "cursor=req_01KF0000000000000000000000"]
)
def test_a_query_that_cannot_be_understood_is_invalid_input(game: Partner, query: str) -> None:
    problem = expect_problem(game.get(f"/v1/verifications?{query}"), 422, "input_invalid")
    assert problem["errors"][0]["field"] == f"/query/{query.partition('=')[0]}"

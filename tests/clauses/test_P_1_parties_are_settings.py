"""Clause P-1: who the parties are is a setting that stands in every text, and no placeholder goes live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.service import Service, run_cli, running

OPERATOR = {"operator_name": "青山身份服务中心", "operator_contact": "help@qingshan.invalid"}
ELSEWHERE = {"place_of_signing": "青山市南区"}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(
        tmp_path_factory.mktemp("named") / "data", with_partners=False, log=None, **OPERATOR | ELSEWHERE
    ) as service:
        yield service


def failed(data_dir: Path, **settings: str) -> dict[str, str]:
    """Return the deployment checks that did not pass, each with what to do."""
    done = run_cli("doctor", "--json", data_dir=data_dir, port=None, secret=None, **settings)
    return {one["check"]: one["advice"] for one in json.loads(done.stdout)["findings"] if one["severity"] != "ok"}


def test_every_legal_page_names_the_operator_and_the_contact(named: Service) -> None:
    for path in ("/", "/about", "/register", "/documents/service", "/documents/authorisation", "/feedback"):
        page = Citizen(named).open(path).text
        for value in OPERATOR.values():
            assert value in page, (path, value)


def test_both_texts_are_made_with_the_operator_in_either_language(named: Service) -> None:
    for language in ("zh-CN", "en"):
        for kind in ("service", "authorisation"):
            page = Citizen(named).open(f"/documents/{kind}?lang={language}").text
            text = page.partition("<article")[2].partition("</article>")[0]
            assert OPERATOR["operator_name"] in text, (kind, language)


def test_an_empty_name_is_refused_and_the_variable_named(tmp_path: Path) -> None:
    done = run_cli("doctor", data_dir=tmp_path / "data", operator_name="")
    assert done.returncode == 2
    assert "EZTONG_OPERATOR_NAME" in done.stderr


def test_placeholders_are_refused_in_live_mode(tmp_path: Path) -> None:
    assert "EZTONG_OPERATOR_NAME" in failed(tmp_path / "data", mode="live")["EZT002"]
    left = failed(tmp_path / "data", mode="live", **OPERATOR)["EZT002"]
    assert ("EZTONG_OPERATOR_NAME" in left, "EZTONG_PLACE_OF_SIGNING" in left) == (False, True)
    done = run_cli("serve", data_dir=tmp_path / "data", mode="live")
    assert done.returncode != 0
    assert "EZT002" in done.stderr


def test_the_sandbox_says_on_every_page_that_it_is_one(named: Service) -> None:
    for path in ("/", "/about", "/register", "/documents/service", "/sign-in", "/desk/sign-in"):
        assert '<p class="sandbox">' in Citizen(named).open(path).text, path


def test_a_name_that_is_changed_later_does_not_change_what_people_accepted(named: Service) -> None:
    before = Citizen(named).open("/documents/service").text
    problems = failed(named.data_dir, **OPERATOR | ELSEWHERE | {"operator_name": "绿水身份服务中心"})
    assert "EZT010" in problems
    assert Citizen(named).open("/documents/service").text == before

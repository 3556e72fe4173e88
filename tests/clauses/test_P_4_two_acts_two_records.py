"""Clause P-4: each document is ticked by itself, then one press records two acceptances and opens one application."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from eztong.domain.evidence.proof import parse_published_keys, verify_proof
from tests.simulators.citizen import TICKS, Citizen
from tests.simulators.service import Service


def rows(service: Service, table: str) -> int:
    """Count rows from outside."""
    with closing(sqlite3.connect(f"file:{service.data_dir / 'eztong.db'}?mode=ro", uri=True)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - our own table names


def test_both_boxes_start_empty(service: Service) -> None:
    page = Citizen(service).open("/register").text
    boxes = re.findall(r"<input[^>]*name=\"tick_[a-z]+\"[^>]*>", page)
    assert len(boxes) == 2
    assert not any("checked" in box for box in boxes)


@pytest.mark.parametrize("ticked", [{}, {"tick_service": "yes"}, {"tick_authorisation": "yes"}])
def test_a_press_without_both_ticks_is_refused_and_records_nothing(service: Service, ticked: dict[str, str]) -> None:
    before = rows(service, "acceptances"), rows(service, "holders")
    citizen = Citizen(service)
    citizen.open("/register")
    answer = citizen.send("/register", **ticked)
    assert 400 <= answer.status_code < 500
    assert (rows(service, "acceptances"), rows(service, "holders")) == before


def test_ticks_and_press_make_two_records_and_one_application(service: Service) -> None:
    before = rows(service, "acceptances"), rows(service, "holders")
    Citizen(service).accept()
    assert (rows(service, "acceptances"), rows(service, "holders")) == (before[0] + 2, before[1] + 1)


def test_pressing_twice_opens_one_application(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    form = {**citizen.hidden(), **TICKS}
    before = rows(service, "acceptances"), rows(service, "holders")
    citizen.http.post("/register", data=form)
    citizen.http.post("/register", data=form)
    assert (rows(service, "acceptances"), rows(service, "holders")) == (before[0] + 2, before[1] + 1)


def test_an_older_text_is_refused_as_changed_and_records_nothing(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    form = citizen.hidden()
    hashes = [name for name, value in form.items() if re.fullmatch(r"[0-9a-f]{64}", value) and "csrf" not in name]
    assert hashes, form
    before = rows(service, "acceptances")
    answer = citizen.send("/register", **TICKS, **{hashes[0]: "0" * 64})
    assert answer.status_code == 409
    assert rows(service, "acceptances") == before


def test_the_receipt_of_each_acceptance_verifies_with_the_published_key(service: Service) -> None:
    citizen = Citizen(service)
    citizen.accept()
    page = citizen.open("/me/agreements").text
    receipts = sorted(set(re.findall(r'href="(/me/agreements/[^"]+/receipt)"', page)))
    assert len(receipts) == 2
    keys = parse_published_keys(citizen.http.get("/.well-known/eztong-keys.json").content)
    kinds = set()
    for receipt in receipts:
        proof = verify_proof(citizen.http.get(receipt).content, keys=keys)
        assert proof.document["format"] == "eztong/acceptance/v1"
        assert re.fullmatch(r"[0-9a-f]{64}", proof.document["text_hash"])
        kinds.add(proof.document["agreement"])
    assert kinds == {"service", "authorisation"}


def test_a_form_without_its_token_is_refused(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    form = {name: value for name, value in citizen.hidden().items() if name != "csrf"}
    assert citizen.http.post("/register", data={**form, **TICKS}).status_code == 403

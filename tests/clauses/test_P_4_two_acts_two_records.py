"""Clause P-4: each document is ticked by itself, then one press records two acceptances and opens one application."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulators.citizen import TICKS, Citizen
from tests.simulators.evidence import check_independently, published
from tests.simulators.own_copy import kept, take_copy
from tests.simulators.pdf_reading import squeezed, text_of
from tests.simulators.service import Service


def receipts(citizen: Citizen) -> list[str]:
    """Return where the receipts of what was accepted in this browser are."""
    return sorted(set(re.findall(r'href="(/me/agreements/[^"]+/receipt)"', citizen.open("/me/agreements").text)))


def test_both_boxes_start_empty(service: Service) -> None:
    page = Citizen(service).open("/register").text
    boxes = re.findall(r"<input[^>]*name=\"tick_[a-z]+\"[^>]*>", page)
    assert len(boxes) == 2
    assert not any("checked" in box for box in boxes)


@pytest.mark.parametrize("ticked", [{}, {"tick_service": "yes"}, {"tick_authorisation": "yes"}])
def test_a_press_without_both_ticks_is_refused_and_records_nothing(service: Service, ticked: dict[str, str]) -> None:
    before = kept(service)
    citizen = Citizen(service)
    citizen.open("/register")
    answer = citizen.send("/register", **ticked)
    assert 400 <= answer.status_code < 500
    assert kept(service) == before
    assert receipts(citizen) == []


def test_ticks_and_press_make_two_records_and_one_application(service: Service) -> None:
    before, _ = kept(service)
    citizen = Citizen(service)
    citizen.register("测一二", "110000199003080023", "19900000402")
    assert len(receipts(citizen)) == 2
    assert kept(service)[0] == before + 2
    copy = take_copy(citizen)
    (account,) = copy["account"]
    assert {one["acceptance_id"] for one in copy["acceptances"]} == {
        account["service_acceptance"], account["authorisation_acceptance"],
    }  # fmt: skip
    assert len(copy["acceptances"]) == 2


def test_pressing_twice_opens_one_application(service: Service) -> None:
    Citizen(service).accept()  # With its first signed batch, the service notes once where its chain begins.
    once = Citizen(service)
    start = kept(service)
    once.accept()
    after_one = kept(service)
    citizen = Citizen(service)
    citizen.open("/register")
    form = {**citizen.hidden(), **TICKS}
    citizen.http.post("/register", data=form)
    citizen.http.post("/register", data=form)
    after_two = kept(service)
    assert len(receipts(citizen)) == 2
    added = [after_one[part] - start[part] for part in (0, 1)]
    assert added[0] == 2
    assert [after_two[part] - after_one[part] for part in (0, 1)] == added, "as much as one press leaves"


def test_an_older_text_is_refused_as_changed_and_records_nothing(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    form = citizen.hidden()
    hashes = [name for name, value in form.items() if re.fullmatch(r"[0-9a-f]{64}", value) and "csrf" not in name]
    assert hashes, form
    before = kept(service)
    answer = citizen.send("/register", **TICKS, **{hashes[0]: "0" * 64})
    assert answer.status_code == 409
    assert kept(service) == before


def test_the_receipt_of_each_acceptance_verifies_with_the_published_key(service: Service, tmp_path: Path) -> None:
    citizen = Citizen(service)
    citizen.accept()
    found = receipts(citizen)
    assert len(found) == 2
    keys, kinds = published(service), set()
    for receipt in found:
        proof = citizen.http.get(receipt).content
        done = check_independently(proof, keys, tmp_path)
        assert done.returncode == 0, done.stdout
        document = json.loads(proof)["document"]
        assert document["format"] == "eztong/acceptance/v1"
        assert re.fullmatch(r"[0-9a-f]{64}", document["text_hash"])
        kinds.add(document["agreement"])
        altered = proof.replace(document["text_hash"].encode(), b"0" * 64)
        assert check_independently(altered, keys, tmp_path).returncode == 1
    assert kinds == {"service", "authorisation"}


def test_a_form_without_its_token_is_refused(service: Service) -> None:
    citizen = Citizen(service)
    citizen.open("/register")
    form = {name: value for name, value in citizen.hidden().items() if name != "csrf"}
    assert citizen.http.post("/register", data={**form, **TICKS}).status_code == 403


def values_in(found: object) -> Iterator[str]:
    """Give every value of a document, however deep it stands, but what is said as yes or no."""
    if isinstance(found, dict | list):
        for one in found.values() if isinstance(found, dict) else found:
            yield from values_in(one)
    elif not isinstance(found, bool):
        yield str(found)


def test_the_consent_has_a_record_after_the_standard_and_each_receipt_is_there_to_print(service: Service) -> None:
    citizen = Citizen(service)
    citizen.accept()
    page = citizen.open("/me/agreements").text
    (record,) = re.findall(r'href="(/me/agreements/[^"]+/record)"', page)
    papers = re.findall(r'href="(/me/agreements/[^"]+/paper)"', page)
    answer = citizen.open(record)
    assert answer.headers["content-type"] == "application/ld+json"
    (status,) = answer.json()["dpv:hasConsentStatus"]
    assert (status["@type"], answer.json()["@type"]) == ("dpv:ConsentGiven", "dpv:ConsentRecord")
    assert len(papers) == 2
    for paper in papers:
        receipt = citizen.open(paper.replace("/paper", "/receipt")).json()
        document = receipt["document"]
        printed = citizen.open(paper)
        assert printed.headers["content-type"] == "application/pdf"
        read = squeezed(text_of(printed.content))
        for value in (*values_in(document), receipt["note"], *receipt["path"]):
            assert squeezed(value) in read
        assert citizen.open(paper).content == printed.content
        if document["agreement"] == "service":
            assert citizen.http.get(paper.replace("/paper", "/record")).status_code == 404

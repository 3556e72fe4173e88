"""A consent record has every field that ISO/IEC TS 27560 makes mandatory, in terms of known vocabularies alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from eztong.domain.agreements import Acceptance, AgreementKind, acceptance_document
from eztong.domain.errors import NotFound
from eztong.domain.identifiers import AcceptanceId, HolderId
from eztong.domain.own_data.consent_record import CONTEXT, Parties, consent_record

SPEC = Path(__file__).parents[3] / "docs/specs/consent-record.md"
AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PARTIES = Parties(operator="测试运营方", contact="010-1", site="https://eztong.example", authority="身份机构")
GIVEN = Acceptance(
    acceptance_id=AcceptanceId("acc_1"),
    holder_id=HolderId("hld_secret"),
    kind=AgreementKind.AUTHORISATION,
    version="1.2",
    language="en",
    title="User authorisation agreement",
    text_hash="ab" * 32,
    shown_at=AT,
    accepted_at=AT + timedelta(minutes=1),
    act="ticked and pressed",
    salt=b"salt" * 4,
    sealed_context=b"sealed",
)
WITHDRAWN = replace(GIVEN, withdrawn_at=AT + timedelta(days=3))


def mandatory() -> list[tuple[str, str]]:
    """Return the fields of the specification with their paths."""
    rows = re.findall(r"^\| ([^|`]+) \| `([^`]+)` \|", SPEC.read_text(encoding="utf-8"), re.MULTILINE)
    return [(field, path) for field, path in rows if field != "Field of TS 27560"]


def found(value: Any, path: str) -> list[Any]:  # noqa: ANN401 - JSON
    """Return what stands at a path; each of a list where it says so."""
    values = [value]
    for step in path.split(" / "):
        name, _, each = step.partition(" ")
        values = [one[name] for one in values if name in one]
        if each:
            values = [inner for one in values for inner in one]
    return values


def terms_of(value: object) -> Iterator[str]:
    """Give every prefixed name."""
    match value:
        case dict():
            for name, inner in value.items():
                if name != "@context":
                    yield from terms_of(name)
                    yield from terms_of(inner)
        case list():
            for inner in value:
                yield from terms_of(inner)
        case str() if re.fullmatch(r"[a-z]+:[A-Za-z]+", value):
            yield value


def test_the_specification_lists_the_mandatory_fields() -> None:
    assert len(mandatory()) == 23


@pytest.mark.parametrize(("field", "path"), mandatory())
@pytest.mark.parametrize("acceptance", [GIVEN, WITHDRAWN], ids=["given", "withdrawn"])
def test_each_mandatory_field_is_there(acceptance: Acceptance, field: str, path: str) -> None:
    values = found(consent_record(acceptance, parties=PARTIES), path)
    assert values, field
    assert all(values), field


def test_every_term_has_a_prefix_that_the_record_explains() -> None:
    record = consent_record(WITHDRAWN, parties=PARTIES)
    assert {term.partition(":")[0] for term in terms_of(record)} <= set(CONTEXT)
    assert CONTEXT.items() <= record["@context"].items()


def test_the_person_is_the_commitment_of_the_receipt_and_nothing_more() -> None:
    record = consent_record(GIVEN, parties=PARTIES)
    commitment = acceptance_document(GIVEN)["holder"]
    assert record["dpv:hasDataSubject"]["dct:identifier"] == f"sm3:{commitment}"
    text = json.dumps(record)
    assert GIVEN.holder_id not in text
    assert GIVEN.salt.hex() not in text


def test_a_withdrawal_is_an_event_after_the_consent() -> None:
    events = consent_record(WITHDRAWN, parties=PARTIES)["dpv:hasConsentStatus"]
    assert [event["@type"] for event in events] == ["dpv:ConsentGiven", "dpv:ConsentWithdrawn"]
    assert [event["dct:date"] for event in events] == ["2026-03-02T01:01:00.000Z", "2026-03-05T01:00:00.000Z"]
    assert [event["dct:valid"] for event in events] == ["until withdrawn", "ended"]


def test_where_it_is_stored_and_how_long_stands_there() -> None:
    conditions = consent_record(GIVEN, parties=PARTIES)["dpv:hasProcess"]["dpv:hasStorageCondition"]
    assert {one["@type"] for one in conditions} == {"dpv:StorageLocation", "dpv:StorageDuration"}


def test_a_contract_is_no_consent() -> None:
    with pytest.raises(NotFound):
        consent_record(replace(GIVEN, kind=AgreementKind.SERVICE), parties=PARTIES)

"""The bundle of talks: numbered parts are those that the record lists, and no text of an agreement is another one."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.disputes.dispute import BundleKey, Party
from eztong.domain.disputes.evidence_bundle import (
    NO_PARTNER,
    Contents,
    Heading,
    manifest_document,
    numbered_part,
    render_bundle,
)
from eztong.domain.disputes.verify_bundle import verify_bundle
from eztong.domain.errors import ProofInvalid
from eztong.gm.sm3 import sm3
from tests.property.test_bundle import KEYS, RECEIPT, RECORD, RECORD_ID, RESULT, check_independently, proven

TICKET_ID = "tkt_01KF0000000000000000000000"
ACT = {"format": "eztong/act/v1", "id": "act_1", "kind": "talk_settled", "facts": {}}
TEXT = "第一条 您好。"
TALKS: dict[str, Any] = {
    "format": "eztong/record/v1",
    "id": TICKET_ID,
    "partner": None,
    "side": "holder",
    "kind": "talks",
    "words": [{"by": "service", "text": "我们道歉。"}],
    "acts": [{"id": "act_1", "kind": "talk_settled"}],
    "records": [RECORD],
    "agreements": {"documents": [{"text": TEXT, "text_hash": sm3(TEXT.encode()).hex()}]},
}
PARTS = {
    "record": TALKS,
    numbered_part("act", 1): proven(ACT),
    numbered_part("result", 1): proven(RESULT),
    "acceptance-service": proven(RECEIPT),
}


def bundle(**changed: dict[str, Any]) -> bytes:
    """Return the bundle with other parts; an underscore stands for a dash."""
    contents = Contents(parts=PARTS | {name.replace("_", "-"): part for name, part in changed.items()}, missing={})
    heading = Heading(
        bundle_id="bdl_1",
        key=BundleKey(record_id=TICKET_ID, party=Party.HOLDER, partner_id=NO_PARTNER),
        environment="sandbox",
        at=datetime(2026, 1, 15, 1, 0, tzinfo=UTC),
        holder_id=None,
        salt=b"\x00" * 16,
    )
    return render_bundle(proven(manifest_document(heading, contents)), contents)


WHOLE = bundle()
_OTHER_TEXT = {"documents": [{"text": "第一条 您坏。", "text_hash": sm3(TEXT.encode()).hex()}]}
WRONG = {
    "act-1: it is none": bundle(act_1=proven(ACT | {"id": "act_2"})),
    "act-2: it is none": bundle(act_2=proven(ACT)),
    "act-1: its document": bundle(act_1=proven(RESULT)),
    "result-1: it is none": bundle(result_1=proven(RESULT | {"id": "ver_2"})),
    "result-1: it is of another record": bundle(result_1=proven(RESULT | {"partner": "library"})),
    "result-2: it is none": bundle(result_2=proven(RESULT)),
    "result: a part": bundle(result=proven(RESULT | {"id": TICKET_ID, "partner": None})),
    "act-0: a part": bundle(act_0=proven(ACT)),
    "record: the text": bundle(record=TALKS | {"agreements": _OTHER_TEXT}),
    "record: it is not the record": bundle(record=TALKS | {"partner": "hotel"}),
}


def test_a_bundle_of_talks_proves_its_parts(tmp_path: Path) -> None:
    verified = verify_bundle(WHOLE, keys=KEYS)
    assert verified.record == TALKS
    assert verified.proofs["act-1"].document == ACT
    assert verified.proofs["result-1"].document["id"] == RECORD_ID
    done = check_independently(WHOLE, tmp_path)
    assert done.stdout.startswith("valid: eztong/bundle-manifest/v1 bdl_1"), done.stdout
    assert "acceptance-service, act-1, record, result-1" in done.stdout


@pytest.mark.parametrize("said", WRONG)
def test_what_is_wrong_is_named_with_its_part_by_both_verifiers(said: str, tmp_path: Path) -> None:
    with pytest.raises(ProofInvalid) as refused:
        verify_bundle(WRONG[said], keys=KEYS)
    assert str(refused.value.detail).startswith(said)
    done = check_independently(WRONG[said], tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"invalid: {said.partition(':')[0]}:")


def test_numbered_parts_are_no_parts_of_a_records_bundle(tmp_path: Path) -> None:
    text = bundle(record=TALKS | {"kind": "use"})
    with pytest.raises(ProofInvalid, match="does not know"):
        verify_bundle(text, keys=KEYS)
    assert check_independently(text, tmp_path).returncode == 1


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_no_byte_of_it_can_be_another_one(place: int, byte: int) -> None:
    text = bytearray(WHOLE)
    if text[place] == byte:
        return
    text[place] = byte
    with pytest.raises(ProofInvalid):
        verify_bundle(bytes(text), keys=KEYS)


def test_it_says_what_both_sides_wrote() -> None:
    assert json.loads(WHOLE)["parts"]["record"]["words"] == TALKS["words"]

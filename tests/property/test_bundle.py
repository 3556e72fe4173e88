"""Bundles: what was put together proves; no changed byte, part or manifest does; both verifiers say the same."""

from __future__ import annotations

import json
import runpy
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.canonical_json import render_canonical
from eztong.domain.disputes.dispute import BundleKey, Party
from eztong.domain.disputes.evidence_bundle import Contents, Heading, Missing, manifest_document, render_bundle
from eztong.domain.disputes.verify_bundle import is_bundle, verify_bundle
from eztong.domain.errors import ProofInvalid
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.gm.sm2 import PrivateKey
from tests.simulators.batches import FIRST, Signer, proof_file, signed_batch
from tests.simulators.evidence import INDEPENDENT

SIGNER = Signer("results-1", PrivateKey.generate())
KEYS = SIGNER.published()
RECORD_ID = "ver_01KF0000000000000000000000"
OTHER_ID = "ver_01KF0000000000000000000001"
ABOUT = {"id": RECORD_ID, "partner": "hotel"}
RESULT = {"format": "eztong/result/v1", "environment": "sandbox", "outcome": "passed", **ABOUT}
RECEIPT = {"format": "eztong/acceptance/v1", "id": "acc_1", "agreement": "service"}
RECORD = {"format": "eztong/record/v1", "id": RECORD_ID, "partner": "hotel", "side": "holder", "told": ["is_person"]}
KEY = BundleKey(record_id=RECORD_ID, party=Party.HOLDER, partner_id=PartnerId("hotel"))


def proven(document: dict[str, Any]) -> dict[str, Any]:
    return proof_file(document, signed_batch([{"id": "another"}, document], SIGNER, place=FIRST), 1)


def bundle(parts: dict[str, dict[str, Any]] | None = None) -> bytes:
    """Return a bundle of these parts."""
    chosen = PARTS if parts is None else parts
    contents = Contents(parts=chosen, missing={"acceptance-authorisation": Missing.NOT_KEPT})
    heading = Heading(
        bundle_id="bdl_1",
        key=KEY,
        environment="sandbox",
        at=datetime(2026, 1, 15, 1, 0, tzinfo=UTC),
        holder_id=HolderId("hld_1"),
        salt=b"\x00" * 16,
    )
    return render_bundle(proven(manifest_document(heading, contents)), contents)


PARTS = {"record": RECORD, "result": proven(RESULT), "acceptance-service": proven(RECEIPT)}
WHOLE = bundle()


def with_part(name: str, part: dict[str, Any]) -> bytes:
    return bundle({**PARTS, name: part})


WRONG = {
    "file: it is not in canonical form": WHOLE + b"\n",
    "file: not a bundle": render_canonical(json.loads(WHOLE) | {"more": 1}),
    "file: manifest and parts must be objects": render_canonical(json.loads(WHOLE) | {"parts": []}),
    "file: every part must be an object": render_canonical(json.loads(WHOLE) | {"parts": {"record": 1}}),
    "manifest: file: not a proof": render_canonical(json.loads(WHOLE) | {"manifest": {}}),
    "manifest: its document": render_bundle(proven(RESULT), Contents(parts=PARTS, missing={})),
    "manifest: it names no parts": render_bundle(
        proven({"format": "eztong/bundle-manifest/v1", "parts": 1}), Contents(parts=PARTS, missing={})
    ),
    "result: the manifest does not name it": render_canonical(
        json.loads(bundle({"record": RECORD})) | {"parts": {"record": RECORD, "result": PARTS["result"]}}
    ),
    "acceptance-service: it is not in the file": render_canonical(json.loads(WHOLE) | {"parts": {"record": RECORD}}),
    "record: it is not in the file": bundle({"result": PARTS["result"]}),
    "record: not of format": with_part("record", RECORD | {"format": "eztong/record/v2"}),
    "record: it is not the record": with_part("record", RECORD | {"id": OTHER_ID}),
    "result: it is of another record": with_part("result", proven(RESULT | {"id": OTHER_ID})),
    "refused-try: its document": with_part("refused-try", proven(RESULT)),
    "diary: a part that this verifier does not know": with_part("diary", proven(RESULT)),
    "acceptance-service: its document": with_part("acceptance-service", proven(RESULT)),
    "acceptance-service: file: not a proof": with_part("acceptance-service", {"format": "eztong/acceptance/v1"}),
}


@dataclass(frozen=True, slots=True)
class Done:
    """How the specification's own verifier ended, and what it printed."""

    returncode: object
    stdout: str
    stderr: str


def check_independently(text: bytes, folder: Path) -> Done:
    """Verify with the specification's own verifier, which shares no code with the product, in this process."""
    given = {
        "bundle.json": text,
        "keys.json": render_canonical({"format": "eztong/keys/v1", "keys": [SIGNER.entry()]}),
    }
    for name, content in given.items():
        (folder / name).write_bytes(content)
    code: object = 0
    with (
        pytest.MonkeyPatch.context() as patched,
        redirect_stdout(StringIO()) as out,
        redirect_stderr(StringIO()) as err,
    ):
        patched.setattr(sys, "argv", [str(INDEPENDENT), *(str(folder / name) for name in given)])
        with warnings.catch_warnings():
            # It leaves closing its files to its end.
            warnings.simplefilter("ignore", ResourceWarning)
            try:
                runpy.run_path(str(INDEPENDENT), run_name="__main__")
            except SystemExit as ended:
                code = ended.code
    return Done(code, out.getvalue(), err.getvalue())


def test_a_bundle_proves_its_parts(tmp_path: Path) -> None:
    assert is_bundle(WHOLE)
    verified = verify_bundle(WHOLE, keys=KEYS)
    assert verified.record == RECORD
    assert verified.proofs["result"].document == RESULT
    assert verified.manifest.document["missing"] == {"acceptance-authorisation": "not_kept"}
    done = check_independently(WHOLE, tmp_path)
    assert done.stdout.startswith("valid: eztong/bundle-manifest/v1 bdl_1"), done.stderr
    assert "acceptance-service, record, result" in done.stdout


@pytest.mark.parametrize("said", WRONG)
def test_what_is_wrong_is_named_with_its_part_and_the_other_verifier_refuses_it_too(said: str, tmp_path: Path) -> None:
    with pytest.raises(ProofInvalid) as refused:
        verify_bundle(WRONG[said], keys=KEYS)
    assert str(refused.value.detail).startswith(said)
    done = check_independently(WRONG[said], tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"invalid: {said.partition(':')[0]}:")


@given(st.integers(0, len(WHOLE) - 1), st.integers(0, 255))
def test_no_byte_of_a_bundle_can_be_another_one(place: int, byte: int) -> None:
    text = bytearray(WHOLE)
    if text[place] == byte:
        return
    text[place] = byte
    with pytest.raises(ProofInvalid):
        verify_bundle(bytes(text), keys=KEYS)


def test_a_changed_byte_names_the_part_that_it_lies_in(tmp_path: Path) -> None:
    for part, old, new in (
        ("record", b'"told":["is_person"]', b'"told":["is_persom"]'),
        ("result", b'"outcome":"passed"', b'"outcome":"passee"'),
        ("manifest", b'"for":"holder"', b'"for":"holdes"'),
        ("file", b'{"format":"eztong/bundle/v1"', b'{"format":"eztong/bundle/v2"'),
    ):
        assert old in WHOLE
        text = WHOLE.replace(old, new)
        if part == "file":
            assert not is_bundle(text)
        with pytest.raises(ProofInvalid, match=rf"^{part}: "):
            verify_bundle(text, keys=KEYS)
        assert check_independently(text, tmp_path).stdout.startswith(f"invalid: {part}:")
    assert not is_bundle(b"no JSON")

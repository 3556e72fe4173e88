"""Signed notes: each deviation from the form is refused with the line that deviates."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.signed_note import ChainPlace, key_hash, parse_note
from eztong.gm.sm3 import sm3
from tests.simulators.batches import BATCH_ID, WRITER_ID

ROOT = base64.b64encode(b"r" * 32).decode()
BLOB = base64.b64encode(b"hash" + b"signature").decode()
LINES = (
    "eztong/batch/v1 id.example.org",
    "3",
    ROOT,
    f"batch {BATCH_ID}",
    "time 2026-01-15T01:00:00.000Z",
    "",
    f"\u2014 results-1 {BLOB}",
    "",
)

PREVIOUS = base64.b64encode(b"p" * 32).decode()
CHAINED = (
    "eztong/batch/v2 id.example.org",
    *LINES[1:5],
    f"writer {WRITER_ID}",
    "number 12",
    f"previous {PREVIOUS}",
    *LINES[5:],
)


def with_line(number: int, text: str, *, lines: Sequence[str] = LINES) -> str:
    """Return the note with one other line."""
    return "\n".join((*lines[:number], text, *lines[number + 1 :]))


def test_the_parts_of_a_note() -> None:
    note = parse_note("\n".join(LINES))
    root = note.unverified_root
    assert (root.origin, root.size, root.root, root.batch_id) == ("id.example.org", 3, b"r" * 32, BATCH_ID)
    assert (note.key_name, note.key_hash, note.signature) == ("results-1", b"hash", b"signature")
    assert note.signed_text == ("\n".join(LINES[:5]) + "\n").encode()


@pytest.mark.parametrize(
    ("line", "text", "why"),
    [
        (0, "eztong/batch/v3 id.example.org", "origin line"),
        (0, "eztong/batch/v2 id.example.org", "its lines"),
        (0, "eztong/batch/v1 ID.example.org", "origin is malformed"),
        (0, "eztong/batch/v1  id.example.org", "origin is malformed"),
        (0, "eztong/batch/v1 ", "origin is malformed"),
        (0, "eztong/batch/v1 " + "a" * 101, "origin is malformed"),
        (1, "0", "size"),
        (1, "03", "size"),
        (1, "-1", "size"),
        (1, "3 ", "size"),
        (1, "\u0663", "size"),
        (1, "1234567890", "size"),
        (2, ROOT[:-4], "note root: it must have 32 bytes"),
        (2, ROOT + " ", "note root: not"),
        (2, ROOT.rstrip("="), "note root: not base64"),
        (3, BATCH_ID, "batch line"),
        (3, "batch bat_01KF000000000000000000000U", "batch id"),
        (4, "time 2026-01-15T01:00:00Z", "time"),
        (4, "time 2026-01-15T01:00:00.0000Z", "time"),
        (4, "time 2026-01-15T09:00:00.000+08:00", "time"),
        (4, "time 2026-02-30T01:00:00.000Z", "time"),
        (5, " ", "its lines"),
        (6, f"- results-1 {BLOB}", "signature line"),
        (6, f"\u2014 {BLOB}", "key name|base64"),
        (6, f"\u2014 results 1 {BLOB}", "base64"),
        (6, f"\u2014 results-1  {BLOB}", "base64"),
        (6, f"\u2014 {'k' * 65} {BLOB}", "key name"),
        (6, "\u2014 results-1 aGFzaA==", "too short"),
        (7, "x", "its lines"),
    ],
)
def test_a_deviating_line_is_refused_by_name(line: int, text: str, why: str) -> None:
    with pytest.raises(ProofInvalid, match=why):
        parse_note(with_line(line, text))


@pytest.mark.parametrize(
    "text", ["", "\n" * 7, "\n".join(LINES) + "\n", "\n".join(LINES[:-1]), "\n".join(LINES) + "x" * 2000]
)
def test_another_number_of_lines_or_a_flood_is_refused(text: str) -> None:
    with pytest.raises(ProofInvalid, match="note: "):
        parse_note(text)


def test_a_note_of_version_2_names_its_place_in_the_chain() -> None:
    note = parse_note("\n".join(CHAINED))
    place = note.unverified_root.place
    assert place == ChainPlace(writer=WRITER_ID, number=12, previous=b"p" * 32)
    assert note.signed_text == ("\n".join(CHAINED[:8]) + "\n").encode()


def test_a_note_of_version_1_stands_in_no_chain() -> None:
    assert parse_note("\n".join(LINES)).unverified_root.place is None


@pytest.mark.parametrize(
    ("line", "text", "why"),
    [
        (0, "eztong/batch/v1 id.example.org", "its lines"),
        (5, "number 12", "writer line"),
        (5, "writer wri_01KF000000000000000000000U", "writer is malformed"),
        (6, "number 0", "number is malformed"),
        (6, "number 012", "number is malformed"),
        (6, "number -1", "number is malformed"),
        (6, "number 1234567890123456", "number is malformed"),
        (7, "previous ", "note previous"),
        (7, f"previous {PREVIOUS[:-4]}", "note previous"),
        (7, f"previous {PREVIOUS} ", "note previous"),
        (7, PREVIOUS, "previous line"),
        (8, "x", "its lines"),
    ],
)
def test_a_deviating_line_of_the_chain_is_refused_by_name(line: int, text: str, why: str) -> None:
    with pytest.raises(ProofInvalid, match=why):
        parse_note(with_line(line, text, lines=CHAINED))


def test_the_key_hash_is_the_one_of_the_specification() -> None:
    expected = sm3(b"results-1" + b"\n\xffeztong/sm2-sm3/v1\x00" + b"SPKI")[:4]
    assert key_hash(key_name="results-1", spki=b"SPKI") == expected
    assert key_hash(key_name="results-2", spki=b"SPKI") != expected

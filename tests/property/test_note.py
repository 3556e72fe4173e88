"""Signed notes: what is rendered parses back, in one spelling only; every changed character is refused or is seen."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.signed_note import BatchRoot, ChainPlace, decode_base64, parse_note, render_note

ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
places = st.builds(
    ChainPlace,
    writer=st.text(ULID, min_size=26, max_size=26).map("wri_".__add__),
    number=st.integers(1, 10**15 - 1),
    previous=st.binary(min_size=32, max_size=32),
)
roots = st.builds(
    BatchRoot,
    origin=st.from_regex(r"[a-z0-9][a-z0-9.:_-]{0,99}", fullmatch=True),
    size=st.integers(1, 10**9 - 1),
    root=st.binary(min_size=32, max_size=32),
    batch_id=st.text(ULID, min_size=26, max_size=26).map("bat_".__add__),
    time=st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - hypothesis adds the zone
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
    place=st.none() | places,
)
key_names = st.from_regex(r"[A-Za-z0-9._+-]{1,64}", fullmatch=True)
hashes = st.binary(min_size=4, max_size=4)
signatures = st.binary(min_size=1, max_size=80)


@given(roots, key_names, hashes, signatures)
def test_round_trip(root: BatchRoot, key_name: str, key_hash: bytes, signature: bytes) -> None:
    note = parse_note(render_note(root, key_name=key_name, key_hash=key_hash, signature=signature))
    assert note.unverified_root == root
    assert (note.key_name, note.key_hash, note.signature) == (key_name, key_hash, signature)
    assert note.signed_text == root.text().encode()


@given(roots, key_names, hashes, signatures, st.data())
def test_a_changed_character_is_refused_or_changes_what_was_parsed(
    root: BatchRoot, key_name: str, key_hash: bytes, signature: bytes, data: st.DataObject
) -> None:
    text = render_note(root, key_name=key_name, key_hash=key_hash, signature=signature)
    place = data.draw(st.integers(0, len(text) - 1))
    how = data.draw(st.sampled_from(["change", "lose", "add"]))
    mark = data.draw(st.one_of(st.characters(), st.sampled_from("\n\r =AB09\u2014")))
    changed = text[:place] + ("" if how == "lose" else mark) + text[place + (how != "add") :]
    if changed == text:
        return
    try:
        note = parse_note(changed)
    except ProofInvalid as error:
        assert error.detail.partition(":")[0] in {"note", "note root", "note previous", "signature"}
        return
    assert note != parse_note(text)
    again = render_note(note.unverified_root, key_name=note.key_name, key_hash=note.key_hash, signature=note.signature)
    assert again == changed, "there is no second spelling of a note"


@given(st.text(max_size=2100))
def test_arbitrary_text_is_refused(text: str) -> None:
    with pytest.raises(ProofInvalid):
        parse_note(text)


@given(st.binary(max_size=50))
def test_base64_has_one_spelling(data: bytes) -> None:
    text = base64.b64encode(data).decode()
    assert decode_base64(text, part="x") == data
    for other in (text + "=", text + "\n", " " + text, text.rstrip("=") if "=" in text else text + "A"):
        with pytest.raises(ProofInvalid):
            decode_base64(other, part="x")


@given(st.text())
def test_arbitrary_text_is_base64_in_its_one_spelling_or_refused(text: str) -> None:
    try:
        data = decode_base64(text, part="x")
    except ProofInvalid as error:
        assert error.detail.startswith("x: ")
        return
    assert base64.b64encode(data).decode() == text

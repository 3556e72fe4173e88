"""Canonical JSON: our fast writer equals the RFC 8785 library on our value set; reading is strict."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.canonical_json import (
    DocumentMalformed,
    parse_document,
    parse_time,
    recanonicalise,
    render_canonical,
    render_time,
)

LIMIT = 2**53 - 1
names = st.text(st.characters(codec="ascii"), max_size=12)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-LIMIT, LIMIT), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
    max_leaves=20,
)
documents = st.dictionaries(names, values, max_size=6)
moments = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@given(documents)
def test_the_writer_equals_rfc_8785_byte_for_byte(document: dict[str, Any]) -> None:
    assert render_canonical(document) == rfc8785.dumps(document) == recanonicalise(document)


@given(documents)
def test_what_was_written_reads_back_and_writes_the_same(document: dict[str, Any]) -> None:
    text = render_canonical(document)
    assert parse_document(text) == document
    assert recanonicalise(parse_document(text)) == text


@given(documents, st.sampled_from([None, 1, 4]), st.booleans())
def test_spacing_order_and_escapes_do_not_matter(
    document: dict[str, Any], indent: int | None, ascii_only: bool
) -> None:
    backwards = dict(reversed(document.items()))
    text = json.dumps(backwards, indent=indent, ensure_ascii=ascii_only).encode()
    assert recanonicalise(parse_document(text)) == render_canonical(document)


@given(st.one_of(st.binary(max_size=60), texts.map(str.encode), documents.map(render_canonical).map(lambda t: t[:-1])))
def test_arbitrary_bytes_give_an_object_or_one_error(text: bytes) -> None:
    try:
        document = parse_document(text)
    except DocumentMalformed:
        return
    assert isinstance(document, dict)


@given(st.one_of(st.floats(), st.integers(min_value=LIMIT + 1), st.integers(max_value=-LIMIT - 1)))
def test_numbers_outside_the_set_are_refused(number: float) -> None:
    with pytest.raises(DocumentMalformed):
        parse_document(json.dumps({"n": [number]}).encode())


@given(names, values, values)
def test_a_name_twice_is_refused_at_any_depth(name: str, first: object, second: object) -> None:
    pair = f"{json.dumps(name)}:{json.dumps(first)},{json.dumps(name)}:{json.dumps(second)}"
    for text in (f"{{{pair}}}", f'{{"in":[{{{pair}}}]}}'):
        with pytest.raises(DocumentMalformed):
            parse_document(text.encode())


@given(moments)
def test_a_time_reads_back_to_its_millisecond(moment: datetime) -> None:
    text = render_time(moment)
    assert len(text) == 24
    read = parse_time(text)
    assert read == moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    assert render_time(read) == text


@given(moments, st.integers(0, 23), st.characters())
def test_a_changed_character_of_a_time_is_another_time_or_refused(moment: datetime, place: int, mark: str) -> None:
    text = render_time(moment)
    changed = text[:place] + mark + text[place + 1 :]
    try:
        read = parse_time(changed)
    except DocumentMalformed:
        return
    assert render_time(read) == changed


@given(st.text())
def test_arbitrary_text_is_no_time_or_reads_exactly(text: str) -> None:
    try:
        assert render_time(parse_time(text)) == text
    except DocumentMalformed:
        return

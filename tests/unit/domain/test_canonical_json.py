"""Canonical JSON: examples of RFC 8785, and each thing that reading refuses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from eztong.domain.canonical_json import (
    DocumentMalformed,
    parse_document,
    parse_time,
    recanonicalise,
    render_canonical,
    render_time,
)


def test_names_are_sorted_and_only_what_must_be_is_escaped() -> None:
    document = {"b": [True, None, -1], "a": "\u20ac$\u000f\nA'B\"\\/\u6d4b", "B": {}, "": 2**53 - 1}
    expected = '{"":9007199254740991,"B":{},"a":"€$\\u000f\\nA\'B\\"\\\\/测","b":[true,null,-1]}'
    assert render_canonical(document).decode() == expected
    assert recanonicalise(document).decode() == expected


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b'"x"',
        b"{",
        b'{"a":1}x',
        b"\xef\xbb\xbf{}",
        b'{"a":"\xff"}',
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        '{"测":1}'.encode(),
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":\n' * 100_000,
    ],
)
def test_what_is_no_document_is_refused(text: bytes) -> None:
    with pytest.raises(DocumentMalformed):
        parse_document(text)


def test_the_largest_numbers_are_read() -> None:
    assert parse_document(b'{"a":9007199254740991,"b":-9007199254740991}') == {"a": 2**53 - 1, "b": 1 - 2**53}


def test_a_lone_surrogate_is_read_but_has_no_canonical_form() -> None:
    document = parse_document(b'{"a":"\\ud800"}')
    with pytest.raises(DocumentMalformed):
        recanonicalise(document)


def test_a_time_is_written_in_utc_to_the_millisecond() -> None:
    shanghai = timezone(timedelta(hours=8))
    assert render_time(datetime(2026, 1, 15, 9, 0, 0, 123_999, tzinfo=shanghai)) == "2026-01-15T01:00:00.123Z"
    assert parse_time("2026-01-15T01:00:00.123Z") == datetime(2026, 1, 15, 1, 0, 0, 123_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-15T01:00:00Z",
        "2026-01-15T01:00:00.1234Z",
        "2026-01-15T01:00:00.12Z",
        "2026-01-15 01:00:00.123Z",
        "2026-01-15T01:00:00.123+00:00",
        "2026-01-15T01:00:00.123z",
        "2026-1-15T01:00:00.123Z",
        "2026-02-29T01:00:00.123Z",
        "2026-01-15T24:00:00.000Z",
        "2026-01-15T01:00:60.000Z",
        "２026-01-15T01:00:00.123Z",
        "2026-01-15T01:00:00.123Z\n",
    ],
)
def test_any_other_spelling_of_a_time_is_refused(text: str) -> None:
    with pytest.raises(DocumentMalformed):
        parse_time(text)

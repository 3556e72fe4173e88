"""A plain head is recognised, and nothing that anybody could read otherwise."""

from __future__ import annotations

import httptools
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.http.direct.whole_request import MAX_PLAIN_HEAD, PlainHead, plain_head
from eztong.http.framing import MAX_FIELDS, framing_fault
from eztong.http.sanity import MAX_BODY
from tests.simulators.spellings import streams

LINE = b"POST /v1/verifications HTTP/1.1\r\n"
USUAL = (
    b"Host: localhost:8080",
    b"Accept: */*",
    b"Accept-Encoding: gzip, deflate",
    b"Connection: keep-alive",
    b"User-Agent: python-httpx/0.28.1",
    b"Authorization: Bearer ezt_sk_test_x",
    b"Content-Type: application/json",
    b"Content-Length: 7",
)
BODY = b'{"a":1}'


def request(*lines: bytes, first: bytes = LINE, body: bytes = BODY) -> bytes:
    return first + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


def with_line(line: bytes) -> bytes:
    return request(*USUAL, line)


def instead(old: bytes, new: bytes) -> bytes:
    return request(*(new if line.startswith(old) else line for line in USUAL))


def test_what_clients_send_is_recognised() -> None:
    head = plain_head(request(*USUAL), LINE)
    assert head is not None
    whole = head.request_in(request(*USUAL))
    assert whole is not None
    assert whole.body == BODY
    assert whole.text(b"user-agent") == "python-httpx/0.28.1"
    assert whole.text(b"content-length") == "7"
    assert whole.text(b"x-nowhere") is None
    assert len(whole.fields) == len(USUAL)


def test_names_are_read_in_any_case_and_values_are_left_alone() -> None:
    head = plain_head(request(b"HOST: LocalHost", b"cONTENT-lENGTH: 7", b"X-A: \xe9 B"), LINE)
    assert head is not None
    assert head.fields == {b"host": b"LocalHost", b"content-length": b"7", b"x-a": b"\xe9 B"}


@pytest.mark.parametrize("missing", range(1, len(BODY) + 1))
def test_a_head_is_known_before_its_body_is_there(missing: int) -> None:
    data = request(*USUAL)[:-missing]
    head = plain_head(data, LINE)
    assert head is not None
    assert head.ends == len(data) + missing
    assert head.request_in(data) is None


def test_what_follows_it_belongs_to_somebody_else() -> None:
    data = request(*USUAL)
    head = plain_head(data + b"P", LINE)
    assert head is not None
    assert head.ends == len(data)
    assert head.request_in(data + b"P") is None


def test_a_head_that_is_cut_anywhere_is_no_head() -> None:
    head = request(*USUAL, body=b"")
    assert [place for place in range(len(head)) if plain_head(head[:place], LINE) is not None] == []


@pytest.mark.parametrize(
    "first",
    [
        b"GET /v1/verifications HTTP/1.1\r\n",
        b"post /v1/verifications HTTP/1.1\r\n",
        b"POST /v1/verifications HTTP/1.0\r\n",
        b"POST /v1/verifications HTTP/1.1\n",
        b"POST /v1/verifications HTTP/1.1 \r\n",
        b"POST  /v1/verifications HTTP/1.1\r\n",
        b"POST /v1/verifications?a=b HTTP/1.1\r\n",
        b"POST /v1/verifications/ HTTP/1.1\r\n",
        b"POST //v1/verifications HTTP/1.1\r\n",
        b"POST http://localhost/v1/verifications HTTP/1.1\r\n",
        b"\r\nPOST /v1/verifications HTTP/1.1\r\n",
    ],
)
def test_another_first_line_is_not_plain(first: bytes) -> None:
    assert plain_head(request(*USUAL, first=first), LINE) is None


@pytest.mark.parametrize(
    "line",
    [
        b"host: localhost",
        b"HOST: localhost",
        b"content-length: 7",
        b"accept: text/plain",
        b"transfer-encoding: chunked",
        b"Transfer-Encoding: identity",
        b"Upgrade: h2c",
        b"HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
        b"Expect: 100-continue",
        b"TE: trailers",
        b"Trailer: x-a",
        b"Proxy-Connection: close",
        b"Keep-Alive: timeout=5",
        b"x-a:",
        b"x-a: ",
        b"x-a:b",
        b"x-a:  b",
        b"x-a: b ",
        b"x-a:\tb",
        b"x-a: b\tc",
        b"x-a : b",
        b"x_a: b",
        b"x a: b",
        b": b",
        b"x-a",
        b"\xe9: b",
        b" x-a: b",
        b"x-a: b\r\n c",
        b"x-a: b\nx-b: c",
        b"x-a: b\rx-b: c",
        b"x-a: b\x00",
        b"x-a: b\x7f",
        b"x-a: b\x0b",
    ],
)
def test_a_line_that_is_not_plain_makes_the_head_not_plain(line: bytes) -> None:
    assert plain_head(with_line(b"x-fine: b"), LINE) is not None
    assert plain_head(with_line(line), LINE) is None


@pytest.mark.parametrize("value", [b"close", b"keep-alive, close", b"upgrade", b"keep-alive, x-a", b"x-a"])
def test_a_connection_field_may_say_keep_alive_only(value: bytes) -> None:
    assert plain_head(instead(b"Connection", b"Connection: Keep-Alive"), LINE) is not None
    assert plain_head(instead(b"Connection", b"Connection: " + value), LINE) is None


@pytest.mark.parametrize(
    "value", [b"+7", b"-7", b"07", b"0x7", b"7.0", b"7, 7", b"7_0", b"\xd9\xa7", b"9" * 5000, b"x"]
)
def test_a_length_has_one_spelling(value: bytes) -> None:
    assert plain_head(instead(b"Content-Length", b"Content-Length: " + value), LINE) is None


@pytest.mark.parametrize(("length", "is_plain"), [(0, True), (MAX_BODY, True), (MAX_BODY + 1, False)])
def test_a_body_may_be_as_large_as_everywhere(length: int, is_plain: bool) -> None:
    data = instead(b"Content-Length", b"Content-Length: %d" % length)
    assert (plain_head(data, LINE) is not None) is is_plain


@pytest.mark.parametrize("name", [b"Host", b"Content-Length"])
def test_without_host_or_length_it_is_not_plain(name: bytes) -> None:
    assert plain_head(request(*(line for line in USUAL if not line.startswith(name))), LINE) is None


def test_a_large_head_is_not_plain() -> None:
    room = MAX_PLAIN_HEAD - len(with_line(b"x-a: ")) + len(BODY)
    assert plain_head(with_line(b"x-a: " + b"b" * room), LINE) is not None
    assert plain_head(with_line(b"x-a: " + b"b" * (room + 1)), LINE) is None


def test_many_fields_are_not_plain() -> None:
    assert plain_head(request(*USUAL, *(b"x-%d: a" % number for number in range(MAX_FIELDS))), LINE) is None


class Parsed:
    """What the server's parser makes of bytes."""

    def __init__(self, data: bytes) -> None:
        self.url = b""
        self.fields: list[tuple[bytes, bytes]] = []
        self.body = b""
        self.ends = 0
        self.parser = httptools.HttpRequestParser(self)
        self.parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.lower(), value))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.ends += 1


@given(pieces=streams(), more=st.binary(max_size=20))
def test_whatever_is_recognised_the_parser_reads_alike(pieces: list[bytes], more: bytes) -> None:
    for data in (*pieces, b"".join(pieces), request(*USUAL[1:], b"Host: " + more)):
        head = plain_head(data, LINE)
        if head is None:
            continue
        filled = data[: head.ends].ljust(head.ends, b" ")
        parsed = Parsed(filled)
        assert parsed.ends == 1, "one message, and all of it"
        assert parsed.url == b"/v1/verifications"
        assert dict(parsed.fields) == head.fields
        assert len(parsed.fields) == len(head.fields)
        assert parsed.parser.get_method() == b"POST"
        assert parsed.parser.get_http_version() == "1.1"
        assert parsed.parser.should_keep_alive()
        assert not parsed.parser.should_upgrade()
        assert framing_fault(parsed.url, parsed.fields, version="1.1") is None
        whole = PlainHead(head.fields, head.starts, head.ends).request_in(filled)
        assert whole is not None
        assert whole.body == parsed.body


NAMES = st.sampled_from([b"host", b"Content-Length", b"x-a", b"X-B", b"connection", b"te", b"x_c"]) | st.binary(
    max_size=4
)
VALUES = st.sampled_from([b"localhost", b"2", b"keep-alive", b"close"]) | st.binary(max_size=6)


@given(
    lines=st.lists(st.tuples(NAMES, st.sampled_from([b": ", b":", b":  "]), VALUES), max_size=5).map(
        lambda found: [b"".join(parts) for parts in found]
    ),
    ends=st.sampled_from([b"\r\n", b"\r\n", b"\n", b"\r"]),
)
def test_also_of_invented_fields(lines: list[bytes], ends: bytes) -> None:
    data = LINE + b"".join(line + ends for line in lines) + b"Host: a\r\nContent-Length: 2\r\n\r\n{}"
    head = plain_head(data, LINE)
    if head is not None:
        parsed = Parsed(data)
        assert dict(parsed.fields) == head.fields
        assert len(parsed.fields) == len(head.fields)
        assert (parsed.ends, parsed.body) == (1, b"{}")

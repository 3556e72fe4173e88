"""Clients that spell their requests as nobody should, or as few do: strategies for streams of bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import itemgetter
from typing import Final

from hypothesis import strategies as st

from eztong.http.sanity import MAX_BODY

Field = tuple[bytes, bytes]
KEY: Final = b"ezt_sk_test_" + b"K" * 43
"""Stands for an API key, which is as long."""

PATH: Final = b"/v1/verifications"
_PLAIN: Final = (
    (b"POST ", PATH, b" HTTP/1.1"),
    (b"Host", b": ", b"localhost"),
    (b"Authorization", b": ", b"Bearer " + KEY),
    (b"Content-Length", b": ", b"2"),
)
_METHODS: Final = [b"PATCH ", b"post ", b"PUT ", b" POST ", b"\r\nPOST ", b"\nPOST ", b"\rPOST ", b"POST\t", b"POST  "]
_TARGETS: Final = [
    *[PATH + more for more in (b"?", b"?a=b", b"/", b"#a", b"\xe9", b"%")],
    *[b"//v1/verifications", b"/nowhere", b"*", b"", b"/v1/verification%73", b"/v1/../v1/verifications"],
    *[b"http://localhost/v1/verifications", b"localhost:80"],
]
_VERSIONS: Final = [b" HTTP/1.0", b" HTTP/0.9", b" HTTP/2.0", b" http/1.1", b" HTTP/1.1 ", b"  HTTP/1.1", b""]
_SEPARATORS: Final = [b":", b":  ", b":\t", b" : ", b": \t", b"", b": \r\n "]
_ENDS: Final = [b"\n", b"\r", b" \r\n", b"\t\r\n", b"\r\n ", b"\r\n\t", b"\r\r\n", b"\r\n\r\n", b""]
_EXTRA: Final = [
    *[b"connection: " + value for value in (b"close", b"keep-alive", b"Keep-Alive", b"keep-alive, close", b"upgrade")],
    *[b"proxy-connection: close", b"keep-alive: 5", b"upgrade: h2c", b"te: trailers", b"trailer: x-a"],
    *[b"Content-Length: " + value for value in (b"1", b"2", b"0002", b"+2", b"2, 2", b"99999")],
    *[b"transfer-encoding: " + value for value in (b"chunked", b"identity", b"gzip, chunked")],
    *[b"host: localhost", b"host: evil.example", b"expect: 100-continue", b"x-forwarded-for: 198.51.100.7"],
    *[b"x-a: " + value for value in (b"", b" ", b"b" * 9000, b"b" * 70_000, b"\0", b"\x7f", b"\xe9", b"a: b", b"a\rb")],
    *[b"x-a:", b"x_a: b", b"x!a: b", b"x a: b", b": b", b"x-a", b"\xe9: b", b" x-a: b", b"x-a: b\r\nx-a: c"],
    *[b"\r\n".join(b"x-%d: a" % number for number in range(many)) for many in (55, 95, 120)],
]
_JUNK: Final = [b"\r", b"\n", b"\0", b" ", b":", b"x", b"\xff", b"\r\n\r\n", b"\r\n", b"0"]
_BODIES: Final = [b"{}", b"[]", b"\r\n", b"12"]
_ODDITIES: Final = ["first", "separator", "end", "extra", "missing", "case", "order", "length", "damage"]


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """Return a request with at most two oddities."""
    (method, target, version), *fields = _PLAIN
    lines = [b"".join(field) for field in fields]
    ends = [b"\r\n"] * 5
    body = draw(st.sampled_from(_BODIES))
    odd = draw(st.lists(st.sampled_from(_ODDITIES), max_size=2))
    place = draw(st.integers(0, len(lines) - 1))
    if "first" in odd:
        method = draw(st.just(method) | st.sampled_from(_METHODS))
        target = draw(st.just(target) | st.sampled_from(_TARGETS))
        version = draw(st.just(version) | st.sampled_from(_VERSIONS))
    if "separator" in odd:
        lines[place] = fields[place][0] + draw(st.sampled_from(_SEPARATORS)) + fields[place][2]
    if "case" in odd:
        lines[place] = draw(st.sampled_from([bytes.lower, bytes.upper]))(fields[place][0]) + b": " + fields[place][2]
    if "missing" in odd:
        del lines[place]
    if "extra" in odd:
        lines.append(draw(st.sampled_from(_EXTRA)))
    if "order" in odd:
        lines = draw(st.permutations(lines))
    if "end" in odd:
        ends[draw(st.integers(0, 4))] = draw(st.sampled_from(_ENDS))
    if "length" in odd:
        body = draw(st.sampled_from([b"", b"{", b"{} ", b"{}\r\n"]))
    whole = [line + end for line, end in zip([method + target + version, *lines, b""], ends, strict=False)]
    request = b"".join(whole) + body
    if "damage" in odd:
        at = draw(st.integers(0, len(request)))
        request = request[:at] + draw(st.sampled_from(_JUNK)) + request[at + draw(st.integers(0, 1)) :]
    return request


@st.composite
def streams(draw: st.DrawFn) -> list[bytes]:
    """Return requests that follow each other, in pieces that end with a request, or anywhere."""
    sent = draw(
        st.lists(
            requests() | st.just(b"".join(b"".join(line) + b"\r\n" for line in _PLAIN) + b"\r\n{}"),
            min_size=1,
            max_size=3,
        )
    )
    match draw(st.sampled_from(["whole", "requests", "anywhere", "everywhere"])):
        case "whole":
            return [b"".join(sent)]
        case "requests":
            return sent
        case "anywhere":
            return cut(b"".join(sent), draw(st.lists(st.integers(0, 400), max_size=4)))
        case _:
            near = [mark + draw(st.integers(-2, 2)) for mark in accumulate(map(len, sent))]
            return cut(b"".join(sent), near)


def cut(stream: bytes, at: Sequence[int]) -> list[bytes]:
    """Return the pieces of a stream that is cut at these places."""
    marks = sorted({0, *(mark for mark in at if 0 < mark < len(stream)), len(stream)})
    return [stream[start:end] for start, end in pairwise(marks)]


_TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=12).map(lambda t: t.encode("latin-1"))
_PLAIN_FIELDS = (
    st.just((b"authorization", "Bearer KEY"))
    | st.tuples(st.just(b"authorization"), st.sampled_from(["Bearer  KEY", "bearer KEY", "Basic KEY", "Bearer x"]))
    | st.tuples(st.just(b"idempotency-key"), st.sampled_from([b"both-ways", b"x" * 129, b"\xe9", b"a b"]))
    | st.tuples(st.just(b"x-request-id"), st.sampled_from([b"my-own-id-17", b"short", b"a_b_c_d_e_f", b"\xe9" * 9]))
    | st.sampled_from([(b"connection", b"keep-alive"), (b"accept", b"*/*"), (b"user-agent", b"\xe9 1.0")])
)
_BODY = st.fixed_dictionaries(
    {"scene": st.sampled_from(["hotel_check_in", "nowhere", "", "x" * 200]) | st.text(max_size=5)},
    optional={
        "desk": st.sampled_from(["front-1", "none", "", None]),
        "wants": st.lists(st.sampled_from(["is_person", "age_over_18", "everything", ""]), max_size=3),
        "surprise": st.integers(),
    },
)
_OTHER_CODES = st.sampled_from(["881234567890123458", "12", "", "8" * 18, "EZ1.x"]) | st.text(max_size=20)


@st.composite
def bodies(draw: st.DrawFn) -> bytes | str:
    """Return a body; a text stands for JSON in which CODE is to be filled in."""
    match draw(st.sampled_from(["code", "json", "bytes", "large"])):
        case "code":
            return json.dumps({"code": draw(_OTHER_CODES | st.just("CODE")), **draw(_BODY)})
        case "json":
            return json.dumps(draw(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists)))
        case "bytes":
            return draw(st.binary(max_size=40))
        case _:
            return b" " * draw(st.sampled_from([MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 2 * MAX_BODY]))


@st.composite
def heads(draw: st.DrawFn) -> list[tuple[bytes, bytes | str]]:
    """Return headers without a length; KEY is to be filled in. Half of them are such as can be answered directly."""
    if draw(st.booleans()):
        return [(b"host", b"localhost"), *draw(st.permutations(draw(st.lists(_PLAIN_FIELDS, unique_by=itemgetter(0)))))]
    fields: list[tuple[bytes, bytes | str]] = []
    blank = draw(st.sampled_from([" ", "  ", " \t"]))
    schemes = st.sampled_from(["Bearer", "bearer", "BEARER", "Basic", "Bearer:"])
    authorizations = st.sampled_from(["KEY", "KEY ", " KEY", "", "x"]).map(lambda key: f"{draw(schemes)}{blank}{key}")
    plain = st.just(f"Bearer{blank}KEY")
    fields += [
        (b"authorization", value) for value in draw(st.lists(plain | plain | authorizations, min_size=1, max_size=2))
    ]
    hosts = st.sampled_from([b"localhost", b"127.0.0.1:80", b"evil.example", b"", b"\xff"])
    fields += [(b"host", draw(st.just(b"localhost") | hosts))]
    if draw(st.booleans()):
        fields += [(b"idempotency-key", draw(st.sampled_from([b"both-ways", b"", b"x" * 129, b"\xe9"]) | _TEXT))]
    fields += [(b"x-request-id", value) for value in draw(st.lists(st.just(b"my-own-id-17") | _TEXT, max_size=2))]
    names = st.sampled_from([b"content-type", b"accept", b"accept-encoding", b"origin", b"cookie", b"x-a", b"expect"])
    fields += draw(st.lists(st.tuples(names, _TEXT), max_size=3))
    return draw(st.permutations(fields))


@st.composite
def framings(draw: st.DrawFn) -> tuple[bytes | None, bool, int, bool]:
    """Return a stated length (None: the right one), whether to say chunked, pieces, and whether it breaks off."""
    if draw(st.booleans()):
        return None, False, draw(st.integers(1, 4)), draw(st.integers(0, 5)) == 0
    length = draw(st.none() | st.none() | st.sampled_from([b"", b"-1", b"1_0", b"99999999", b"9" * 5000]))
    return length, draw(st.booleans()), draw(st.integers(1, 4)), draw(st.integers(0, 5)) == 0


def _parted(body: bytes, number: int) -> list[bytes]:
    size = max(1, -(-len(body) // number))
    return [body[at : at + size] for at in range(0, len(body), size)] or [b""]


def written(fields: Sequence[Field]) -> bytes:
    """Return a head that is spelled plainly."""
    return b"\r\n".join([b"".join(_PLAIN[0]), *(b"%b: %b" % field for field in fields), b"", b""])


def framed(fields: Sequence[Field], body: bytes, framing: tuple[bytes | None, bool, int, bool]) -> list[bytes]:
    """Return the pieces of a request: its head, and its body in so many."""
    length, is_chunked, number, breaks_off = framing
    if is_chunked and length is None:
        told = (b"transfer-encoding", b"chunked")
        chunks = [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in _parted(body, number) if piece]
        sent = [*chunks, b"0\r\n\r\n"]
    else:
        told = (b"content-length", b"%d" % len(body) if length is None else length)
        sent = _parted(body, number)
    return [written([*fields, told]), *(sent[:-1] if breaks_off else sent)]

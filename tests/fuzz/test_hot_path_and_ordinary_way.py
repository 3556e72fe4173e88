"""The hot path against the ordinary way: whatever is sent, both say the same, in the same words and headers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope
from structlog.testing import capture_logs
from typing_extensions import override

from eztong.domain.errors import TooMany
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope as KeyScope
from eztong.http.exchange import Exchanges
from eztong.http.failures import CLIENT_GONE
from eztong.http.hosts import Hosts
from eztong.http.sanity import MAX_BODY
from eztong.partner_api.application import build_partner_api
from eztong.partner_api.hot_path import PATH, VerificationHotPath
from eztong.partner_api.verify_call import Verifier
from eztong.ports.act import OPERATOR
from eztong.ports.limiter import Limit, Limiter
from eztong.ports.services import Services
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.wiring.asgi import with_middleware
from tests.flows.citizen.browser import Town

EXAMPLES = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SCENE = "hotel_check_in"
NUMBER = "11000019900307001X"
Headers = list[tuple[bytes, bytes]]


class Unlimited:
    """Counts nothing, so that the second of two equal calls is told what the first one was."""

    def hit(self, limit: Limit, subject: str) -> None:
        """Let everything pass."""

    def check(self, limit: Limit, subject: str) -> None:
        """Let everything pass."""


class UsedUp(Unlimited):
    """Lets nothing pass."""

    @override
    def hit(self, limit: Limit, subject: str) -> None:
        raise TooMany(retry_after=7)


@dataclass(frozen=True)
class Answer:
    """What came back; None for the status of a client that hung up."""

    status: int | None
    headers: dict[str, str]
    body: bytes


@dataclass
class Both:
    """The route in front of the framework and in it, over the same services and one event loop."""

    town: Town
    key: str
    code: str
    fresh: str
    loop: asyncio.AbstractEventLoop

    def ways(self, services: Services) -> tuple[ASGIApp, ASGIApp]:
        built = self.town.built
        verifier = Verifier(services=services, limit=Limit("verifications", 1000, 60))
        exchanges = Exchanges(metrics=built.metrics, entropy=services.entropy)
        hosts = Hosts(["http://localhost"], is_sandbox=True)
        ordinary = with_middleware(build_partner_api(verifier), exchanges=exchanges, hosts=hosts, https=False)
        hot = VerificationHotPath(
            ordinary, verifier=verifier, exchanges=exchanges, hosts=hosts, https=False, own_frames=False
        )
        return hot, ordinary

    def ask(self, app: ASGIApp, headers: Headers, messages: list[Message]) -> Answer:
        return self.loop.run_until_complete(_ask(app, headers, messages))

    def compare(self, services: Services, headers: Headers, messages: list[Message]) -> Answer:
        hot, ordinary = (self.ask(app, headers, messages) for app in self.ways(services))
        assert hot == ordinary
        return hot


async def _ask(app: ASGIApp, headers: Headers, messages: list[Message]) -> Answer:
    waiting, sent = list(messages), list[Message]()

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": PATH,
        "raw_path": PATH.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": list(headers),
        "client": ("192.0.2.7", 1),
        "server": ("127.0.0.1", 80),
        "state": {},
    }
    await app(scope, receive, send)
    if not sent or sent[0]["status"] == CLIENT_GONE:
        return Answer(None, {}, b"")
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    assert len(found) == len(sent[0]["headers"]), "a header twice"
    body = b"".join(message.get("body", b"") for message in sent[1:])
    identifier = found.pop("x-request-id")
    assert found.pop("content-length", str(len(body))) == str(len(body))
    return Answer(sent[0]["status"], found, body.replace(identifier.encode(), b"ID"))


def show_code(town: Town, persona: str) -> str:
    client = TestClient(town.app)
    holder = client.post("/v1/test_helpers/holders", json={"persona": persona}).json()["id"]
    shown = client.post(f"/v1/test_helpers/holders/{holder}/codes", json={"channel": "screen"}).json()
    return str(shown["qr"])


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    folder: Path = tmp_path_factory.mktemp("both")
    town = Town(folder)
    services = town.services
    command = IssueApiKey(partner_id=PartnerId("hotel"), label="fuzz", scopes=frozenset(KeyScope), live=False)
    _, key = services.perform(OPERATOR, issue_api_key, command)
    # A code that was used already: what it is told does not depend on which of two equal calls comes first.
    used, fresh = show_code(town, "P01"), show_code(town, "P02")
    TestClient(town.app).post(PATH, json={"code": used, "scene": SCENE}, headers={"authorization": f"Bearer {key}"})
    loop = asyncio.new_event_loop()
    running = town.built.store.on_event_loop()
    loop.run_until_complete(running.__aenter__())
    yield Both(town, key, used, fresh, loop)
    loop.run_until_complete(running.__aexit__(None, None, None))
    loop.close()
    town.built.close()


def unlimited(both: Both, limiter: Limiter | None = None) -> Services:
    return replace(both.town.services, limiter=limiter or Unlimited())


TEXT = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFF), max_size=12).map(lambda t: t.encode("latin-1"))
FIELDS = st.fixed_dictionaries(
    {"scene": st.sampled_from(["hotel_check_in", "nowhere", "", "x" * 200]) | st.text(max_size=5)},
    optional={
        "desk": st.sampled_from(["front-1", "none", "", None]),
        "wants": st.lists(st.sampled_from(["is_person", "age_over_18", "everything", ""]), max_size=3),
        "surprise": st.integers(),
    },
)
OTHER_CODES = st.sampled_from(["881234567890123458", "12", "", "8" * 18, "EZ1.x"]) | st.text(max_size=20)


@st.composite
def bodies(draw: st.DrawFn) -> bytes | str:
    """Return a body; a text stands for JSON in which CODE is to be filled in."""
    match draw(st.sampled_from(["code", "json", "bytes", "large"])):
        case "code":
            return json.dumps({"code": draw(OTHER_CODES | st.just("CODE")), **draw(FIELDS)})
        case "json":
            return json.dumps(draw(st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists)))
        case "bytes":
            return draw(st.binary(max_size=40))
        case _:
            return b" " * draw(st.sampled_from([MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 2 * MAX_BODY]))


@st.composite
def heads(draw: st.DrawFn) -> list[tuple[bytes, bytes | str]]:
    """Return headers without a length; KEY is to be filled in."""
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
        fields += [(b"idempotency-key", draw(st.sampled_from([b"both-ways", b"", b"x" * 129, b"\xe9"]) | TEXT))]
    fields += [(b"x-request-id", value) for value in draw(st.lists(st.just(b"my-own-id-17") | TEXT, max_size=2))]
    names = st.sampled_from([b"content-type", b"accept", b"accept-encoding", b"origin", b"cookie", b"x-a", b"expect"])
    fields += draw(st.lists(st.tuples(names, TEXT), max_size=3))
    return draw(st.permutations(fields))


@st.composite
def framings(draw: st.DrawFn) -> tuple[bytes | None, bool, int, bool]:
    """Return a stated length (None: the right one), whether to say chunked, pieces, and whether it breaks off."""
    length = draw(st.none() | st.none() | st.sampled_from([b"", b"-1", b"1_0", b"99999999", b"9" * 5000]))
    return length, draw(st.booleans()), draw(st.integers(1, 4)), draw(st.integers(0, 5)) == 0


def pieces(body: bytes, number: int, *, breaks_off: bool) -> list[Message]:
    size = max(1, -(-len(body) // number))
    chunks = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    messages: list[Message] = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    return messages[:-1] if breaks_off else [*messages[:-1], {**messages[-1], "more_body": False}]


def framed(
    fields: Headers, body: bytes, framing: tuple[bytes | None, bool, int, bool]
) -> tuple[Headers, list[Message]]:
    length, is_chunked, number, breaks_off = framing
    told = (
        (b"transfer-encoding", b"chunked")
        if is_chunked and length is None
        else (b"content-length", length or b"%d" % len(body))
    )
    if length == b"":
        told = (b"content-length", b"")
    return [*fields, told], pieces(body, number, breaks_off=breaks_off)


@EXAMPLES
@given(fields=heads(), body=bodies(), framing=framings())
def test_whatever_is_sent_both_say_the_same(
    both: Both,
    fields: list[tuple[bytes, bytes | str]],
    body: bytes | str,
    framing: tuple[bytes | None, bool, int, bool],
) -> None:
    filled = [
        (name, value.replace("KEY", both.key).encode("latin-1") if isinstance(value, str) else value)
        for name, value in fields
    ]
    sent = body.replace("CODE", both.code).encode() if isinstance(body, str) else body
    headers, messages = framed(filled, sent, framing)
    answer = both.compare(unlimited(both), headers, messages)
    assert answer.status is None or 200 <= answer.status < 500
    if answer.status == 413:
        assert answer.headers["connection"] == "close"


def plain_call(both: Both, body: bytes) -> tuple[Headers, list[Message]]:
    fields: Headers = [(b"host", b"localhost"), (b"authorization", f"Bearer {both.key}".encode())]
    return framed(fields, body, (None, False, 1, False))


def test_a_pass_is_the_same(both: Both) -> None:
    body = json.dumps({"code": both.fresh, "scene": SCENE}).encode()
    headers, messages = plain_call(both, body)
    answer = both.compare(unlimited(both), [*headers, (b"idempotency-key", b"once")], messages)
    assert answer.status == 200
    assert json.loads(answer.body)["outcome"] == "passed"


@pytest.mark.parametrize("value", ["Bearer  {}", "bearer {} ", "Bearer {}\t", " BEARER \t {}"])
def test_blanks_round_a_key_are_no_part_of_it(both: Both, value: str) -> None:
    fields: Headers = [(b"host", b"localhost"), (b"authorization", value.format(both.key).encode())]
    assert both.compare(unlimited(both), *framed(fields, b"{}", (None, False, 1, False))).status == 422


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer  ", "", "Basic {}", "Bearer\t{}"])
def test_what_is_no_bearer_key_is_a_missing_one(both: Both, value: str) -> None:
    fields: Headers = [(b"host", b"localhost"), (b"authorization", value.format(both.key).encode())]
    answer = both.compare(unlimited(both), *framed(fields, b"{}", (None, False, 1, False)))
    assert (answer.status, json.loads(answer.body)["code"]) == (401, "key_missing")


def test_a_limit_is_the_same(both: Both) -> None:
    headers, messages = plain_call(both, b"{}")
    answer = both.compare(unlimited(both, UsedUp()), headers, messages)
    assert (answer.status, answer.headers["retry-after"]) == (429, "7")


class Broken:
    """A store that fails as nobody expected, with somebody's number in its words."""

    def __getattr__(self, _name: str) -> Any:  # noqa: ANN401 - any method of a store
        raise RuntimeError(NUMBER)


def test_what_nobody_expected_is_the_same_problem_and_tells_nothing(both: Both) -> None:
    headers, messages = plain_call(both, json.dumps({"code": both.code, "scene": SCENE}).encode())
    services = replace(unlimited(both), store=Broken())
    with capture_logs() as lines:
        answer = both.compare(services, headers, messages)
    assert answer.status == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.body)["code"] == "internal"
    assert json.loads(answer.body)["request_id"] == "ID"
    assert [line["kind"] for line in lines if line["event"] == "request_failed"] == ["RuntimeError"] * 2
    assert NUMBER not in str(lines)


def test_a_client_that_hangs_up_is_no_failure_of_ours(both: Both) -> None:
    headers, messages = plain_call(both, b"{" + b" " * 100)
    with capture_logs() as lines:
        answer = both.compare(unlimited(both), headers, [{**messages[0], "more_body": True}])
    assert answer.status is None
    assert [line.get("status") for line in lines if line["event"] == "request"] == [CLIENT_GONE] * 2
    assert [line for line in lines if line["log_level"] == "error"] == []

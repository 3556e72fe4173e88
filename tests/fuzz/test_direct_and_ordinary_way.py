"""The direct way against the ordinary one: whatever is sent, in whatever pieces, both say the same, word for word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, combinations
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient
from structlog.testing import capture_logs
from typing_extensions import override

from eztong.cli.server.listener import make_server
from eztong.domain.errors import TooMany
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope as KeyScope
from eztong.http.connection import ConnectionLimits
from eztong.http.direct.route import DirectRoute, Outcome
from eztong.http.direct.whole_request import WholeRequest
from eztong.http.exchange import Exchanges
from eztong.http.failures import CLIENT_GONE
from eztong.http.hosts import Hosts
from eztong.partner_api.application import build_partner_api
from eztong.partner_api.verify_call import Verifier
from eztong.ports.act import SYSTEM
from eztong.ports.limiter import Limit, Limiter
from eztong.ports.services import Services
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.wiring.asgi import with_middleware
from tests.flows.citizen.browser import Town
from tests.simulators.connections import CLIENT, Line, Told
from tests.simulators.spellings import KEY, Field, bodies, framed, framings, heads, streams, written

EXAMPLES = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
SCENE = "hotel_check_in"
PATH = "/v1/verifications"
NUMBER = "11000019900307001X"
MIDDLE = 40


class Unlimited:
    """Counts nothing, so that the second of two equal calls is told what the first one was."""

    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        """Let everything pass."""

    def check(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        """Let everything pass."""


class UsedUp(Unlimited):
    """Lets nothing pass."""

    @override
    def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
        raise TooMany(retry_after=7)


@dataclass(frozen=True)
class Heard:
    """What a client heard, whether the connection ended with it, and what was counted of it."""

    answers: list[Told]
    is_closed: bool
    counted: list[tuple[str, int]]

    @property
    def only(self) -> Told:
        """The one answer."""
        (answer,) = self.answers
        return answer


@dataclass
class Both:
    """The route in front of the framework and in it, over the same services and one event loop."""

    town: Town
    key: str
    code: str
    fresh: str
    loop: asyncio.AbstractEventLoop
    direct_calls: int = 0

    def ways(self, services: Services) -> tuple[uvicorn.Server, uvicorn.Server]:
        """Return a server that answers directly, and one that does not."""
        verifier = Verifier(services=services, limit=Limit("verifications", 1000, 60))
        exchanges = Exchanges(metrics=self.town.built.metrics, entropy=services.entropy)
        hosts = Hosts(["http://localhost"], is_sandbox=True)
        app = with_middleware(build_partner_api(verifier), exchanges=exchanges, hosts=hosts, https=False)

        def counted(request: WholeRequest, client: str, tell: Callable[[Outcome], None]) -> None:
            self.direct_calls += 1
            verifier.answer_request(request, client, tell)

        route = DirectRoute(PATH, counted, exchanges=exchanges, is_ours=hosts.knows, https=False, own_frames=False)
        limits = ConnectionLimits()
        return (
            make_server(app, limits=limits, direct=route, on_stop=lambda: None),
            make_server(app, limits=limits, on_stop=lambda: None),
        )

    def ask(self, server: uvicorn.Server, pieces: Sequence[bytes], *, rests: Container[int] = ()) -> Heard:
        """Send the pieces, take what is answered, and hang up."""
        with capture_logs() as lines:
            line = self.loop.run_until_complete(_ask(server, pieces, rests=rests))
        counted = [(entry["route"], entry["status"]) for entry in lines if entry["event"] == "request"]
        return Heard(line.answers, line.closed, counted)

    def compare(self, services: Services, pieces: Sequence[bytes], *, at_once: bool = True) -> Heard:
        """Ask both."""
        directly, ordinarily = self.ways(services)
        if not at_once:
            every = range(len(pieces))
            heard = self.ask(directly, pieces, rests=every)
            assert heard == self.ask(ordinarily, pieces, rests=every)
            return heard
        heard = self.ask(directly, pieces)
        # What comes while a direct answer is due is read after it, as if it had come then.
        some = chain.from_iterable(combinations(range(1, len(pieces)), many) for many in range(len(pieces)))
        assert any(heard == self.ask(ordinarily, pieces, rests=rests) for rests in some)
        return heard

    def compare_directly(self, services: Services, pieces: Sequence[bytes]) -> Heard:
        """Ask both; the one that can answers directly."""
        before = self.direct_calls
        heard = self.compare(services, pieces)
        assert self.direct_calls == before + 1
        return heard


async def _ask(
    server: uvicorn.Server, pieces: Sequence[bytes], *, rests: Container[int] = (), client: tuple[str, int] = CLIENT
) -> Line:
    line = Line.open(server, client=client)
    await line.send(pieces, rests=rests)
    await line.rest()
    line.note_end()
    await line.hang_up()
    return line


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
    _, key = services.perform(SYSTEM, issue_api_key, command)
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


def filled(both: Both, fields: Sequence[tuple[bytes, bytes | str]]) -> list[Field]:
    return [
        (name, value.replace("KEY", both.key).encode("latin-1") if isinstance(value, str) else value)
        for name, value in fields
    ]


@EXAMPLES
@given(fields=heads(), body=bodies(), framing=framings(), at_once=st.booleans(), joined=st.booleans())
def test_whatever_is_sent_both_say_the_same(
    both: Both,
    fields: list[tuple[bytes, bytes | str]],
    body: bytes | str,
    framing: tuple[bytes | None, bool, int, bool],
    at_once: bool,
    joined: bool,
) -> None:
    sent = body.replace("CODE", both.code).encode() if isinstance(body, str) else body
    pieces = framed(filled(both, fields), sent, framing)
    heard = both.compare(unlimited(both), [b"".join(pieces)] if joined else pieces, at_once=at_once)
    assert all(b"200" <= answer.status[9:12] < b"500" for answer in heard.answers)


@EXAMPLES
@given(pieces=streams(), at_once=st.booleans())
def test_however_it_is_spelled_and_cut_both_say_the_same(both: Both, pieces: list[bytes], at_once: bool) -> None:
    assert len(KEY) == len(both.key)
    both.compare(unlimited(both), [piece.replace(KEY, both.key.encode()) for piece in pieces], at_once=at_once)


def plain_call(both: Both, body: bytes, *more: Field) -> list[bytes]:
    fields = [(b"host", b"localhost"), (b"authorization", f"Bearer {both.key}".encode()), *more]
    return [b"".join(framed(fields, body, (None, False, 1, False)))]


def test_a_plain_call_cut_in_two_at_every_place_is_the_same(both: Both) -> None:
    (call,) = plain_call(both, b"{}")
    services = unlimited(both)
    for place in range(1, len(call)):
        heard = both.compare(services, [call[:place], call[place:]], at_once=place % 2 == 0)
        assert heard.only.status.startswith(b"HTTP/1.1 422 ")


def test_a_call_whose_body_follows_its_head_is_answered_directly(both: Both) -> None:
    (call,) = plain_call(both, json.dumps({"code": both.code, "scene": SCENE}).encode())
    head = call.index(b"\r\n\r\n") + 4
    heard = both.compare_directly(unlimited(both), [call[:head], call[head : head + 9], call[head + 9 :]])
    assert heard.only.status == b"HTTP/1.1 200 OK"


def test_two_in_one_piece_and_two_in_a_row_are_the_same(both: Both) -> None:
    (call,) = plain_call(both, json.dumps({"code": both.code, "scene": SCENE}).encode())
    services = unlimited(both)
    in_one, in_a_row = both.compare(services, [call * 2]), both.compare(services, [call, call])
    assert in_one == in_a_row
    assert len(in_one.answers) == 2
    assert both.compare(services, [call] * 5).answers == in_one.answers[:1] * 5
    assert both.compare(services, [call, call[:MIDDLE], call[MIDDLE:], call * 3]).answers == in_one.answers[:1] * 5


def test_a_pass_is_the_same(both: Both) -> None:
    body = json.dumps({"code": both.fresh, "scene": SCENE}).encode()
    heard = both.compare_directly(unlimited(both), plain_call(both, body, (b"idempotency-key", b"once")))
    assert heard.only.status == b"HTTP/1.1 200 OK"
    assert json.loads(heard.only.body)["outcome"] == "passed"
    assert heard.counted == [(PATH, 200)]


@pytest.mark.parametrize("value", ["Bearer  {}", "bearer {} ", "Bearer {}\t", " BEARER \t {}"])
def test_blanks_round_a_key_are_no_part_of_it(both: Both, value: str) -> None:
    fields = [(b"host", b"localhost"), (b"authorization", value.format(both.key).encode())]
    heard = both.compare(unlimited(both), framed(fields, b"{}", (None, False, 1, False)))
    assert heard.only.status.startswith(b"HTTP/1.1 422 ")


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer  ", "", "Basic {}", "Bearer\t{}"])
def test_what_is_no_bearer_key_is_a_missing_one(both: Both, value: str) -> None:
    fields = [(b"host", b"localhost"), (b"authorization", value.format(both.key).encode())]
    heard = both.compare(unlimited(both), framed(fields, b"{}", (None, False, 1, False)))
    assert heard.only.status.startswith(b"HTTP/1.1 401 ")
    assert json.loads(heard.only.body)["code"] == "key_missing"


def test_a_limit_is_the_same(both: Both) -> None:
    heard = both.compare_directly(unlimited(both, UsedUp()), plain_call(both, b"{}"))
    assert heard.only.status == b"HTTP/1.1 429 Too Many Requests"
    assert heard.only.fields[b"retry-after"] == b"7"


def test_who_calls_is_whom_a_trusted_proxy_names(both: Both) -> None:
    seen: list[str] = []

    class Seeing(Unlimited):
        @override
        def hit(self, limit: Limit, subject: str, *, now: datetime | None = None) -> None:
            seen.append(subject)

    call = written(
        [
            (b"host", b"localhost"),
            (b"authorization", b"Bearer ezt_sk_test_" + b"A" * 43),
            (b"x-forwarded-for", b"198.51.100.7"),
            (b"content-length", b"0"),
        ]
    )
    for client in (("127.0.0.1", 5), ("192.0.2.7", 5)):
        seen.clear()
        heard = [
            both.loop.run_until_complete(_ask(server, [call], client=client)).answers
            for server in both.ways(unlimited(both, Seeing()))
        ]
        assert heard[0] == heard[1]
        assert len(seen) == 2
        assert seen[0] == seen[1]
        assert ("198.51.100.7" in seen[0]) is (client[0] == "127.0.0.1")


class Broken:
    """A store that fails as nobody expected, with somebody's number in its words."""

    def __getattr__(self, _name: str) -> Any:  # noqa: ANN401 - any method of a store
        raise RuntimeError(NUMBER)


def test_what_nobody_expected_is_the_same_problem_and_tells_nothing(both: Both) -> None:
    call = plain_call(both, json.dumps({"code": both.code, "scene": SCENE}).encode())
    services = replace(unlimited(both), store=Broken())
    with capture_logs() as lines:
        answers = [both.loop.run_until_complete(_ask(server, call)).answers for server in both.ways(services)]
    assert answers[0] == answers[1]
    (answer,) = answers[0]
    assert answer.status == b"HTTP/1.1 500 Internal Server Error"
    assert answer.fields[b"content-type"] == b"application/problem+json"
    assert json.loads(answer.body)["code"] == "internal"
    assert json.loads(answer.body)["request_id"] == "ID"
    assert [line["kind"] for line in lines if line["event"] == "request_failed"] == ["RuntimeError"] * 2
    assert NUMBER not in str(lines)


@pytest.mark.parametrize("sent", [b"", b"{", b"{" + b" " * 99])
def test_a_client_that_hangs_up_is_no_failure_of_ours(both: Both, sent: bytes) -> None:
    (call,) = plain_call(both, b" " * 101)
    with capture_logs() as lines:
        heard = both.compare(unlimited(both), [call[:-101] + sent])
    assert heard.answers == []
    assert heard.counted == [(PATH, CLIENT_GONE)]
    assert [line for line in lines if line["log_level"] == "error"] == []

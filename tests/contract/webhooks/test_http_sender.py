"""The sender against real servers: which addresses are called, how the certificate is checked, and what it costs."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest
from typing_extensions import override

from eztong.adapters.webhooks.http_sender import HttpWebhookSender, SenderLimits
from eztong.adapters.webhooks.resolver import Resolver, SystemResolver
from eztong.domain.webhooks.delivery import DeliveryFailure, Tried
from eztong.domain.webhooks.endpoint import PATIENT
from eztong.domain.webhooks.reachable import parse_networks
from eztong.ports.webhook_sender import SenderStopped, SignedDelivery
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.gateway import Gateway, gateway
from tests.simulators.service import free_port

NAME = "hooks.example"
HERE = parse_networks("127.0.0.0/8")
QUICK = timedelta(seconds=0.6)
ENDLESS = 30.0
"""What goes on after so many seconds was not left: whoever is left here would go on for ever."""
LIMITS = SenderLimits(connect=0.5, answer_bytes=1000)
F = DeliveryFailure


class NameServer(Resolver):
    """Answers each look with the next of its lists of addresses, the last one again and again."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    @override
    def addresses(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if not answer:
            raise OSError("no such name")
        return answer


@contextmanager
def sender(*answers: Sequence[str], ca: Path | None = None) -> Iterator[HttpWebhookSender]:
    names = NameServer(*(answers or (["127.0.0.1"],)))
    made = HttpWebhookSender(allowed=HERE, ca_file=ca, resolver=names, limits=LIMITS)
    yield made
    made.close()


def posted(url: str) -> SignedDelivery:
    return SignedDelivery(url=url, headers={"webhook-id": "msg_1", "webhook-signature": "v1,x"}, body='{"a":"密"}')


def address_of(server: Gateway, *, host: str = NAME, path: str = "/hooks?x=%20y") -> str:
    scheme, _, rest = server.url.partition("://")
    port = rest.partition("/")[0].rpartition(":")[2]
    return f"{scheme}://{host}:{port}{path}"


def send(one: HttpWebhookSender, url: str) -> tuple[int | None, DeliveryFailure | None]:
    tried = one.send(posted(url), patience=PATIENT)
    return tried.status, tried.failure


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as held:
        yield held


def test_a_delivery_is_posted_as_it_was_signed_under_its_name(server: Gateway) -> None:
    with sender() as one:
        tried = one.send(posted(address_of(server)), patience=PATIENT)
    assert (tried.status, tried.failure, tried.read_bytes) == (200, None, 2)
    ((headers, body),) = server.requests
    assert body.decode() == '{"a":"密"}'
    assert headers["host"] == address_of(server).split("/")[2]
    assert {name: headers[name] for name in ("webhook-id", "webhook-signature", "content-type")} == {
        "webhook-id": "msg_1",
        "webhook-signature": "v1,x",
        "content-type": "application/json",
    }
    assert "cookie" not in headers


def test_the_name_is_looked_up_once_and_a_second_answer_is_never_asked_for(server: Gateway) -> None:
    """DNS rebinding: the first answer is allowed, whatever comes after leads inside."""
    names = NameServer(["127.0.0.1"], ["169.254.169.254"])
    one = HttpWebhookSender(allowed=HERE, resolver=names, limits=LIMITS)
    assert send(one, address_of(server)) == (200, None)
    assert len(names.asked) == 1
    # Once it leads inside, nothing is called, though the name is the one that was good before.
    assert send(one, address_of(server)) == (None, F.ADDRESS)
    assert len(server.requests) == 1
    one.close()


@pytest.mark.parametrize(
    "addresses",
    [
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["127.0.0.1", "10.0.0.1"],
        ["fe80::1%lo"],
        [],
    ],
)
def test_a_name_that_leads_inside_or_nowhere_is_not_called_at_all(server: Gateway, addresses: list[str]) -> None:
    with sender(addresses) as one:
        assert send(one, address_of(server)) == (None, F.ADDRESS)
    assert server.requests == []


def test_without_a_setting_this_machine_is_not_called_by_name_or_number(server: Gateway) -> None:
    one = HttpWebhookSender(resolver=SystemResolver(), limits=LIMITS)
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "0"):
        assert send(one, address_of(server, host=host)) == (None, F.ADDRESS)
    assert send(one, "https://a..b/") == (None, F.ADDRESS)
    assert send(one, f"https://{'a' * 64}.example/") == (None, F.ADDRESS)
    assert server.requests == []
    one.close()


def test_a_second_address_of_the_name_is_tried_where_the_first_takes_no_connection(server: Gateway) -> None:
    with sender(["127.0.0.9", "127.0.0.1"]) as one:
        assert send(one, address_of(server)) == (200, None)


def test_proxies_of_the_environment_are_not_asked(server: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with sender() as one:
        assert send(one, address_of(server)) == (200, None)


@pytest.mark.parametrize(
    ("status", "failure"), [(302, F.REDIRECTED), (404, F.REFUSED), (410, F.REFUSED), (500, F.SERVER_ERROR)]
)
def test_other_answers_are_failures_and_no_redirect_is_followed(
    server: Gateway, status: int, failure: DeliveryFailure
) -> None:
    server.says(status)
    with sender() as one:
        assert send(one, address_of(server)) == (status, failure)
    assert len(server.requests) == 1


# --- TLS ----------------------------------------------------------------------------------------------------------


def test_the_certificate_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    good = write_certificate(tmp_path, NAME)
    with gateway(good) as server, sender(ca=good) as one:
        assert send(one, address_of(server)) == (200, None)
        assert send(one, address_of(server, host="other.example")) == (None, F.TLS)
        assert send(one, address_of(server, host="127.0.0.1")) == (None, F.TLS)
    assert len(server.requests) == 1


def test_a_certificate_of_an_unknown_issuer_is_refused(tmp_path: Path) -> None:
    with gateway(write_certificate(tmp_path, NAME)) as server, sender() as one:
        assert send(one, address_of(server)) == (None, F.TLS)
    assert server.requests == []


def test_a_file_of_issuers_that_is_none_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="issuers"):
        HttpWebhookSender(ca_file=tmp_path / "missing.pem")


# --- what it costs ------------------------------------------------------------------------------------------------


@contextmanager
def listening(answer: Callable[[socket.socket], None] | None = None) -> Iterator[str]:
    """Listen without HTTP; ``answer`` is done with each connection, and without it none is taken."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:

        def take() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    try:
                        assert answer is not None
                        answer(connection)
                    except OSError:
                        pass

        if answer is not None:
            Thread(target=take, daemon=True).start()
        yield f"http://{NAME}:{server.getsockname()[1]}/"
        server.shutdown(socket.SHUT_RDWR)


def drip(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"H")
        connection.settimeout(0.05)
        try:
            connection.recv(1000)
        except TimeoutError:
            continue


def flood(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n")
    while True:
        connection.sendall(bytes(10_000))


def nonsense(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"220 mail ready\r\n\r\n")


def timed(url: str) -> tuple[Tried, float]:
    with sender() as one:
        begun = monotonic()
        tried = one.send(posted(url), patience=QUICK)
    return tried, monotonic() - begun


def test_who_never_answers_or_drips_is_left_when_the_time_is_over() -> None:
    for answer in (None, drip):
        with listening(answer) as url:
            tried, seconds = timed(url)
        assert (tried.status, tried.failure) == (None, F.TIMEOUT)
        assert seconds < ENDLESS


def test_of_a_long_answer_no_more_is_read_than_counts_and_it_has_arrived() -> None:
    with listening(flood) as url:
        tried, seconds = timed(url)
    assert (tried.status, tried.failure, tried.read_bytes) == (200, None, LIMITS.answer_bytes)
    assert seconds < ENDLESS


def test_what_is_no_http_is_unreadable_and_a_closed_port_no_connection() -> None:
    with listening(nonsense) as url:
        assert timed(url)[0].failure is F.UNREADABLE
    assert timed(f"http://{NAME}:{free_port()}/")[0].failure is F.NO_CONNECTION


def test_a_stop_ends_what_is_under_way_and_begins_nothing() -> None:
    with listening() as url, sender() as one:
        stopped: list[bool] = []

        def wait() -> None:
            with pytest.raises(SenderStopped):
                one.send(posted(url), patience=timedelta(seconds=30))
            stopped.append(True)

        thread = Thread(target=wait)
        thread.start()
        until = monotonic() + 5
        while not one.under_way and monotonic() < until:
            thread.join(0.01)
        begun = monotonic()
        one.stop()
        thread.join(5)
        assert (stopped, monotonic() - begun < 5) == ([True], True)
        with pytest.raises(SenderStopped):
            one.send(posted(url), patience=timedelta(seconds=30))

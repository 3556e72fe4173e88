"""No transport is waited for longer than it has, however slowly or endlessly it speaks: against real sockets."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.notifier.body_template import parse_template
from eztong.adapters.notifier.http_sms import HttpSmsNotifier, SmsGateway
from eztong.adapters.notifier.smtp import SmtpNotifier, SmtpSecurity, SmtpServer
from eztong.domain.errors import Unavailable
from eztong.domain.jobs.job import LEASE, WORK_FOR
from eztong.domain.notices import Message, Topic
from eztong.ports.notifier import Notifier

AT_MOST, EACH, PATIENCE = 0.6, 30.0, 20.0
MAIL = Message(topic=Topic.PIN_CHANGED, email="li@example.org", language="en", params={})
SMS = Message(topic=Topic.PIN_CHANGED, phone="13800138000", language="en", params={})
Speak = Callable[[socket.socket, Event], None]


def drip(text: bytes, pause: float) -> Speak:
    """Say ``text`` again and again, one piece after each pause."""

    def speak(caller: socket.socket, stopping: Event) -> None:
        while not stopping.is_set():
            caller.sendall(text)
            sleep(pause)

    return speak


def takes_a_mail_and_then(last: bytes) -> Speak:
    """Take a mail as a server does, and answer QUIT with ``last``."""

    def speak(caller: socket.socket, _stopping: Event) -> None:
        lines = caller.makefile("rb")
        caller.sendall(b"220 here\r\n")
        is_mail = False
        for line in lines:
            if is_mail and line != b".\r\n":
                continue
            verb = b"." if is_mail else line[:4].strip().upper()
            is_mail = verb == b"DATA"
            caller.sendall({b"DATA": b"354 go on\r\n", b"QUIT": last}.get(verb, b"250 ok\r\n"))
            if verb == b"QUIT":
                return

    return speak


@contextmanager
def server(speak: Speak) -> Iterator[int]:
    """Listen on a free port and speak to whoever calls."""
    stopping = Event()

    def serve() -> None:
        while not stopping.is_set():
            try:
                caller, _ = listening.accept()
            except OSError:
                return
            with caller, suppress(OSError):
                speak(caller, stopping)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            stopping.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            thread.join(PATIENCE)


def mailer(port: int, security: SmtpSecurity = SmtpSecurity.NONE, at_most: float = AT_MOST) -> Notifier:
    server = SmtpServer(
        host="127.0.0.1",
        port=port,
        sender="notices@eid.example.cn",
        sender_name="City",
        security=security,
        timeout=EACH,
        at_most=at_most,
    )
    return SmtpNotifier(server, SystemClock())


def gateway(port: int) -> Notifier:
    body = parse_template("mobile={phone}&msg={text}")
    return HttpSmsNotifier(SmsGateway(url=f"http://127.0.0.1:{port}/", body=body, read_timeout=EACH, at_most=AT_MOST))


def refused_after(notifier: Notifier, message: Message) -> float:
    begun = monotonic()
    with pytest.raises(Unavailable):
        notifier.deliver(message, message_id="msg_1")
    return monotonic() - begun


@pytest.mark.parametrize("security", [SmtpSecurity.NONE, SmtpSecurity.TLS])
@pytest.mark.parametrize("speak", [drip(b"2", 0.2), drip(b"220-on and on\r\n", 0.2)], ids=["a byte", "a line"])
def test_a_mail_server_that_never_comes_to_an_end_is_left(speak: Speak, security: SmtpSecurity) -> None:
    with server(speak) as port:
        assert refused_after(mailer(port, security), MAIL) < PATIENCE


def test_a_reply_without_an_end_is_left_before_it_fills_the_memory() -> None:
    with server(drip(b"220-on and on\r\n" * 100, 0)) as port:
        assert refused_after(mailer(port, at_most=60), MAIL) < EACH


@pytest.mark.parametrize(
    "speak", [drip(b"H", 0.2), drip(b"HTTP/1.1 100 Continue\r\n\r\n", 0.2)], ids=["a byte", "go on"]
)
def test_a_gateway_that_never_comes_to_an_end_is_left(speak: Speak) -> None:
    with server(speak) as port:
        assert refused_after(gateway(port), SMS) < PATIENCE


@pytest.mark.parametrize(
    "last", [b"221 bye\r\n", b"421 too busy to say goodbye\r\n", b""], ids=["bye", "busy", "silent"]
)
def test_a_mail_that_was_taken_is_delivered_however_the_server_says_goodbye(last: bytes) -> None:
    with server(takes_a_mail_and_then(last)) as port:
        mailer(port, at_most=60).deliver(MAIL, message_id="msg_1")


def test_what_a_hand_over_may_take_stays_within_the_lease() -> None:
    left = (LEASE - WORK_FOR).total_seconds()
    server = SmtpServer(host="h", port=25, sender="a@b", sender_name="c")
    body = parse_template("mobile={phone}&msg={text}")
    assert max(server.at_most, SmsGateway(url="https://g", body=body).at_most) <= left / 2

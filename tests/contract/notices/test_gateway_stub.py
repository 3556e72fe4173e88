"""The gateway for trying out in deploy/: it takes what the service sends, and prints it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eztong.adapters.notifier.body_template import parse_template
from eztong.adapters.notifier.http_sms import HttpSmsNotifier, SmsGateway, parse_criterion
from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message, Topic
from eztong.wiring.settings import Settings
from tests.simulators.service import free_port

STUB = Path(__file__).parents[3] / "deploy" / "compose" / "gateway_stub.py"
MESSAGE = Message(topic=Topic.CODE_REPLAYED, phone="13800138000", language="en", params={"partner": "Demo Hotel"})


@pytest.fixture
def stub() -> Iterator[tuple[subprocess.Popen[str], str]]:
    port = free_port()
    command = [sys.executable, "-I", str(STUB), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert "FOR TRYING OUT ONLY" in process.stdout.readline()
        yield process, f"http://127.0.0.1:{port}/send"
        process.terminate()
        assert process.wait(60) == 0


def deliver(url: str, body: str) -> None:
    gateway = SmsGateway(url=url, body=parse_template(body), success=parse_criterion("code=0"))
    notifier = HttpSmsNotifier(gateway)
    try:
        notifier.deliver(MESSAGE, message_id="msg_1")
    finally:
        notifier.close()


def test_a_message_is_taken_and_printed_without_the_phone(stub: tuple[subprocess.Popen[str], str]) -> None:
    process, url = stub
    deliver(url, Settings.model_fields["sms_body"].default)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("to ...00: ")
    assert "Demo Hotel" in line
    assert MESSAGE.phone not in line


def test_what_it_cannot_read_is_not_said_to_be_sent(stub: tuple[subprocess.Popen[str], str]) -> None:
    with pytest.raises(Unavailable):
        deliver(stub[1], '{"to": "{phone}", "content": "{text}"}')

"""The gateway for messages to phones, against a real server: what it is sent, and what becomes of its answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from eztong.adapters.notifier.body_template import parse_template
from eztong.adapters.notifier.http_sms import HttpSmsNotifier, SmsGateway, parse_criterion
from eztong.domain.errors import Unavailable
from eztong.domain.notices import Message, Topic
from eztong.ports.notifier import Undeliverable
from tests.simulators.outside.certificate import write_certificate
from tests.simulators.outside.gateway import Gateway, gateway
from tests.simulators.service import free_port

PHONE = "13800138000"
ODD = 'A "quoted" & <b>{phone}\n'
BODY = parse_template(
    '{"to": ["+86{phone}"], "content": "{text}", "ref": "{message_id}", "kind": "{topic}/{language}"}'
)


def message(**params: str) -> Message:
    return Message(topic=Topic.CODE_REPLAYED, phone=PHONE, language="en", params={"partner": ODD} | params)


@pytest.fixture
def server() -> Iterator[Gateway]:
    with gateway() as held:
        yield held


def deliver(server: Gateway, **changed: Any) -> None:  # noqa: ANN401 - the fields of SmsGateway
    notifier = HttpSmsNotifier(replace(SmsGateway(url=server.url, body=BODY), **changed))
    try:
        notifier.deliver(message(), message_id="msg_1")
    finally:
        notifier.close()


def test_json_is_filled_value_by_value_and_the_id_goes_with_it(server: Gateway) -> None:
    deliver(server, headers={"authorization": "Bearer secret"})
    ((headers, body),) = server.requests
    sent = json.loads(body)
    assert (sent["to"], sent["ref"], sent["kind"]) == (["+86" + PHONE], "msg_1", "code_replayed/en")
    assert ODD in sent["content"]
    assert (headers["authorization"], headers["idempotency-key"]) == ("Bearer secret", "msg_1")
    assert headers["content-type"] == "application/json"


def test_a_form_is_filled_field_by_field(server: Gateway) -> None:
    deliver(server, body=parse_template("mobile={phone}&msg={text}&fixed=a b"))
    ((headers, body),) = server.requests
    sent = parse_qs(body.decode())
    assert (sent["mobile"], sent["fixed"], list(sent)) == ([PHONE], ["a b"], ["mobile", "msg", "fixed"])
    assert ODD in sent["msg"][0]
    assert headers["content-type"] == "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('{"to": "{phone}"', "no JSON"),
        ("nothing", "neither"),
        ('{"to": "{phone}", "text": "{words}"}', "no placeholder {words}"),
        ('{"text": "{text}"}', "place for {phone}"),
        ("to={phone}", "{text} or {topic}"),
    ],
)
def test_a_template_that_cannot_work_is_refused_in_words(text: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong.replace("{", r"\{")):
        parse_template(text)


@pytest.mark.parametrize("text", ["code", "=0", "code=", "code= ,"])
def test_a_criterion_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        parse_criterion(text)


@pytest.mark.parametrize(
    ("answer", "is_met"),
    [
        (b'{"result": {"code": 0}}', True),
        (b'{"result": {"code": "ok"}}', True),
        (b'{"result": {"code": true}}', True),
        (b'{"result": {"code": 1}}', False),
        (b'{"result": []}', False),
        (b"not json", False),
    ],
)
def test_a_message_is_accepted_as_the_settings_describe(server: Gateway, answer: bytes, *, is_met: bool) -> None:
    server.says(200, answer)
    if is_met:
        deliver(server, success=parse_criterion("result.code=0,ok,true"))
        return
    with pytest.raises(Unavailable, match="did not say"):
        deliver(server, success=parse_criterion("result.code=0,ok,true"))


@pytest.mark.parametrize("status", [301, 400, 401, 404, 429, 500, 503])
def test_whatever_else_it_answers_the_message_is_tried_again(server: Gateway, status: int) -> None:
    server.says(status, b'{"phone": "13800138000"}')
    with pytest.raises(Unavailable, match=str(status)) as caught:
        deliver(server)
    assert PHONE not in str(caught.value)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [200, 400])
def test_only_what_the_settings_call_final_is_final(server: Gateway, status: int) -> None:
    server.says(status, b'{"code": 1007}')
    with pytest.raises(Undeliverable):
        deliver(server, final=parse_criterion("code=1007,1008"))
    server.says(status, b'{"code": 9}')
    with pytest.raises(Unavailable):
        deliver(server, final=parse_criterion("code=1007"), success=parse_criterion("code=0"))


def test_a_gateway_that_hangs_drips_or_floods_ends_in_time(server: Gateway) -> None:
    server.goes_on.clear()
    with pytest.raises(Unavailable, match="ReadTimeout"):
        deliver(server, read_timeout=0.2)
    server.goes_on.set()
    server.says(200, b" " * 200_000)
    with pytest.raises(Unavailable, match="too long"):
        deliver(server)


def test_nobody_there_names_neither_address_nor_phone() -> None:
    nobody = Gateway(url=f"http://127.0.0.1:{free_port()}/secret-path")
    with pytest.raises(Unavailable, match="ConnectError") as caught:
        deliver(nobody)
    assert "secret-path" not in str(caught.value)


def test_a_gateway_is_believed_by_its_certificate_alone(tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    with gateway(certificate) as held:
        with pytest.raises(Unavailable, match="ConnectError"):
            deliver(held)
        assert held.requests == []
        deliver(held, ca_file=certificate)
        assert len(held.requests) == 1
    with pytest.raises(ValueError, match="issuers"):
        HttpSmsNotifier(SmsGateway(url=held.url, body=BODY, ca_file=tmp_path / "none.pem"))

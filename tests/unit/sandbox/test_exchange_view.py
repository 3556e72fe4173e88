"""How a call and its answer are written out for an integrator."""

import shlex

from eztong.ports.sandbox import PartnerCall
from eztong.sandbox.exchange_view import MASKED_KEY, curl_of, document_of, shown_exchange

BASE = "http://127.0.0.1:8080"


def exchange(*, path: str = "/v1/verifications", sent: str | None = None, received: str = "{}") -> PartnerCall:
    key = None if sent is None else "once"
    method = "GET" if sent is None else "POST"
    return PartnerCall(method=method, path=path, sent=sent, idempotency_key=key, status=200, received=received)


def test_the_command_makes_the_same_call_whatever_was_typed() -> None:
    hostile = '{"code": "\'; rm -rf / #"}'
    words = shlex.split(curl_of(exchange(sent=hostile), base_url=BASE).replace("\\\n", " "))
    assert words[:2] == ["curl", f"{BASE}/v1/verifications"]
    assert words[words.index("-d") + 1] == hostile
    assert f"Authorization: Bearer {MASKED_KEY}" in words
    assert "Idempotency-Key: once" in words


def test_what_is_published_is_asked_without_a_key() -> None:
    assert "Authorization" not in curl_of(exchange(path="/.well-known/eztong-keys.json"), base_url=BASE)


def test_an_answer_is_laid_out_and_long_values_are_cut() -> None:
    shown = shown_exchange(exchange(received='{"qr":"' + "x" * 500 + '","list":[{"a":1}]}'), base_url=BASE)
    assert shown.status == "200 OK"
    assert "x" * 60 + "…" in shown.body
    assert "x" * 61 not in shown.body


def test_an_answer_that_is_no_object_is_none() -> None:
    assert document_of(exchange(received="<html>")) == {}
    assert document_of(exchange(received="[1]")) == {}
    assert shown_exchange(exchange(received="<html>"), base_url=BASE).body == "<html>"

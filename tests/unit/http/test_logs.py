"""Logs: one JSON line for each event, the request's id in it, and no personal data, wherever it was put."""

from __future__ import annotations

import json
import logging
import string
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from typing_extensions import override

from eztong.adapters.entropy import SystemEntropy
from eztong.domain.claims import Claim, Release
from eztong.domain.errors import InputInvalid
from eztong.http.exchange import ExchangeMiddleware, Exchanges
from eztong.http.logs import (
    HIDDEN,
    bind_request_id,
    configure_logs,
    is_denied,
    mask_text,
    redact,
)
from eztong.http.metrics import Metrics

NUMBER_18 = "11010119900307451X"
LIBRARIES = ("", "uvicorn", "uvicorn.error", "uvicorn.access", "httpx", "httpcore", "alembic")
log = structlog.get_logger()


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LIBRARIES]
    before = [(one.handlers, one.level, one.propagate, one.disabled) for one in loggers]
    yield
    structlog.reset_defaults()
    for one, (handlers, level, propagate, disabled) in zip(loggers, before, strict=True):
        one.handlers, one.level, one.propagate, one.disabled = handlers, level, propagate, disabled


@pytest.fixture
def stream() -> StringIO:
    stream = StringIO()
    configure_logs("info", stream=stream)
    return stream


def lines(stream: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def only(stream: StringIO) -> dict[str, Any]:
    (line,) = lines(stream)
    return line


class Terminal(StringIO):
    """A stream that says it is a terminal."""

    @override
    def isatty(self) -> bool:
        return True


def test_a_line_is_json_with_event_level_and_time(stream: StringIO) -> None:
    log.info("started", port=8443)
    line = only(stream)
    assert (line["event"], line["level"], line["port"], line["timestamp"][-1]) == ("started", "info", 8443, "Z")


def test_lines_below_the_level_are_not_written(stream: StringIO) -> None:
    log.debug("details")
    assert lines(stream) == []


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(InputInvalid):
        configure_logs("loud", stream=StringIO())


def test_a_terminal_gets_lines_for_people() -> None:
    terminal = Terminal()
    configure_logs("info", stream=terminal)
    log.info("started")
    assert "started" in terminal.getvalue()
    assert not terminal.getvalue().startswith("{")


def test_a_terminal_gets_no_personal_data_either() -> None:
    terminal = Terminal()
    configure_logs("info", stream=terminal)
    log.error("failed", exc_info=ValueError(NUMBER_18))
    assert NUMBER_18 not in terminal.getvalue()


def test_a_bound_request_id_is_in_every_line_inside(stream: StringIO) -> None:
    with bind_request_id("0123456789abcdef01234567"):
        log.info("inside")
    log.info("outside")
    assert [line.get("request_id") for line in lines(stream)] == ["0123456789abcdef01234567", None]


def test_a_request_id_that_is_a_phone_is_masked(stream: StringIO) -> None:
    with bind_request_id("13800138000"):
        log.info("inside")
    assert only(stream)["request_id"] == HIDDEN


@pytest.mark.parametrize(
    "key",
    [
        *("name", "real_name", "realName", "number", "phone", "phone_index", "otp", "OTP", "code", "authorization"),
        *("Set-Cookie", "access_token", "client_secret", "api_key", "headers", "query"),
    ],
)
def test_a_field_that_speaks_of_persons_or_secrets_is_denied(key: str) -> None:
    assert is_denied(key)


@pytest.mark.parametrize("key", ["event", "route", "status", "status_code", "ms", "request_id", "key_id", "filename"])
def test_an_ordinary_field_is_kept(key: str) -> None:
    assert not is_denied(key)


def test_a_denied_field_is_dropped_at_any_depth(stream: StringIO) -> None:
    log.info("applied", who={"real_name": "张三", "kept": [{"otp": "123456", "tries": 1}]})
    assert only(stream)["who"] == {"kept": [{"tries": 1}]}


def test_the_value_of_a_denied_header_pair_is_hidden(stream: StringIO) -> None:
    log.info("asked", sent=[(b"cookie", b"session=abc"), (b"accept", b"*/*")])
    assert only(stream)["sent"] == [["cookie", HIDDEN], ["accept", "*/*"]]


@pytest.mark.parametrize(
    "text",
    [
        NUMBER_18,
        "110101900307451",
        "１１０１０１１９９００３０７４５１２",
        "110101-19900307-4512",
        "881234567890123456",
        "8812 3456 7890 123456",
        "01" + "7" * 73,
        "13800138000",
        "+86 138-0013-8000",
        "008613800138000",
        "ezt_sk_live_" + "a" * 43,
        "138%200013%208000",
        "138\\u200b00138000",
        "Bearer abc.def",
        "authorization: bearer abc",
    ],
)
def test_a_personal_pattern_is_masked(text: str) -> None:
    assert mask_text(f"before {text}, after").replace("authorization: ", "") == f"before {HIDDEN}, after"


@pytest.mark.parametrize(
    "text",
    [
        "/v1/verifications/{verification_id}",
        "2026-01-15T01:00:00.000Z",
        "took 12.5 ms",
        "vrf_01KF3T9Q4W0ZJ8M2N7R5C6D1XB",
    ],
)
def test_an_ordinary_text_is_left_alone(text: str) -> None:
    assert mask_text(text) == text


@pytest.mark.parametrize("number", [110101199003074512, 13800138000, 13800138000.0, 881234567890123456])
def test_a_personal_number_is_hidden_as_a_number_too(stream: StringIO, number: float) -> None:
    log.info("seen", value=number)
    assert only(stream)["value"] == HIDDEN


def test_ordinary_numbers_stay_numbers(stream: StringIO) -> None:
    log.info("seen", size=8443, ratio=0.25, yes=True, nothing=None)
    line = only(stream)
    assert (line["size"], line["ratio"], line["yes"], line["nothing"]) == (8443, 0.25, True, None)


def test_a_value_object_shows_only_its_kind(stream: StringIO) -> None:
    @dataclass
    class Applicant:
        real_name: str

    log.info("seen", value=Applicant("张三"))
    assert only(stream)["value"] == "<Applicant>"


def test_a_light_value_object_shows_only_its_kind(stream: StringIO) -> None:
    log.info("seen", value=Release({Claim.MASKED_NAME: "张*"}, {}))
    assert only(stream)["value"] == "<Release>"


def test_an_object_that_cannot_be_shown_does_not_break_the_line(stream: StringIO) -> None:
    class Shy:
        @override
        def __repr__(self) -> str:
            raise ValueError("no")

    log.info("seen", value=Shy())
    assert only(stream)["value"] == HIDDEN


def test_what_libraries_log_is_json_with_their_name(stream: StringIO) -> None:
    logging.getLogger("uvicorn.error").info("Started server process")
    line = only(stream)
    assert (line["event"], line["logger"], line["level"]) == ("Started server process", "uvicorn.error", "info")


def test_a_library_line_that_cannot_be_formatted_does_not_show_its_arguments() -> None:
    stream = StringIO()
    configure_logs("info", stream=stream)  # here, so that pytest's own handler is not asked
    logging.getLogger("library").info("%d", NUMBER_18)
    assert only(stream)["event"] == "log_line_failed"


@pytest.mark.parametrize(("level", "told"), [("info", False), ("debug", True)])
def test_migrations_are_told_only_to_whoever_asks_for_debug(level: str, *, told: bool) -> None:
    configure_logs(level, stream=StringIO())
    assert logging.getLogger("alembic.runtime.migration").isEnabledFor(logging.INFO) is told


def test_the_access_log_of_uvicorn_is_off(stream: StringIO) -> None:
    logging.getLogger("uvicorn.access").info("GET /?phone=13800138000")
    assert lines(stream) == []


def personal() -> st.SearchStrategy[str]:
    """Texts that must never reach a log, in the spellings people and programs use."""

    def exactly(length: int) -> st.SearchStrategy[str]:
        return st.text(string.digits, min_size=length, max_size=length)

    citizen = st.tuples(exactly(17), st.sampled_from([*string.digits, "X", "x"])).map("".join)
    phone = st.tuples(st.just("1"), st.sampled_from("3456789"), exactly(9)).map("".join)
    safe = st.text(string.ascii_letters + string.digits + "-_", min_size=43, max_size=43)
    key = st.tuples(st.sampled_from(["ezt_sk_test_", "ezt_sk_live_"]), safe).map("".join)
    grouped = exactly(18).map(lambda code: f"{code[:4]} {code[4:8]} {code[8:12]} {code[12:]}")
    return st.one_of(citizen, exactly(15), exactly(18), exactly(75), phone, key, grouped)


AROUND = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=12)  # codespell:ignore


@given(secret=personal(), before=AROUND, after=AROUND)
def test_no_personal_pattern_survives_in_any_place(secret: str, before: str, after: str) -> None:
    text = f"{before}{secret}{after}"
    stream = StringIO()
    configure_logs("info", stream=stream)
    log.info(text, plain=text, inside={"a": [text, (text,)], text: 1}, raw=text.encode(), made=ValueError(text))
    with bind_request_id(text):
        log.info("bound")
    logging.getLogger("library").warning("said %s", text)
    error = LookupError(text)
    error.__cause__ = KeyError(text)
    log.error("failed", exc_info=error)
    logging.getLogger("library").error("failed", exc_info=error)
    spelled = [json.dumps(line, ensure_ascii=False) for line in lines(stream)]
    assert len(spelled) == 5
    assert not any(secret in line for line in spelled)


@given(
    token=st.text(string.ascii_letters + string.digits + "-._~+/=", min_size=1),
    word=st.sampled_from(["Bearer", "bEARER"]),
)
def test_no_bearer_token_survives(token: str, word: str) -> None:
    assert mask_text(f"Authorization: {word} {token}") == f"Authorization: {HIDDEN}"


@given(st.text(max_size=40))
def test_masking_twice_is_masking_once(text: str) -> None:
    assert mask_text(mask_text(text)) == mask_text(text)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_redaction_takes_any_value(value: object) -> None:
    assert "value" in redact(None, "info", {"value": value})


async def _answer(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def _fail(_request: Request) -> PlainTextResponse:
    raise ValueError("broken")


def access_line(
    stream: StringIO, path: str, method: str = "GET", headers: dict[str, str] | None = None
) -> dict[str, Any]:
    app = Starlette(routes=[Route("/people/{phone}", _answer), Route("/broken", _fail)])
    middle = ExchangeMiddleware(app, exchanges=Exchanges(metrics=Metrics(), entropy=SystemEntropy()))
    client = TestClient(middle, raise_server_exceptions=False)
    answer = client.request(method, path, headers=headers)
    (line,) = [line for line in lines(stream) if line["event"] == "request"]
    assert line["request_id"] in {answer.headers.get("X-Request-Id"), HIDDEN} or answer.status_code == 500
    return line


def test_a_request_is_one_line_with_template_status_and_id(stream: StringIO) -> None:
    line = access_line(stream, "/people/4711?q=1")
    assert (line["method"], line["route"], line["status"]) == ("GET", "/people/{phone}", 200)


def test_a_request_line_tells_milliseconds(stream: StringIO) -> None:
    assert access_line(stream, "/people/4711")["ms"] >= 0


@pytest.mark.parametrize("sent", ["13800138000", NUMBER_18, "8812-3456-7890-123456"])
def test_a_request_id_that_is_someones_number_is_masked_in_the_access_line(stream: StringIO, sent: str) -> None:
    assert access_line(stream, "/people/1", headers={"X-Request-Id": sent})["request_id"] == HIDDEN


def test_a_plain_request_id_of_the_client_is_in_the_access_line(stream: StringIO) -> None:
    assert access_line(stream, "/people/1", headers={"X-Request-Id": "order-4711"})["request_id"] == "order-4711"


def test_an_access_line_never_shows_path_or_query(stream: StringIO) -> None:
    access_line(stream, "/people/4711?q=4712")
    assert "471" not in json.dumps([{**line, "ms": 0, "request_id": "", "timestamp": ""} for line in lines(stream)])


def test_an_unknown_path_is_logged_as_other(stream: StringIO) -> None:
    assert access_line(stream, "/nowhere")["route"] == "other"


def test_an_invented_method_is_logged_as_other(stream: StringIO) -> None:
    assert access_line(stream, "/people/1", method="BREW")["method"] == "other"


def test_a_broken_request_is_logged_as_an_error(stream: StringIO) -> None:
    line = access_line(stream, "/broken")
    assert (line["level"], line["status"]) == ("error", 500)

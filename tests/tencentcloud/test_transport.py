"""The envelope, the order of refusals, sizes and rates; and that the rest of the service is left alone."""

from __future__ import annotations

import json
import socket
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import PartnerState
from eztong.http.exchange import Exchanges
from eztong.ports.act import SYSTEM
from eztong.ports.services import Services
from eztong.tencentcloud.actions.action import Action
from eztong.tencentcloud.door import TencentDoor
from eztong.tencentcloud.transport.call import Call
from eztong.usecases.merchants.issue_account_key import issue_account_key
from eztong.wiring.asgi import build_application
from eztong.wiring.build import Built, build
from eztong.wiring.settings import Settings
from tests.simulators.service import Service
from tests.simulators.store import opened_store
from tests.tencentcloud.conftest import credentials
from tests.tencentcloud.signers import Keys, Raw, as_go, machine_time, send, tc3, v1

UNKNOWN = {"EidToken": "CE661F1A-8C3C-4D5B-A0C0-AB01B1FFEE00"}
ILLEGAL = "InvalidParameterValue.BizTokenIllegal"
STATUS = "CheckEidTokenStatus"
MIB = 1024 * 1024


def built_in(folder: Path, *, tencent_host: str | None = None) -> Built:
    """Build a sandbox in this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        return build(Settings(data_dir=folder / "data", tencent_host=tencent_host))


def issue(services: Services) -> Keys:
    """Make a key pair of the hotel."""
    made = services.perform(SYSTEM, issue_account_key, PartnerId("hotel"), label="test")
    return Keys("testserver", made.key.secret_id, made.secret_key)


def test_an_error_is_an_answer_of_200_with_the_exact_content_type_and_ids(service: Service, hotel: Keys) -> None:
    trace = "71dd8483-8738-4255-878c-07aed0f16b02"
    answer = send(service.url, tc3(hotel, STATUS, json.dumps(UNKNOWN).encode(), more={"X-TC-TraceId": trace}))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["x-tc-traceid"] == trace
    assert answer.headers["x-request-id"] == answer.response["RequestId"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.response["Error"] == {"Code": ILLEGAL, "Message": "BizToken不合法。"}
    assert "content-encoding" not in answer.headers


def test_a_trace_id_that_could_be_anything_is_not_sent_back(service: Service, hotel: Keys) -> None:
    answer = send(service.url, as_go(hotel, STATUS, UNKNOWN).changed(user_agent="x"))
    assert "x-tc-traceid" not in answer.headers
    odd = tc3(hotel, STATUS, b"{}", more={"X-TC-TraceId": "11000019900307001X <script>"})
    assert "x-tc-traceid" not in send(service.url, odd).headers


@pytest.mark.parametrize(
    ("action", "version", "code"),
    [
        (STATUS, "2018-03-02", "NoSuchVersion"),
        (STATUS, "x", "NoSuchVersion"),
        ("NoSuchAction", "2018-03-01", "InvalidAction"),
        ("checkeidtokenstatus", "2018-03-01", "InvalidAction"),
        ("DetectAuth", "2018-03-01", "UnsupportedOperation"),
        ("GetFaceIdResult", "2018-03-01", "UnsupportedOperation"),
    ],
)
def test_unknown_versions_and_actions_are_told_apart(
    service: Service, hotel: Keys, action: str, version: str, code: str
) -> None:
    assert send(service.url, tc3(hotel, action, b"{}", version=version)).code == code
    if version == "2018-03-01":
        assert send(service.url, v1(hotel, action, {})).code == code


@pytest.mark.parametrize("missing", ["Authorization", "X-TC-Timestamp", "X-TC-Version"])
def test_what_is_missing_from_the_head_is_named(service: Service, hotel: Keys, missing: str) -> None:
    signed = tc3(hotel, STATUS, b"{}")
    cut = Raw("POST", "/", [(name, value) for name, value in signed.headers if name != missing], signed.body)
    answer = send(service.url, cut)
    assert answer.code == "MissingParameter"
    assert missing.removeprefix("X-TC-") in answer.response["Error"]["Message"]


def test_unsigned_and_garbled_authorizations_are_refused(service: Service, hotel: Keys) -> None:
    signed = tc3(hotel, STATUS, json.dumps(UNKNOWN).encode())
    for text in ("SKIP", "Bearer x", "TC3-HMAC-SHA256 x", "TC3-HMAC-SHA256 Credential=é/2026-01-01/f/tc3_request"):
        assert send(service.url, signed.changed(authorization=text)).code == "AuthFailure.InvalidAuthorization"
    twice = Raw("POST", "/", [*signed.headers, ("X-TC-Action", "GetEidResult")], signed.body)
    assert send(service.url, twice).code == "AuthFailure.InvalidAuthorization"


def test_another_body_or_action_than_signed_is_refused(service: Service, hotel: Keys) -> None:
    signed = tc3(hotel, STATUS, json.dumps(UNKNOWN).encode())
    other = Raw(signed.method, signed.target, signed.headers, signed.body.replace(b"CE66", b"CE67"))
    assert send(service.url, other).code == "AuthFailure.SignatureFailure"
    form = v1(hotel, STATUS, UNKNOWN)
    other_form = Raw(form.method, form.target, form.headers, form.body.replace(b"CE66", b"CE67"))
    assert send(service.url, other_form).code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_get_and_post_are_spoken(service: Service, hotel: Keys, method: str) -> None:
    assert send(service.url, tc3(hotel, STATUS, b"{}", method=method)).code == "UnsupportedProtocol"


@pytest.mark.parametrize(
    ("body", "code", "name"),
    [
        (b"", "MissingParameter", "EidToken"),
        (b"{}", "MissingParameter", "EidToken"),
        (b'{"EidToken": null}', "MissingParameter", "EidToken"),
        (b'{"EidToken": 1}', "InvalidParameter", "EidToken"),
        (b'{"EidToken": "x", "Eid": 1}', "UnknownParameter", "Eid"),
        (b'{"EidToken": "x", "\\u6d4b": 1}', "UnknownParameter", "?"),
        (b"[]", "InvalidParameter", ""),
        (b"{", "InvalidParameter", ""),
        (b'{"EidToken": "\xff"}', "InvalidParameter", ""),
    ],
)
def test_parameters_are_refused_by_name(service: Service, hotel: Keys, body: bytes, code: str, name: str) -> None:
    answer = send(service.url, tc3(hotel, STATUS, body))
    assert answer.code == code
    assert name in answer.response["Error"]["Message"]


def test_a_large_body_is_read_with_tc3_and_not_with_version_1(service: Service, hotel: Keys) -> None:
    assert send(service.url, tc3(hotel, STATUS, b" " * (9 * MIB) + b"{}")).code == "MissingParameter"
    large = v1(hotel, STATUS, {**UNKNOWN, "Padding": "x" * MIB})
    answer = send(service.url, large)
    assert answer.code == "AuthFailure.SignatureFailure"
    assert "TC3-HMAC-SHA256" in answer.response["Error"]["Message"]


def test_more_than_ten_megabytes_are_refused_before_they_are_sent(service: Service, hotel: Keys) -> None:
    signed = tc3(hotel, STATUS, b"{}")
    told = Raw("POST", "/", [*signed.headers, ("Content-Length", str(10 * MIB + 1))])
    assert send(service.url, told).code == "RequestSizeLimitExceeded"


def test_who_names_no_known_key_cannot_make_the_service_read(service: Service, hotel: Keys) -> None:
    service.advance(60)
    stranger = tc3(Keys(hotel.endpoint, "AKID" + "0" * 32, "x" * 32), STATUS, b"{}")
    head = Raw("POST", "/", [*stranger.headers, ("Content-Length", str(9 * MIB))])
    assert send(service.url, head).code == "AuthFailure.SecretIdNotFound"


def test_a_signature_that_covers_too_little_is_refused_before_its_body(service: Service, hotel: Keys) -> None:
    headers = dict(tc3(hotel, STATUS, b"{}").headers)
    headers["Authorization"] = headers["Authorization"].replace("content-type;host", "content-type")
    head = Raw("POST", "/", [*headers.items(), ("Content-Length", str(9 * MIB))])
    assert send(service.url, head).code == "AuthFailure.SignatureFailure"


@pytest.mark.parametrize("second", [("Content-Length", "3"), ("Transfer-Encoding", "chunked")])
def test_a_body_with_two_lengths_is_refused_as_everywhere(
    service: Service, hotel: Keys, second: tuple[str, str]
) -> None:
    signed = tc3(hotel, STATUS, b"{}")
    two = Raw("POST", "/", [*signed.headers, ("Content-Length", "2"), second], signed.body)
    assert send(service.url, two).status == 400


def test_a_body_in_chunks_is_read(service: Service, hotel: Keys) -> None:
    body = json.dumps(UNKNOWN).encode()
    signed = tc3(hotel, STATUS, body)
    chunked = b"%x\r\n%s\r\n5\r\n%s\r\n0\r\n\r\n" % (len(body) - 5, body[:-5], body[-5:])
    sent = Raw("POST", "/", [*signed.headers, ("Transfer-Encoding", "chunked")], chunked)
    assert send(service.url, sent).code == ILLEGAL


def test_a_long_query_is_refused(service: Service, hotel: Keys) -> None:
    target = "/?EidToken=" + "x" * (33 * 1024)
    signed = tc3(hotel, STATUS, b"", method="GET", target=target, content_type="application/x-www-form-urlencoded")
    assert send(service.url, signed).code == "RequestSizeLimitExceeded"


def test_guessing_secret_ids_is_slowed_down(service: Service, hotel: Keys) -> None:
    service.advance(60)
    guesses = [tc3(Keys(hotel.endpoint, f"AKID{n:032d}", "x" * 32), STATUS, b"{}") for n in range(35)]
    codes = [send(service.url, guess).code for guess in guesses]
    assert codes[0] == "AuthFailure.SecretIdNotFound"
    assert codes[-1] == "RequestLimitExceeded"
    assert send(service.url, as_go(hotel, STATUS, UNKNOWN)).code == ILLEGAL
    service.advance(61)


def test_a_suspended_partner_and_a_revoked_key_end_at_once(service: Service) -> None:
    keys = credentials(service)["parcel"]  # of its own: the others of the folder go on with theirs
    assert send(service.url, as_go(keys, STATUS, UNKNOWN)).code == ILLEGAL
    parcel = PartnerId("parcel")
    with opened_store(service.data_dir) as services:
        services.store.write(lambda uow: uow.partners.set_state(parcel, PartnerState.SUSPENDED))
        assert send(service.url, as_go(keys, STATUS, UNKNOWN)).code == "UnauthorizedOperation.Nonactivated"
        services.store.write(lambda uow: uow.partners.set_state(parcel, PartnerState.APPROVED))
        assert send(service.url, as_go(keys, STATUS, UNKNOWN)).code == ILLEGAL
        now = services.clock.now()
        services.store.write(lambda uow: uow.merchants.revoke_key(keys.secret_id, now=now))
    service.advance(60)
    assert send(service.url, as_go(keys, STATUS, UNKNOWN)).code == "AuthFailure.SecretIdNotFound"


def test_an_account_has_its_rate_for_each_action(service: Service, given: dict[str, Keys]) -> None:
    keys = given["esign"]

    def ask(action: str) -> str:
        return send(service.url, as_go(keys, action, UNKNOWN)).code

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(ask, ["GetEidResult"] * 400))
    assert set(codes) == {ILLEGAL, "RequestLimitExceeded"}
    assert ask(STATUS) == ILLEGAL


def test_the_start_page_stays_what_it_is(service: Service) -> None:
    for path in ("/", "/?Action=x", "/?lang=en"):
        answer = service.http.get(path)
        assert answer.headers["content-type"].startswith("text/html"), path
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert service.http.post("/", content="a=b", headers=form).status_code == 405
    assert service.http.post("/unlock", content="Action=x&Signature=y", headers=form).status_code != 200
    assert service.http.post("/", content="{}").status_code == 405


def test_the_folder_answers_everybody_in_the_envelope(service: Service) -> None:
    for method in ("GET", "POST"):
        answer = service.http.request(method, "/tencentcloud/")
        assert answer.status_code == 200
        assert answer.json()["Response"]["Error"]["Code"] == "MissingParameter"


def test_a_client_that_hangs_up_in_the_middle_harms_nobody(service: Service, hotel: Keys) -> None:
    signed = tc3(hotel, STATUS, b"x" * 1000)
    host, port = hotel.endpoint.split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = "".join(f"{name}: {value}\r\n" for name, value in signed.headers)
        connection.sendall(f"POST / HTTP/1.1\r\n{head}Content-Length: 1000\r\n\r\nxxx".encode())
    assert send(service.url, as_go(hotel, STATUS, UNKNOWN)).code == ILLEGAL
    assert "Traceback" not in service.log.read_text()


def test_lines_and_metrics_name_the_action_and_no_parameter(service: Service, hotel: Keys) -> None:
    secret = {"EidToken": "BADBADBA-8C3C-4D5B-A0C0-AB01B1FFEE00"}
    assert send(service.url, as_go(hotel, STATUS, secret)).code == ILLEGAL
    assert send(service.url, v1(hotel, STATUS, secret, method="GET")).code == ILLEGAL
    log = service.logged('"route":"/tencentcloud/CheckEidTokenStatus"')
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert (STATUS, ILLEGAL) in {(line.get("action"), line.get("error_code")) for line in lines}
    assert 'route="/tencentcloud/CheckEidTokenStatus"' in service.http.get("/metrics").text
    for value in (secret["EidToken"], hotel.secret_key, hotel.secret_id):
        assert value not in log


def test_a_host_of_its_own_serves_nothing_else(tmp_path: Path) -> None:
    built = built_in(tmp_path, tencent_host="faceid.city.example")
    with TestClient(build_application(built)) as client:
        for path in ("/", "/unlock", "/v1/requests"):
            answer = client.get(path, headers={"host": "faceid.city.example"})
            assert answer.json()["Response"]["Error"]["Code"] == "MissingParameter", path
        assert client.get("/healthz", headers={"host": "faceid.city.example"}).status_code == 200
        assert client.get("/", headers={"host": "localhost"}).headers["content-type"].startswith("text/html")


def test_whatever_breaks_inside_is_an_opaque_internal_error(tmp_path: Path) -> None:
    def broken(_call: Call) -> dict[str, Any]:
        raise RuntimeError("11000019900307001X")

    built = built_in(tmp_path)
    actions = {STATUS: Action(handler=broken, schema={})}
    app = build_application(built)
    exchanges = Exchanges(metrics=built.metrics, entropy=built.services.entropy)
    door = TencentDoor(app, services=built.services, exchanges=exchanges, actions=actions)
    with TestClient(app) as client:
        pair = issue(built.services)
        moment = int(built.services.clock.now().timestamp())
        signed = tc3(pair, STATUS, b"{}", host="testserver", timestamp=moment)
        answer = TestClient(door).post("/", content=b"{}", headers=dict(signed.headers))
        late = tc3(pair, STATUS, b"{}", host="testserver")
        by_the_machine = TestClient(door).post("/", content=b"{}", headers=dict(late.headers))
        client.get("/healthz").raise_for_status()
    assert answer.json()["Response"]["Error"]["Code"] == "InternalError"
    assert "1100001" not in answer.text
    # Without the machine's clock, as in live mode, only the service's own judges signatures.
    assert abs(moment - machine_time()) > 300
    assert by_the_machine.json()["Response"]["Error"]["Code"] == "AuthFailure.SignatureExpire"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature_method", ["HmacSHA1", "HmacSHA256"])
def test_a_signature_may_end_with_a_line_feed(
    service: Service, hotel: Keys, method: str, signature_method: str
) -> None:
    """One official SDK sends the base64 as its library writes it, with the feed at the end."""
    raw = v1(hotel, STATUS, UNKNOWN, method=method, signature_method=signature_method)
    fed = {"target": raw.target + "%0A"} if method == "GET" else {"body": raw.body + b"%0A"}
    raw = replace(raw, **fed)
    assert send(service.url, raw).code == ILLEGAL, "the signature holds, so the token is looked at"


def test_choices_that_are_left_empty_are_not_set(service: Service, hotel: Keys) -> None:
    """Typed back ends send empty texts for what they do not set."""
    config = {"InputType": "", "IntentionMode": ""}
    document = {"MerchantId": hotel.merchant_id, "Config": config}
    opened = send(service.url, as_go(hotel, "GetEidToken", document))
    assert len(opened.response["EidToken"]) == 36
    form = {"MerchantId": hotel.merchant_id, "Config.InputType": "", "Config.IntentionMode": ""}
    assert len(send(service.url, v1(hotel, "GetEidToken", form)).response["EidToken"]) == 36


@pytest.mark.parametrize(
    "wrong",
    [
        {"RedirectUrl": "ftp://x"},
        {"IdCard": "1-2"},
        {"Config": {"InputType": "4"}},
        {"Config": {"UseIntentionVerify": True, "IntentionMode": "2", "IntentionQuestions": []}},
    ],
)
def test_a_wrong_value_is_told_in_the_callers_language(service: Service, hotel: Keys, wrong: dict[str, Any]) -> None:
    document = {"MerchantId": hotel.merchant_id, **wrong}
    told = {}
    for language in (None, "en-US"):
        more = {} if language is None else {"X-TC-Language": language}
        raw = tc3(hotel, "GetEidToken", json.dumps(document).encode(), more=more)
        answer = send(service.url, raw)
        assert answer.code == "InvalidParameterValue"
        told[language] = answer.response["Error"]["Message"]
    assert any("\u4e00" <= char <= "\u9fff" for char in told[None].partition("：")[2]), "Chinese is the default"
    assert told["en-US"].isascii()

"""The three E证通 calls through the unmodified Python SDK, from opening a flow to its result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tencentcloud.common.credential import Credential
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.faceid.v20180301 import models
from tencentcloud.faceid.v20180301.faceid_client import FaceidClient

from tests.simulators.service import Service, running


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with running(tmp_path_factory.mktemp("eid") / "data") as started:
        yield started


@pytest.fixture(scope="module")
def partner(service: Service) -> dict[str, Any]:
    """The e-contract platform's credentials."""
    shown = json.loads(service.run("sandbox", "credentials", "--json").stdout)
    found: dict[str, Any] = shown["partners"]["esign"]
    return found


class Merchant:
    """A merchant's back end."""

    def __init__(self, service: Service, partner: dict[str, Any]) -> None:
        profile = ClientProfile(httpProfile=HttpProfile(endpoint=service.url.removeprefix("http://"), protocol="http"))
        credential = Credential(partner["secret_id"], partner["secret_key"])
        self.client = FaceidClient(credential, "", profile)
        self.merchant_id = partner["merchant_id"]

    def open(self, **params: Any) -> str:  # noqa: ANN401 - as JSON has it
        request = models.GetEidTokenRequest()
        request.from_json_string(json.dumps({"MerchantId": self.merchant_id} | params))
        return str(self.client.GetEidToken(request).EidToken)

    def status(self, token: str) -> str:
        request = models.CheckEidTokenStatusRequest()
        request.EidToken = token
        return str(self.client.CheckEidTokenStatus(request).Status)

    def code(self, token: str) -> int:
        request = models.GetEidResultRequest()
        request.EidToken = token
        return int(self.client.GetEidResult(request).Text.ErrCode)


@pytest.fixture(scope="module")
def merchant(service: Service, partner: dict[str, Any]) -> Merchant:
    return Merchant(service, partner)


def test_init_doing_finished(service: Service, merchant: Merchant) -> None:
    token = merchant.open(Config={"InputType": "4"}, Name="测一一", IdCard="11000019900307001X")
    assert merchant.status(token) == "init"
    service.answer(token, "start", "P01").raise_for_status()
    assert merchant.status(token) == "doing"
    assert merchant.code(token) == 17
    service.answer(token, "approve", "P01").raise_for_status()
    assert (merchant.status(token), merchant.code(token)) == ("finished", 0)


@pytest.mark.parametrize(("act", "number", "code"), [("decline", "11000019900307001X", 17),
                                                     ("approve", "110000199003080023", 301)])  # fmt: skip
def test_declined_and_mismatch(service: Service, merchant: Merchant, act: str, number: str, code: int) -> None:
    token = merchant.open(IdCard=number)
    service.answer(token, act, "P01").raise_for_status()
    assert (merchant.status(token), merchant.code(token)) == ("finished", code)


def test_timeout(service: Service, merchant: Merchant) -> None:
    token = merchant.open()
    service.advance(600)
    assert (merchant.status(token), merchant.code(token)) == ("timeout", 15)

"""Companion actions through the unmodified Python SDK: what they find, how each numbers it, and who may ask."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.faceid.v20180301 import models

from tests.simulators.service import Service
from tests.tencentcloud.signers import Keys
from tests.tencentcloud.test_python_sdk import Client

P01 = {"Name": "测一一", "IdCard": "11000019900307001X"}
P02 = {"Name": "测一二", "IdCard": "110000199003080023"}
PHONE_OF_P01 = "19900000001"
NOBODY = {"Name": "测一一", "IdCard": "11010519491231002X"}


def ask(keys: Keys, action: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - as JSON has it
    """Call the action; return the fields that are not null, without RequestId."""
    request = getattr(models, f"{action}Request")()
    request.from_json_string(json.dumps(params))
    answer = json.loads(getattr(Client(keys).sdk, action)(request).to_json_string())
    assert answer.pop("RequestId")
    return {name: value for name, value in answer.items() if value is not None}


def result(keys: Keys, action: str, **params: Any) -> str:  # noqa: ANN401 - as JSON has it
    """Call the action and return its Result."""
    answer = ask(keys, action, **params)
    assert answer["Description"]
    return str(answer["Result"])


def refused(keys: Keys, action: str, **params: Any) -> str:  # noqa: ANN401 - as JSON has it
    with pytest.raises(TencentCloudSDKException) as caught:
        ask(keys, action, **params)
    return str(caught.value.get_code())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "0"),
        ({"Name": "测三三"}, "-1"),
        ({"IdCard": "110000199003070011"}, "-2"),
        ({"Name": "测1"}, "-3"),
        ({"Name": "测宕机", "IdCard": "110000199701020204"}, "-4"),
        ({"Name": "测挂起", "IdCard": "110000199701030218"}, "-4"),
        (NOBODY, "-5"),
        ({"Name": "测已故", "IdCard": "320000194001010052"}, "-5"),
    ],
)
def test_name_and_number(hotel: Keys, changes: dict[str, str], expected: str) -> None:
    assert result(hotel, "IdCardVerification", **(P01 | changes)) == expected


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        ("20260115", "20360114", "0"),
        ("20260115", "20360115", "-1"),
        ("20260115", "00000000", "-1"),
        ("20260230", "20360114", "-4"),
        ("20360115", "20260114", "-4"),
        ("2026", "20360114", "-4"),
    ],
)
def test_the_validity_of_a_card(game: Keys, begin: str, end: str, expected: str) -> None:
    assert result(game, "CheckIdNameDate", **P01, ValidityBegin=begin, ValidityEnd=end) == expected


def test_an_expired_card_is_not_valid_although_its_dates_fit(game: Keys) -> None:
    expired = {"Name": "测过期", "IdCard": "330000197809090062"}
    dates = {"ValidityBegin": "20150909", "ValidityEnd": "20250908"}
    assert result(game, "CheckIdNameDate", **expired, **dates) == "-5"


def test_a_phone_with_name_and_number(given: dict[str, Keys]) -> None:
    keys, action = given["library"], "PhoneVerification"
    assert ask(keys, action, **P01, Phone=PHONE_OF_P01) == {
        "Result": "0",
        "Description": "手机号、姓名和身份证号一致",
        "Isp": "电信",
    }
    detailed = ask(keys, action, **P02, Phone=PHONE_OF_P01, VerifyMode="1")
    assert (detailed["Result"], detailed["ResultDetail"]) == ("-4", "PhoneNameIdCardMismatch")
    of_name = ask(keys, action, **(P01 | {"Name": "测一二"}), Phone=PHONE_OF_P01, VerifyMode="1")
    assert (of_name["Result"], of_name["ResultDetail"]) == ("-4", "PhoneNameMismatch")
    assert "ResultDetail" not in ask(keys, action, **P02, Phone=PHONE_OF_P01)
    assert result(keys, action, **P01, Phone="12345") == "-6"
    assert result(keys, action, **P01, Phone="13800000000") == "-9"
    assert result(keys, action, **P01, Phone="19200000000") == "-13"


def test_each_carrier_answers_for_its_own_segments(given: dict[str, Keys]) -> None:
    asked = P02 | {"Phone": "19900000002"}
    found = {name: result(given["library"], f"PhoneVerification{name}", **asked) for name in ("CMCC", "CTCC", "CUCC")}
    assert found == {"CMCC": "-13", "CTCC": "0", "CUCC": "-13"}


def test_phone_and_name_has_codes_of_its_own(game: Keys) -> None:
    action = "CheckPhoneAndName"
    assert result(game, action, Mobile=PHONE_OF_P01, Name="测一一") == "0"
    assert result(game, action, Mobile=PHONE_OF_P01, Name="测一二") == "1"
    assert result(game, action, Mobile="13800000000", Name="测一二") == "-1"
    assert result(game, action, Mobile=PHONE_OF_P01, Name="测1") == "-4"
    assert result(game, action, Mobile="1", Name="测一二") == "-5"


@pytest.mark.parametrize(("mode", "algorithm"), [("1", "md5"), ("2", "sha256"), ("3", "sm3")])
def test_digests_are_compared_as_digests(given: dict[str, Keys], mode: str, algorithm: str) -> None:
    hashed = {
        name: hashlib.new(algorithm, value.encode()).hexdigest()
        for name, value in (P01 | {"Phone": PHONE_OF_P01}).items()
    }
    action = "EncryptedPhoneVerification"
    found = ask(given["esign"], action, **hashed, EncryptionMode=mode)
    assert (found["Result"], found["ISP"]) == ("0", "电信")
    assert result(given["esign"], action, **(hashed | {"Name": hashed["Phone"]}), EncryptionMode=mode) == "-4"
    assert result(given["esign"], action, **(hashed | {"IdCard": "0"}), EncryptionMode=mode) == "-7"


def test_minors_by_phone_and_by_number(hotel: Keys) -> None:
    action = "MinorsVerification"
    found = ask(hotel, action, Type="0", Mobile=PHONE_OF_P01)
    assert (found["Result"], found["AgeRange"]) == ("0", "[18,+)")
    minor = ask(hotel, action, Type="1", Name="测少年", IdCard="440000200906010087")
    assert (minor["Result"], minor["AgeRange"]) == ("-1", "[16,18)")
    child = ask(hotel, action, Type="1", Name="测小童", IdCard="440000201806010092")
    assert (child["Result"], child["AgeRange"]) == ("-1", "[0,8)")
    wrong = ask(hotel, action, Type="1", Name="测一二", IdCard="440000201806010092")
    assert (wrong["Result"], wrong["AgeRange"]) == ("-3", "")
    assert refused(hotel, action, Type="0") == "MissingParameter"


def test_a_person_is_asked_about_ten_times_a_day_however_the_number_is_spelt(given: dict[str, Keys]) -> None:
    esign = given["esign"]
    spelt = (f"{P02['IdCard'][:n]} {P02['IdCard'][n:]}" for n in range(1, 11))
    found = [result(esign, "IdCardVerification", Name="测一二", IdCard=number) for number in spelt]
    assert found == ["0"] * 10
    assert result(esign, "IdCardVerification", **P02) == "-7"
    assert result(given["hotel"], "IdCardVerification", **P02) == "0"
    minors = refused(esign, "MinorsVerification", Type="1", **P02)
    assert minors == "FailedOperation.RequestLimitExceeded"


def encrypted(text: str, *, key: bytes, iv: bytes) -> str:
    """Encrypt as the guide of the contract says."""
    padder, encryptor = PKCS7(128).padder(), Cipher(AES256(key), CBC(iv)).encryptor()
    padded = padder.update(text.encode()) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def test_parameters_may_be_encrypted_to_the_published_key(service: Service, hotel: Keys) -> None:
    published = service.http.get("/.well-known/eztong-input-keys.json").json()["keys"]
    rsa = next(key for key in published if key["algorithm"] == "AES-256-CBC")
    public = load_pem_public_key(base64.b64decode(rsa["pem_base64"]))
    assert isinstance(public, RSAPublicKey)
    key, iv = b"1abrmh7jz83awn4585vzujiyxbhi5wsd", b"0123456789abcdef"
    envelope = {
        "EncryptList": ["IdCard", "Name"],
        "CiphertextBlob": base64.b64encode(public.encrypt(key, PKCS1v15())).decode(),
        "Iv": base64.b64encode(iv).decode(),
    }
    secret = {name: encrypted(value, key=key, iv=iv) for name, value in P01.items()}
    assert result(hotel, "IdCardVerification", **secret, Encryption=envelope) == "0"
    flow = ask(hotel, "GetEidToken", MerchantId=hotel.merchant_id, **secret, Encryption=envelope)
    assert len(flow["EidToken"]) == 36
    phone = secret | {"Phone": PHONE_OF_P01}
    assert result(hotel, "PhoneVerification", **phone, **envelope) == "0"
    assert refused(hotel, "IdCardVerification", **secret, Encryption=envelope | {"Iv": "bad"}) == (
        "FailedOperation.DecryptSystemError"
    )
    wrong = envelope | {"EncryptList": ["Encryption"]}
    assert refused(hotel, "IdCardVerification", **secret, Encryption=wrong) == "InvalidParameter.UnsupportEncryptField"


def test_the_authority_being_away_is_never_a_mismatch(service: Service, hotel: Keys) -> None:
    service.fault("down")
    try:
        assert result(hotel, "IdCardVerification", **(P01 | {"Name": "测三三"})) == "-4"
        found = ask(hotel, "MinorsVerification", Type="1", **P01)
    finally:
        service.fault("none")
    assert (found["Result"], found["AgeRange"]) == ("-6", "")


def test_from_another_network_nothing_is_answered(service: Service, given: dict[str, Keys]) -> None:
    library = given["library"]
    change = ("partners", "networks", "library", "--reason", "why", "--operator", "demo-li")
    assert service.run(*change, "203.0.113.0/24").returncode == 0
    assert refused(library, "IdCardVerification", **P01) == "UnauthorizedOperation.NonAuthorize"
    assert service.run(*change, "--any").returncode == 0
    assert result(library, "IdCardVerification", **P01) == "0"


def test_without_the_operators_leave_nothing_is_answered(service: Service, given: dict[str, Keys]) -> None:
    library = given["library"]
    change = ("partners", "merchants", "options", library.merchant_id)
    assert service.run(*change, "--no-companions", "--operator", "demo-li").returncode == 0
    assert refused(library, "IdCardVerification", **P01) == "UnauthorizedOperation.NonAuthorize"
    assert service.run(*change, "--companions", "--operator", "demo-li").returncode == 0
    assert result(library, "IdCardVerification", **P01) == "0"

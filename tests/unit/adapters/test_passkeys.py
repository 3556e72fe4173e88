"""The site that passkeys belong to, and answers that are none."""

import json

import pytest

from eztong.adapters.passkeys import WebAuthnPasskeys
from eztong.domain.access.passkey import PasskeyRefused

BROKEN = ["", "{}", "[]", "null", '{"id": 1}', "\x00", '{"id":"AA","rawId":"AA","type":"public-key","response":{}}']


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://id.example.cn", "id.example.cn"),
        ("http://localhost:8080", "localhost"),
        ("http://127.0.0.1:8080", "localhost"),
        ("http://[::1]:8080", "localhost"),
    ],
)
def test_the_site_is_the_host_and_a_loopback_address_stands_for_localhost(url: str, site: str) -> None:
    assert WebAuthnPasskeys(url, name="eztong").site == site


def test_every_question_demands_that_the_user_is_verified() -> None:
    passkeys = WebAuthnPasskeys("https://id.example.cn", name="eztong")
    asked = json.loads(passkeys.request_options(challenge=b"c" * 32, allowed=[b"id"]))
    made = json.loads(
        passkeys.creation_options(challenge=b"c" * 32, user_handle=b"u" * 32, user_name="测*一", known=[b"id"])
    )
    assert asked["userVerification"] == "required"
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["authenticatorSelection"]["residentKey"] == "required"


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_answer_is_refused(text: str) -> None:
    passkeys = WebAuthnPasskeys("https://id.example.cn", name="eztong")
    with pytest.raises(PasskeyRefused):
        passkeys.unverified_use(text)
    with pytest.raises(PasskeyRefused):
        passkeys.unverified_challenge(text)
    with pytest.raises(PasskeyRefused):
        passkeys.check_registration(text, challenge=b"c" * 32)
    with pytest.raises(PasskeyRefused):
        passkeys.check_assertion(text, challenge=b"c" * 32, public_key=b"\xa0")

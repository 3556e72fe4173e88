"""Signatures as Standard Webhooks has them: by a known answer, and by an independent check of the key."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from eztong.domain.webhooks.event import MessageId, WebhookEvent, WebhookEventType, render_body
from eztong.domain.webhooks.signature import SigningSecret, read_secret, signed_headers

AT = datetime.fromtimestamp(1614265330, UTC)
KNOWN = SigningSecret(base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), bytes(range(32)))
"""The secret, message and signature that the specification's own libraries are tested with."""


def test_the_known_answer_of_the_specification() -> None:
    headers = signed_headers(
        [KNOWN], message_id=MessageId("msg_p5jXN8AQM9LWM0D4loKWxJek"), body='{"test": 2432232314}', now=AT
    )
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"].split(" ")[0] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_public_key_checks_the_second_signature_of_what_was_sent_alone() -> None:
    headers = signed_headers([KNOWN], message_id=MessageId("msg_1"), body="{}", now=AT)
    signature = base64.b64decode(headers["webhook-signature"].split(" ")[1].removeprefix("v1a,"))
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(KNOWN.public_text().removeprefix("whpk_")))
    key.verify(signature, b"msg_1.1614265330.{}")
    for other in (b"msg_2.1614265330.{}", b"msg_1.1614265331.{}", b"msg_1.1614265330.{ }"):
        with pytest.raises(InvalidSignature):
            key.verify(signature, other)


def test_each_secret_that_counts_signs_the_newest_first() -> None:
    other = SigningSecret(bytes(32), bytes(32))
    both = signed_headers([KNOWN, other], message_id=MessageId("msg_1"), body="{}", now=AT)["webhook-signature"]
    each = [
        signed_headers([one], message_id=MessageId("msg_1"), body="{}", now=AT)["webhook-signature"]
        for one in (KNOWN, other)
    ]
    assert both == " ".join(each)


def test_a_secret_is_read_as_it_was_stored_and_never_shown_by_accident() -> None:
    one = SigningSecret(bytes(range(32)), bytes(range(32, 64)))
    assert read_secret(one.stored()) == one
    assert one.text() == "whsec_" + base64.b64encode(one.secret).decode()
    assert repr(one) == "SigningSecret()"
    with pytest.raises(ValueError, match="64 bytes"):
        read_secret(bytes(63))


def test_a_body_is_thin_and_the_same_each_time() -> None:
    event = WebhookEvent(event_type=WebhookEventType.TEST, at=AT, data={"endpoint_id": "wep_1"})
    assert render_body(event) == (
        '{"type":"webhook.test","timestamp":"2021-02-25T15:02:10.000Z","data":{"endpoint_id":"wep_1"}}'
    )

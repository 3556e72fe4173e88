"""docs/webhooks.md does what it says: its code takes what the service sends, and names every event and failure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from eztong.adapters.clock import SystemClock
from eztong.adapters.entropy import SystemEntropy
from eztong.domain.webhooks.delivery import DeliveryFailure
from eztong.domain.webhooks.event import MessageId, WebhookEvent, WebhookEventType, render_body
from eztong.domain.webhooks.signature import SECRET_BYTES, SEED_BYTES, SigningSecret, signed_headers

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    """What the blocks of the page define, run in their order."""
    names: dict[str, Any] = {}
    for block in BLOCKS:
        exec(compile(block, "docs/webhooks.md", "exec"), names)  # noqa: S102 - our own page
    return names


def drawn() -> SigningSecret:
    return SigningSecret(SystemEntropy().token(SECRET_BYTES), SystemEntropy().token(SEED_BYTES))


def test_the_code_of_the_page_takes_what_was_signed_and_nothing_else(shown: dict[str, Any]) -> None:
    one, before, other = drawn(), drawn(), drawn()
    now = SystemClock().now()
    body = render_body(WebhookEvent(event_type=WebhookEventType.TEST, at=now, data={"endpoint_id": "wep_1"}))
    headers = signed_headers([one, before], message_id=MessageId("msg_1"), body=body, now=now)
    by_secret: Callable[..., bool] = shown["is_ours"]
    by_key: Callable[..., bool] = shown["is_signed_by"]
    for secret, is_right in ((one, True), (before, True), (other, False)):
        assert by_secret(secret.text(), headers, body.encode()) is is_right
        assert by_key(secret.public_text(), headers, body.encode()) is is_right
    assert not by_secret(one.text(), headers, body.encode() + b" ")
    assert not by_key(one.public_text(), headers | {"webhook-id": "msg_2"}, body.encode())
    old = signed_headers([one], message_id=MessageId("msg_1"), body=body, now=now - timedelta(minutes=6))
    assert not by_secret(one.text(), old, body.encode())


def test_every_event_and_every_failure_is_explained() -> None:
    for name in (*WebhookEventType, *DeliveryFailure):
        assert f"`{name.value}`" in PAGE, name

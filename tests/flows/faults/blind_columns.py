"""The columns in which a wrong value is not found, each with what it can do; and those that may never be among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BLIND: Final[Mapping[tuple[str, str], str]] = {
    ("verifications", "reason"): "the holder reads another reason in the record; the outcome is signed",
    ("verifications", "api_key_id"): "it names another key of the same partner; nothing is decided by it",
    ("codes", "ended_at"): "the holder's copy of the data says another moment at which a code ended",
    ("idempotency_keys", "key_hash"): "a partner's repeated call is taken for a new one",
    ("idempotency_keys", "operation"): "a partner's repeated call is refused as a conflict",
    ("idempotency_keys", "body_hash"): "a partner's repeated call is refused as a conflict",
    ("idempotency_keys", "created_at"): "nothing reads it",
}

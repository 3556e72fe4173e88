"""The columns in which a wrong value is not found, each with what it can do; and those that may never be among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from eztong.adapters.storage.sql.tables import metadata

BLIND: Final[Mapping[tuple[str, str], str]] = {
    ("verifications", "reason"): "the holder reads another reason in the record; the outcome is signed",
    ("verifications", "api_key_id"): "it names another key of the partner; nothing is decided by it",
    ("codes", "ended_at"): "the holder's copy of the data says another moment at which a code ended",
    ("codes", "asking_hash"): "the desk that asked is told that the code was used, or another desk of the same partner "
    "hears that partner's answer again within the minute; what the answer says is signed",
    ("codes", "replayed_at"): "the holder is warned of a used code once more, or not",
    ("idempotency_keys", "key_hash"): "a repeated call of a partner is taken for a new one",
    ("idempotency_keys", "operation"): "a repeated call of a partner is refused as a conflict",
    ("idempotency_keys", "body_hash"): "a repeated call of a partner is refused as a conflict",
    ("idempotency_keys", "created_at"): "nothing reads it",
}
"""What ``eztong db check`` does not see. docs/operations.md has the same list."""

WORK: Final = frozenset(
    {"alembic_version", "charges", "code_attempts", "desk_entries", "holder_events", "idempotency_keys", "inbox"}
    | {"jobs", "reports", "row_seals", "service_settings"}
)
"""Tables of work, records and the sandbox: they decide nothing about a person."""

_ONLY_TOLD: Final = frozenset(
    {("verifications", "reason"), ("verifications", "api_key_id")}
    | {("codes", name) for name in ("ended_at", "asking_hash", "replayed_at")}
)
"""Columns of deciding tables that only tell what happened, or how often it is told."""


def deciding() -> set[tuple[str, str]]:
    """Return the columns that decide whether something passes, who somebody is or what was agreed.

    Every column of every table that is not named as work counts, so a new table is among them unless somebody says no.
    """
    return {
        (name, column.name)
        for name, table in metadata.tables.items()
        if name not in WORK
        for column in table.columns
        if (name, column.name) not in _ONLY_TOLD
    }

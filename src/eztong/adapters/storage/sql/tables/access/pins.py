"""The table of PINs."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

pins = table(
    "pins",
    "One PIN per account; hashed with argon2id, and the hash sealed under the account's data key.",
    text("holder_id", "[id] the account", key=True),
    binary("sealed_hash", "[sealed] argon2id hash of the PIN"),
    whole("wrong_tries", "[state] wrong tries in a row"),
    instant("locked_until", "when the next try is taken, after too many wrong ones", optional=True),
    instant("changed_at", "when the PIN was set"),
)

"""Table of attested acts."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

acts = table(
    "acts",
    "Acts on accounts that a clause gives weight to, each a leaf of a signed batch.",
    text("holder_id", "[id] the account", key=True),
    text("act_id", "[id] the act; sorts by time", key=True),
    text("kind", "[state] which act"),
    text("actor", "[state] who did it"),
    instant("at", "when"),
    text("about", "[state] what it touched, by ids and public values, as JSON"),
    binary("salt", "[keyed] salt of the holder's commitment in the evidence document"),
    binary("document", "[evidence] canonical evidence document; no personal data"),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
)

"""The table of what was handed out as evidence."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

bundles = table(
    "bundles",
    "What was handed out as evidence: the manifest of each bundle, and to whom.",
    text("record_id", "[id] the verification or refused try it is about", key=True),
    text("bundle_id", "[id] the bundle; sorts by time", key=True),
    text("party", "[state] holder, partner or authority: whose side it shows"),
    text("holder_id", "[id] the account of the record, if one was known", optional=True),
    text("partner_id", "[id] the partner of the record"),
    text("asked_by", "[id] API key of the partner, or logins of the two operators", optional=True),
    binary("contents_hash", "[evidence] SM3 over the names and hashes of its parts"),
    binary("sealed_basis", "[sealed] document number and legal basis of an authority's request", optional=True),
    binary("document", "[evidence] canonical manifest; no personal data"),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
    binary("salt", "[keyed] salt of the holder's commitment in the manifest"),
    instant("created_at", "when it was made"),
    instant("downloaded_at", "when it was handed out last", optional=True),
)
_OF_HOLDER = bundles.c.holder_id.is_not(None)
Index("ix_bundles_holder_id", bundles.c.holder_id, sqlite_where=_OF_HOLDER, postgresql_where=_OF_HOLDER)

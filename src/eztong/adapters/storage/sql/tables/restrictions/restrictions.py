"""Tables of what limits accounts: marks, and what is known of the identity document."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

restrictions = table(
    "restrictions",
    "Marks that limit an account: by which cause, up to which ceiling, since when and until when.",
    text("holder_id", "[id] the account", key=True),
    text("restriction_id", "[id] the mark; sorts by time", key=True),
    text("cause", "[state] document_expired, data_doubt, risk, operator, minor_limits or asked"),
    text("ceiling", "[state] the most demanding scenes that still pass: none, low or substantial"),
    text("rule", "[state] what set it: a rule of the policy, or the reason that staff gave"),
    text("actor", "[state] who set it: holder, operator, risk or system"),
    instant("since", "when it was set"),
    instant("until", "when it was lifted", optional=True),
    text("lifted_by", "[state] who lifted it", optional=True),
)

identity_documents = table(
    "identity_documents",
    "What the authority last said of an account's identity document.",
    text("holder_id", "[id] the account", key=True),
    instant("checked_at", "when the authority confirmed the person last"),
    binary("sealed_valid_until", "[sealed] last day on which the document is valid", optional=True),
    whole("reminded", "[state] newest reminder that went out, in days before that day", optional=True),
)

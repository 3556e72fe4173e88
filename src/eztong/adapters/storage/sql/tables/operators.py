"""Tables of operators, of what takes two of them, and of acts that are attested."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole

operators = table(
    "operators",
    "The staff of the service, who act on the command line.",
    text("name", "[id] the name under which the operator acts; never given again", key=True),
    text("roles", "[state] roles, separated by spaces"),
    text("state", "[state] active or disabled"),
    text("secret_hash", "[keyed] argon2id hash of the operator's secret"),
    instant("created_at", "when the operator was added"),
    text("added_by", "[state] the operator who added this one; none for the first", optional=True),
    text("holder_id", "[id] the account that the operator holds, by which nobody decides about oneself", optional=True),
    whole("wrong_tries", "[state] wrong secrets since the last right one"),
    instant("locked_until", "until when no secret is taken", optional=True),
)
_OF_HOLDER = operators.c.holder_id.is_not(None)
Index("ix_operators_holder_id", operators.c.holder_id, sqlite_where=_OF_HOLDER, postgresql_where=_OF_HOLDER)

proposals = table(
    "proposals",
    "Acts that take two operators: proposed by one, decided by another.",
    text("proposal_id", "[id] the proposal; sorts by time", key=True),
    text("kind", "[state] what is proposed"),
    text("subject", "[id] what it changes"),
    text("about", "[id] the account that it concerns", optional=True),
    text("reason", "[state] why it was proposed; no personal data"),
    text("proposed_by", "[state] name of the operator who proposed it"),
    instant("proposed_at", "when it was proposed"),
    instant("until", "when it expires if nobody decided"),
    text("state", "[state] open, approved, rejected or withdrawn"),
    text("ended_by", "[state] name of the operator who ended it", optional=True),
    instant("ended_at", "when it was ended", optional=True),
    text("end_reason", "[state] why it was ended so; no personal data", optional=True),
)
_OPEN = proposals.c.state == "open"
Index(
    "uq_proposals_open",
    proposals.c.kind,
    proposals.c.subject,
    unique=True,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)

acts = table(
    "acts",
    "Acts that are attested: one document each, a leaf of the batch that it was committed with.",
    text("act_id", "[id] the act; sorts by time", key=True),
    text("kind", "[state] what was done"),
    text("subject", "[id] what it was done to"),
    text("actor", "[state] who acted: holder, operator, system ..."),
    text("operator", "[state] name of the operator who acted", optional=True),
    text("holder_id", "[id] the account that it concerns", optional=True),
    instant("at", "when it was done"),
    binary("salt", "[keyed] salt of the commitments in the document"),
    binary("document", "[evidence] canonical evidence document; no personal data"),
    text("batch_id", "[id] batch that signed it"),
    whole("leaf_index", "[evidence] its place in the batch"),
)
_CONCERNS = acts.c.holder_id.is_not(None)
Index("ix_acts_subject", acts.c.subject)
Index("ix_acts_holder_id", acts.c.holder_id, sqlite_where=_CONCERNS, postgresql_where=_CONCERNS)

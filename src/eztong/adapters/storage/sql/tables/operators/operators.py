"""The table of operators."""

from __future__ import annotations

from eztong.adapters.storage.sql.tables.columns import binary, counter, instant, table, text, whole

operators = table(
    "operators",
    "The staff of the service, who act in the console and on the command line.",
    text("name", "[id] the name under which the operator acts; never given again", key=True),
    text("roles", "[state] roles, separated by spaces"),
    text("state", "[state] active or disabled"),
    text("secret_hash", "[keyed] argon2id hash of the operator's secret"),
    instant("created_at", "when the operator was added"),
    text("added_by", "[state] the operator who added this one; none for the first", optional=True),
    whole("wrong_tries", "[state] wrong secrets since the last right one"),
    instant("locked_until", "until when no secret is taken", optional=True),
    text("persons", "[keyed] blind indexes of the operator's own numbers: nobody decides about oneself", optional=True),
    text("secret_known_to", "[state] operators through whose hands the secret went", optional=True),
    instant("secret_at", "since when the secret is as it is", optional=True),
    instant("given_counts_until", "until when those count who gave a secret that was renewed since", optional=True),
    binary("second_factor", "[sealed] key of the authenticator app", optional=True),
    counter("used_step", "[state] half minute of the last one-time code that was taken", optional=True),
    binary("invite_hash", "[keyed] keyed hash of the word that lets the operator set up the console", optional=True),
    instant("invite_until", "until when that word works", optional=True),
)

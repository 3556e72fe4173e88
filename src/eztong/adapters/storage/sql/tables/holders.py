"""Tables of holders: accounts, persons, events."""

from __future__ import annotations

from sqlalchemy import Index, and_, func, literal_column

from eztong.adapters.storage.sql.tables.columns import binary, instant, table, text, whole
from eztong.domain.holder import HolderState
from eztong.domain.registration import ENDED_UNDECIDED

holders = table(
    "holders",
    "One account of one person; personal data only sealed under the account's own data key.",
    text("holder_id", "[id] the account", key=True),
    text("state", "[state] state machine of the account"),
    text("freeze_cause", "[state] self, operator or risk while frozen", optional=True),
    text("document_type", "[state] kind of identity document", optional=True),
    text("kek_id", "[id] key that wraps the data key"),
    binary("data_key", "[sealed] wrapped data key; emptied at deregistration, which erases all sealed fields"),
    binary("number_index", "[keyed] blind index of document type and number", optional=True),
    binary("phone_index", "[keyed] blind index of the phone", optional=True),
    binary("sealed_number", "[sealed] citizen number", optional=True),
    binary("sealed_name", "[sealed] real name", optional=True),
    binary("sealed_phone", "[sealed] phone", optional=True),
    binary("sealed_eid_mark", "[sealed] eid mark of the authority", optional=True),
    whole("generation", "[state] input of the partner code where none was drawn"),
    text("service_acceptance", "[id] acceptance of the service agreement", optional=True),
    text("authorisation_acceptance", "[id] acceptance of the authorisation agreement", optional=True),
    text("decision", "[state] verdict on the application", optional=True),
    text("reason", "[state] reason of the verdict, told to the holder only", optional=True),
    text("rules", "[state] ids of the rules that decided"),
    text("policy_version", "[state] version of the policy that decided", optional=True),
    text("authority_reference", "[id] case number at the authority", optional=True),
    instant("created_at", "when the agreements were accepted"),
    text("stopped", "[state] states that a freeze, termination or deregistration stopped, oldest first"),
    binary("drawn_generation", "[keyed] random input of the partner code, new with every account", optional=True),
    text("ceiling", "[state] lowest ceiling of the open marks: none, low or substantial", optional=True),
    whole("mark_changes", "[state] how often marks were set or lifted", optional=True),
    text(
        "after_death",
        "[state] what shall become of it after the holder's death: erase; empty: relatives may ask",
        optional=True,
    ),
)
Index("ix_holders_number_index", holders.c.number_index, holders.c.created_at)
Index("ix_holders_phone_index", holders.c.phone_index)
Index(
    "ix_holders_under_review",
    holders.c.holder_id,
    sqlite_where=holders.c.state == "under_review",
    postgresql_where=holders.c.state == "under_review",
)
Index(
    "ix_holders_asked",
    holders.c.holder_id,
    sqlite_where=holders.c.state == "supplement_needed",
    postgresql_where=holders.c.state == "supplement_needed",
)
Index(
    "ix_holders_drafts",
    holders.c.created_at,
    sqlite_where=holders.c.state == "draft",
    postgresql_where=holders.c.state == "draft",
)
IS_ERASED = func.length(holders.c.data_key) == literal_column("0")
"""Of accounts whose data key was destroyed."""
IS_ENDED_APPLICATION = and_(
    holders.c.state == HolderState.REFUSED.value,
    holders.c.reason.in_(sorted(reason.value for reason in ENDED_UNDECIDED)),
    holders.c.sealed_number.is_(None),
    holders.c.sealed_phone.is_(None),
)
"""Of applications that ended before anybody decided, of which nothing is kept."""

Index("ix_holders_erased", holders.c.holder_id, sqlite_where=IS_ERASED, postgresql_where=IS_ERASED)

persons = table(
    "persons",
    "Who holds a number; and of a terminated person or one with an open case, without an account, that.",
    binary("number_index", "[keyed] blind index of the number; after the end one of its own purpose", key=True),
    text("holder_id", "[id] the live account, if any", optional=True),
    whole("generation", "[state] input of the partner code where none was drawn"),
    whole("service_ended", "[state] 1 if the service was terminated for breach"),
    binary("drawn_generation", "[keyed] random input of the partner code", optional=True),
    instant("left_at", "when the account was erased of a person who was terminated or had an open case", optional=True),
)
_LEFT = persons.c.left_at.is_not(None)
Index("ix_persons_left_at", persons.c.left_at, sqlite_where=_LEFT, postgresql_where=_LEFT)


holder_events = table(
    "holder_events",
    "What happened to an account, for its holder to read.",
    text("holder_id", "[id] the account", key=True),
    text("event_id", "[id] the event; sorts by time", key=True),
    text("kind", "[state] what happened, by the names in domain/events.py"),
    text("actor", "[state] who did it: holder, operator, risk, system"),
    text("detail", "[state] more in machine words; no personal data"),
    instant("at", "when it happened"),
)

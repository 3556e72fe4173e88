"""Tables of incidents."""

from __future__ import annotations

from sqlalchemy import Index

from eztong.adapters.storage.sql.tables.columns import instant, table, text

incidents = table(
    "incidents",
    "What was out of order, or announced, as everybody may read it.",
    text("incident_id", "[id] the incident; sorts by time", key=True),
    text("kind", "[state] authority, messages, network, attack, disaster, other, maintenance or upgrade"),
    text("origin", "[state] operator or circuit"),
    text("affects", "[state] what does not work as usual, with spaces between"),
    text("effect_zh", "[public] what people notice, in Chinese"),
    text("effect_en", "[public] what people notice, in English"),
    text("workaround_zh", "[public] what to do meanwhile, in Chinese", optional=True),
    text("workaround_en", "[public] what to do meanwhile, in English", optional=True),
    instant("starts_at", "when it began or will begin"),
    instant("created_at", "when it was written down"),
    instant("until", "when it is expected to end", optional=True),
    instant("ended_at", "when it ended", optional=True),
    text(
        "refuses",
        "[state] what is refused while it is open, with spaces between: registration, codes",
        optional=True,
    ),
)
_RUNS, _ENDED = incidents.c.ended_at.is_(None), incidents.c.ended_at.is_not(None)
_OF_CIRCUIT = _RUNS & (incidents.c.origin == "circuit")
Index("ix_incidents_running", incidents.c.incident_id, sqlite_where=_RUNS, postgresql_where=_RUNS)
Index("ix_incidents_ended_at", incidents.c.ended_at, sqlite_where=_ENDED, postgresql_where=_ENDED)
Index("uq_incidents_circuit", incidents.c.origin, unique=True, sqlite_where=_OF_CIRCUIT, postgresql_where=_OF_CIRCUIT)

incident_updates = table(
    "incident_updates",
    "What was done to an incident, when, and by whom.",
    text("incident_id", "[id] the incident", key=True),
    text("update_id", "[id] the update; sorts by time", key=True),
    text("step", "[state] opened, updated or ended"),
    instant("at", "when it was done"),
    text("words_zh", "[public] what people were told, in Chinese", optional=True),
    text("words_en", "[public] what people were told, in English", optional=True),
    text("operator", "[state] login of the staff member who did it; none: the service itself", optional=True),
)

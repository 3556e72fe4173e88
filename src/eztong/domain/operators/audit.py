"""The audit: what staff meant to do, did, and were refused, for whoever must account for it (GB/T 22239, audit a-d).

What changes something leaves two entries: the intent, which is stored before anything else happens, and the outcome,
which is stored in the very commit that does it, or says why it was not done. An intent without an outcome was cut
off. Each entry is a leaf of its batch; its document has commitments instead of names, ids and words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from eztong.domain.canonical_json import render_time
from eztong.domain.identifiers import ULID_RANDOM_BYTES, make_id
from eztong.domain.identity.age import SHANGHAI
from eztong.gm.sm3 import sm3

AUDIT_FORMAT: Final = "eztong/audit/v1"
SALT_BYTES: Final = 16
AUDIT_FOR: Final = timedelta(days=3 * 365)
"""How long entries are kept: longer than the six months that the Cybersecurity Law (art. 23) asks for."""

LONGEST_REASON: Final = 500
TYPED: Final = "***"
"""What an entry says instead of a subject that can be no id: somebody typed it, and it may be anybody's name."""

_SUBJECT: Final = re.compile(r"[!-~]{0,500}")
_OF_A_PERSON: Final = re.compile(
    r"(?<![0-9A-Za-z_])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|(?:\+?86-?)?1[3-9][0-9]{9})(?![0-9A-Za-z_])|@[0-9A-Za-z-]+\."
)
"""A citizen number of either length, a mobile number, an e-mail address."""

ENTRY_PREFIX: Final = "aud"
STAR: Final = "*"
BEGIN_WITH: Final = ("operator", "what")
"""Fields that can be asked by how they begin: of each there are few different values."""


class AuditStep(StrEnum):
    """What an entry says. The values stand in evidence; none is renamed."""

    INTENDED = "intended"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class AuditDoor(StrEnum):
    """Where it was done."""

    CONSOLE = "console"
    COMMAND = "command"
    PORTAL = "portal"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One entry. ``what`` is a permission, or of an intent at the command line the command.

    ``subject`` is the id of what it is done to, as far as it is known, and as :func:`plain_subject` leaves it.
    ``roles`` are the operator's at that moment. ``error`` is the code of a refusal. ``correlation`` joins what belongs
    to one press of a button or one command.
    """

    entry_id: str
    at: datetime
    step: AuditStep
    what: str
    operator: str
    roles: frozenset[str]
    door: AuditDoor
    correlation: str
    subject: str = ""
    error: str = ""
    change: str = ""
    """Before and after in machine words, ``before -> after``, where that is no personal data."""

    salt: bytes = field(repr=False, default=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditCount:
    """How many entries there are of an act and a step of it."""

    what: str
    step: AuditStep
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which entries are looked for; what is empty is not asked.

    Each value is matched as a whole. Of operator and act it may be how they begin, with a star at its end. The days are
    of the service's time zone; both belong to it.
    """

    operator: str = ""
    subject: str = ""
    what: str = ""
    correlation: str = ""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def whole(self) -> Mapping[str, str]:
        """The fields that are asked by a value, by name."""
        fields = {
            "operator": self.operator,
            "subject": self.subject,
            "what": self.what,
            "correlation": self.correlation,
        }
        return {name: value for name, value in fields.items() if value}

    @property
    def beginnings(self) -> Mapping[str, str]:
        """The fields of which only the beginning is asked, by name, without their star."""
        return {name: getattr(self, name)[:-1] for name in BEGIN_WITH if getattr(self, name).endswith(STAR)}

    @property
    def asked(self) -> Mapping[str, str]:
        """Everything that is asked, by name, as an address or the audit itself says it."""
        days = {"from": self.first_day, "to": self.last_day}
        return {**self.whole, **{name: day.isoformat() for name, day in days.items() if day is not None}}

    @property
    def since(self) -> str:
        """The id that every entry of these days is at or after; empty without a first day."""
        return "" if self.first_day is None else _first_id(self.first_day)

    @property
    def end(self) -> str:
        """The id that every entry of these days is before; empty without a last day."""
        return "" if self.last_day is None else _first_id(self.last_day + timedelta(days=1))


def _first_id(day: date) -> str:
    begins = datetime.combine(day, time(), tzinfo=SHANGHAI)
    return make_id(ENTRY_PREFIX, now=begins, random=bytes(ULID_RANDOM_BYTES))


def plain_subject(text: str) -> str:
    """Return what an entry says it was done to: an id or a name of ours as it is, :data:`TYPED` for anything else.

    What is meant stands in the audit before anybody looked at it, and stays there: what was typed into the field of an
    id may be a person's name, number, phone or address, and as long as a form lets through.
    """
    return text if _SUBJECT.fullmatch(text) and not _OF_A_PERSON.search(text) else TYPED


def audit_document(entry: AuditEntry) -> dict[str, Any]:
    """Return the evidence document of an entry: no name, no id, no free words."""
    document: dict[str, Any] = {
        "format": AUDIT_FORMAT,
        "id": entry.entry_id,
        "at": render_time(entry.at),
        "step": entry.step.value,
        "door": entry.door.value,
        "roles": sorted(entry.roles),
    }
    for name in ("what", "operator", "correlation", "subject", "error", "change"):
        value = getattr(entry, name)
        if value:
            document[name] = audit_commitment(name, value, salt=entry.salt)
    return document


def audit_commitment(name: str, value: str, *, salt: bytes) -> str:
    """Return the salted commitment to one member of an entry, in hex."""
    return sm3(b"eztong/audit-commitment/v1\x00" + name.encode() + b"\x00" + salt + value.encode()).hex()

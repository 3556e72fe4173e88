"""A set of agreements: both agreements, privacy policy, rules and notices, as one version (clause 5.6).

``draft -> scheduled -> in_force -> superseded``, and ``scheduled -> called_off``. Two operators publish a draft; from
then on everybody can read it, and holders are told. It comes into force at its time by itself, unless two operators
call it off before. What a changed document asks of holders is its class: A, a new consent before anything more is
processed; B, acceptance within a grace; C, to take note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from eztong.domain.agreements import AgreementState, ChangeClass, DocumentKind, RuleKind
from eztong.domain.canonical_json import render_canonical
from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.incidents.incident import Bilingual
from eztong.gm.sm3 import sm3

SET_FORMAT: Final = "eztong/agreement-set/v1"

FIRST_SET: Final = f"set_{'0' * 26}"
"""The set that an installation begins with, made by nobody."""

NOTICE_BEFORE: Final[Mapping[ChangeClass, timedelta]] = {
    ChangeClass.A: timedelta(days=7),
    ChangeClass.B: timedelta(days=7),
    ChangeClass.C: timedelta(0),
}
"""How long before it comes into force a change is published (E-Commerce Law art. 34 asks for seven days)."""

MOST_AHEAD: Final = timedelta(days=366)
"""How far ahead a set may be scheduled: what lies further is a slip of the pen."""

DEFAULT_GRACE_DAYS: Final = 14
MOST_GRACE_DAYS: Final = 90


class SetUnknown(NotFound):
    """No set of this number."""

    code = "agreement_set_unknown"
    advice = "There is no such set; `eztong agreements list` shows them."


class SetNotDraft(StateConflict):
    """The set was published, or is being decided."""

    code = "agreement_set_not_draft"
    advice = "Only a draft that nobody has proposed can be changed or proposed; look with `eztong agreements list`."


class SetNotScheduled(StateConflict):
    """Only a set that is published and not in force yet can be called off."""

    code = "agreement_set_not_scheduled"
    advice = "It is a draft, in force, or called off already; look with `eztong agreements list`."


class ScheduleInvalid(InputInvalid):
    """A set would come into force too soon, or too late."""

    code = "agreement_schedule_invalid"
    advice = (
        "Choose a day for --from that is at least seven days ahead where people must accept again (class A or B), and "
        "no more than a year; the seven days begin when the second operator approves."
    )


class NothingChanged(StateConflict):
    """Every text is as it is in force."""

    code = "agreements_unchanged"
    advice = "Change a text or a value that stands in one; as it is there is nothing to publish."


class ChangeClassMissing(InputInvalid):
    """A document changes, and nobody said what that asks of holders."""

    code = "change_class_missing"
    advice = "Say it with --class DOCUMENT=A, B or C: a new consent, acceptance within the grace, or to take note."


class ChangeClassInvalid(InputInvalid):
    """A rule would ask holders for an act, and nothing in the set has a tick for it."""

    code = "change_class_invalid"
    advice = (
        "Privacy policy, rules and notices have no tick of their own: where their change needs one, let the service "
        "agreement or the authorisation change in the same set with that class."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document of a set. ``change_class`` says what its change asks; None if the set did not change it."""

    kind: DocumentKind
    version: str
    change_class: ChangeClass | None = None
    grace_until: datetime | None = None
    """Of a changed document of class B: until when the acceptance of before is enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSet:
    """A version of the contract. ``changes`` says in plain words what is new; the first set says nothing.

    ``printed`` are the settings that stand in its texts, as they are stored.
    """

    set_id: str
    number: int
    state: AgreementState
    in_force_from: datetime
    members: tuple[Member, ...]
    changes: Bilingual | None = None
    printed: str | None = None
    made_by: str | None = None
    made_at: datetime
    published_at: datetime | None = None

    @property
    def changed(self) -> tuple[Member, ...]:
        """The documents that this set brought or changed."""
        return tuple(member for member in self.members if member.change_class is not None)

    @property
    def asked(self) -> frozenset[ChangeClass]:
        """The classes of change of the documents that have a tick of their own."""
        found = (one.change_class for one in self.changed if not isinstance(one.kind, RuleKind))
        return frozenset(one for one in found if one is not None)

    @property
    def asks_for_an_act(self) -> bool:
        """Say whether holders must accept something anew."""
        return bool(self.asked - {ChangeClass.C})

    def member(self, kind: DocumentKind) -> Member | None:
        """Return the member of a kind of which there is one at a time."""
        return next((member for member in self.members if member.kind is kind), None)

    def check_classes(self) -> None:
        """Refuse a rule that asks for an act which no tick of this set stands for.

        Raises:
            ChangeClassInvalid: one does.
        """
        for one in self.changed:
            if isinstance(one.kind, RuleKind) and one.change_class not in {ChangeClass.C, *_at_most(self.asked)}:
                raise ChangeClassInvalid

    def check_schedule(self, *, now: datetime) -> None:
        """Refuse a set that would come into force before people had time to read it.

        Raises:
            ScheduleInvalid: it would, or it lies too far ahead.
        """
        needed = max((NOTICE_BEFORE[one.change_class] for one in self.changed if one.change_class), default=timedelta())
        soonest = now + needed if needed else min(now, self.in_force_from)
        if not soonest <= self.in_force_from <= now + MOST_AHEAD:
            raise ScheduleInvalid


def _at_most(asked: frozenset[ChangeClass]) -> frozenset[ChangeClass]:
    """Return the classes that are covered by what is asked: a new consent covers everything."""
    return frozenset(ChangeClass) if ChangeClass.A in asked else asked


def set_document(agreement_set: AgreementSet, hashes: Mapping[tuple[DocumentKind, str], Mapping[str, str]]) -> bytes:
    """Return the canonical description of a set; ``hashes`` are those of each text by language."""
    members: list[dict[str, Any]] = [
        {
            "document": member.kind.value,
            "version": member.version,
            "changes": None if member.change_class is None else member.change_class.value,
            "texts": dict(hashes[member.kind, member.version]),
        }
        for member in agreement_set.members
    ]
    return render_canonical({"format": SET_FORMAT, "number": agreement_set.number, "members": members})


def set_hash(agreement_set: AgreementSet, hashes: Mapping[tuple[DocumentKind, str], Mapping[str, str]]) -> str:
    """Return the SM3 of :func:`set_document` in hex: what two operators publish."""
    return sm3(set_document(agreement_set, hashes)).hex()


def in_order(members: Iterable[Member], order: Iterable[DocumentKind]) -> tuple[Member, ...]:
    """Return members as ``order`` names their kinds, notices by number."""
    places = list(order)
    return tuple(sorted(members, key=lambda member: (places.index(member.kind), member.version)))

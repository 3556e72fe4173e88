"""The part of partners: who they are, their scenes with claims, their desks. Neither keys nor certificates.

Whoever gives partners more that belongs into a document adds it here: a member to read and to write, and its
difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from eztong.domain.claims import Claim
from eztong.domain.configuration.difference import (
    AddNewDesk,
    ApproveNew,
    Difference,
    DifferenceKind,
    LimitAnew,
    RegisterNew,
    SuspendNow,
)
from eztong.domain.configuration.reach_part import REACH, ReachPart, describe_reach, parse_reach, reach_differences
from eztong.domain.configuration.strict_reading import ConfigurationInvalid, members, names, one_of, text
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import MOST_DAYS, Freshness, WhenOld
from eztong.domain.partners.partner import Partner, PartnerState, Scene

_PARTNER: Final = ("name", "name_en", "sector", "state", "desks", "scenes")
_SCENE: Final = ("title", "title_en", "purpose", "purpose_en", "floor", "claims", "fresh_days", "when_old")
_ID: Final = re.compile(r"[a-z][a-z0-9_-]{1,39}")
_FIXED: Final = ("title", "title_en", "purpose", "purpose_en", "floor", "claims")
"""What a scene keeps for good: holders consented to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerPart:
    """One partner as the document has it."""

    name: str
    name_en: str
    sector: str
    state: PartnerState
    desks: Mapping[str, str]
    """Names of desks by their ids."""

    scenes: Mapping[str, Scene]
    reach: ReachPart | None = None
    """None in documents of before: then it stays as it is."""


def parse_partner(partner_id: str, said: object) -> PartnerPart:
    """Read one partner.

    Raises:
        ConfigurationInvalid: saying where.
    """
    where = f"partners.{partner_id}"
    _check_id(partner_id, where=where)
    found = members(said, needed=_PARTNER, possible=REACH, where=where)
    desks, scenes = names(found["desks"], where=f"{where}.desks"), names(found["scenes"], where=f"{where}.scenes")
    return PartnerPart(
        name=text(found["name"], where=f"{where}.name"),
        name_en=text(found["name_en"], where=f"{where}.name_en"),
        sector=text(found["sector"], where=f"{where}.sector"),
        state=one_of(PartnerState, found["state"], where=f"{where}.state"),
        desks={desk: _desk(desk, name, where=f"{where}.desks.{desk}") for desk, name in sorted(desks.items())},
        scenes={scene: _scene(scene, one, where=f"{where}.scenes.{scene}") for scene, one in sorted(scenes.items())},
        reach=parse_reach(found, where=where),
    )


def describe_partner(part: PartnerPart) -> dict[str, Any]:
    """Return the partner as a document has it."""
    return {
        "name": part.name,
        "name_en": part.name_en,
        "sector": part.sector,
        "state": part.state.value,
        "desks": dict(part.desks),
        "scenes": {name: _described(scene) for name, scene in part.scenes.items()},
    } | describe_reach(part.reach)


def partner_differences(
    partner_id: str, wanted: PartnerPart | None, there: PartnerPart | None, *, now: datetime
) -> Iterator[Difference]:
    """Tell how a partner differs, in the order in which it is set right.

    Args:
        partner_id: Whose part it is.
        wanted: The document's; None where it says nothing of the partner, which then stays as it is.
        there: The deployment's; None for a new partner.
        now: When a new one would be registered.
    """
    if wanted is None:
        yield Difference(kind=DifferenceKind.LEFT, subject=partner_id)
        return
    if there is None:
        yield from _new(partner_id, wanted, now=now)
    else:
        for name in ("name", "name_en", "sector"):
            yield from _fixed(partner_id, name, there=getattr(there, name), wanted=getattr(wanted, name))
    yield from _desks(partner_id, wanted.desks, {} if there is None else there.desks)
    yield from _scenes(partner_id, wanted.scenes, {} if there is None else there.scenes)
    yield from reach_differences(partner_id, wanted.reach, None if there is None else there.reach)
    yield from _state(partner_id, wanted.state, PartnerState.APPROVED if there is None else there.state)


def _new(partner_id: str, wanted: PartnerPart, *, now: datetime) -> Iterator[Difference]:
    partner = Partner(
        partner_id=PartnerId(partner_id),
        name=wanted.name,
        name_en=wanted.name_en,
        sector_id=wanted.sector,
        state=PartnerState.APPROVED,
        created_at=now,
    )
    yield Difference(kind=DifferenceKind.ADD, subject=partner_id, wanted=wanted.name_en, step=RegisterNew(partner))


def _desks(partner_id: str, wanted: Mapping[str, str], there: Mapping[str, str]) -> Iterator[Difference]:
    for desk, name in wanted.items():
        if desk in there:
            yield from _fixed(partner_id, f"desks.{desk}", there=there[desk], wanted=name)
        else:
            step = AddNewDesk(desk, name)
            yield Difference(kind=DifferenceKind.ADD, subject=partner_id, where=f"desks.{desk}", wanted=name, step=step)
    yield from _left(partner_id, "desks", there.keys() - wanted.keys())


def _scenes(partner_id: str, wanted: Mapping[str, Scene], there: Mapping[str, Scene]) -> Iterator[Difference]:
    for name, scene in wanted.items():
        where = f"scenes.{name}"
        if name not in there:
            yield Difference(
                kind=DifferenceKind.ADD,
                subject=partner_id,
                where=where,
                wanted=scene.title_en,
                step=ApproveNew(scene),
            )
            continue
        before, after = _described(there[name]), _described(scene)
        for member in _FIXED:
            yield from _fixed(
                partner_id, f"{where}.{member}", there=_shown(before[member]), wanted=_shown(after[member])
            )
        yield from _limit(partner_id, where, scene, there[name])
    yield from _left(partner_id, "scenes", there.keys() - wanted.keys())


def _limit(partner_id: str, where: str, wanted: Scene, there: Scene) -> Iterator[Difference]:
    # A document that says nothing takes the limit that the service gave by itself.
    if wanted.freshness is None or wanted.freshness == there.freshness:
        return
    yield Difference(
        kind=DifferenceKind.CHANGE,
        subject=partner_id,
        where=f"{where}.fresh_days",
        there=_rule(there.freshness),
        wanted=_rule(wanted.freshness),
        step=LimitAnew(wanted.scene, wanted.freshness),
    )


def _state(partner_id: str, wanted: PartnerState, there: PartnerState) -> Iterator[Difference]:
    if wanted is there:
        return
    moves = {
        (PartnerState.APPROVED, PartnerState.SUSPENDED): DifferenceKind.CHANGE,
        (PartnerState.SUSPENDED, PartnerState.APPROVED): DifferenceKind.LEFT,
    }
    kind = moves.get((there, wanted), DifferenceKind.BLOCKED)
    yield Difference(
        kind=kind,
        subject=partner_id,
        where="state",
        there=there.value,
        wanted=wanted.value,
        step=SuspendNow() if kind is DifferenceKind.CHANGE else None,
    )


def _fixed(partner_id: str, where: str, *, there: str, wanted: str) -> Iterator[Difference]:
    if there != wanted:
        yield Difference(kind=DifferenceKind.BLOCKED, subject=partner_id, where=where, there=there, wanted=wanted)


def _left(partner_id: str, where: str, left: set[str]) -> Iterator[Difference]:
    for name in sorted(left):
        yield Difference(kind=DifferenceKind.LEFT, subject=partner_id, where=f"{where}.{name}")


def _described(scene: Scene) -> dict[str, Any]:
    rule = scene.freshness
    return {
        "title": scene.title,
        "title_en": scene.title_en,
        "purpose": scene.purpose,
        "purpose_en": scene.purpose_en,
        "floor": scene.floor.value,
        "claims": sorted(claim.value for claim in scene.claims),
        "fresh_days": None if rule is None else rule.days,
        "when_old": None if rule is None else rule.when_old.value,
    }


def _desk(desk: str, name: object, *, where: str) -> str:
    _check_id(desk, where=where)
    return text(name, where=where)


def _scene(name: str, said: object, *, where: str) -> Scene:
    _check_id(name, where=where)
    found = members(said, needed=_SCENE, where=where)
    claims = found["claims"]
    if not isinstance(claims, list) or len(set(map(str, claims))) != len(claims):
        raise ConfigurationInvalid(f"{where}.claims: a list of claims is needed, each once.")
    known = {one_of(Claim, claim, where=f"{where}.claims") for claim in claims}
    if Claim.IS_PERSON in known:
        raise ConfigurationInvalid(f"{where}.claims: {Claim.IS_PERSON.value} is told in every scene.")
    return Scene(
        scene=name,
        title=text(found["title"], where=f"{where}.title"),
        title_en=text(found["title_en"], where=f"{where}.title_en"),
        purpose=text(found["purpose"], where=f"{where}.purpose"),
        purpose_en=text(found["purpose_en"], where=f"{where}.purpose_en"),
        floor=one_of(Assurance, found["floor"], where=f"{where}.floor"),
        claims=frozenset(known),
        freshness=_freshness(found["fresh_days"], found["when_old"], where=where),
    )


def _freshness(days: object, when_old: object, *, where: str) -> Freshness | None:
    if days is None and when_old is None:
        return None
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        raise ConfigurationInvalid(f"{where}.fresh_days: a whole number from 0 to {MOST_DAYS} is needed.")
    return Freshness(days, one_of(WhenOld, when_old, where=f"{where}.when_old"))


def _check_id(name: str, *, where: str) -> None:
    if _ID.fullmatch(name) is None:
        raise ConfigurationInvalid(f"{where}: an id has 2 to 40 small letters, digits, - and _.")


def _shown(value: object) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)


def _rule(rule: Freshness | None) -> str:
    return "none" if rule is None else f"{rule.days} {rule.when_old.value}"

"""What a partner's part says of its reach, and of its merchants at the Tencent Cloud door; documents of before do not.

A merchant's id is drawn where it is registered, so that a document knows it by its name, as the operator gave it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eztong.domain.configuration.difference import (
    Difference,
    DifferenceKind,
    LimitReach,
    RegisterNewMerchant,
    SetMerchant,
)
from eztong.domain.configuration.strict_reading import ConfigurationInvalid, members, one_of, text
from eztong.domain.eid.identity_envelope import PointPrefix
from eztong.domain.errors import InputInvalid
from eztong.domain.merchants.merchant import MerchantOptions, MerchantState, UnfinishedAnswer
from eztong.domain.partners.reach import MOST_PER_MINUTE, parse_networks, parse_redirects

_MERCHANT: Final = ("scene", "state", "point_prefix", "unfinished", "companions", "guarded_release")


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantPart:
    """One merchant as the document has it. ``merchant_id`` is the deployment's, empty in a document."""

    scene: str
    state: MerchantState
    options: MerchantOptions
    merchant_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachPart:
    """From where a partner may call, whereto its flows return, how often it may ask (0: as others), its merchants."""

    networks: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    per_minute: int = 0
    merchants: Mapping[str, MerchantPart]


REACH: Final = ("networks", "redirects", "per_minute", "merchants")
"""Members that stand in a document all together or not at all."""


def parse_reach(found: Mapping[str, Any], *, where: str) -> ReachPart | None:
    """Read these members; None where the document has none of them.

    Raises:
        ConfigurationInvalid: saying where.
    """
    if not found.keys() & set(REACH):
        return None
    for name in REACH:
        if name not in found:
            raise ConfigurationInvalid(f"{where}: {name} is missing.")
    rate = found["per_minute"]
    if isinstance(rate, bool) or not isinstance(rate, int) or not 0 <= rate <= MOST_PER_MINUTE:
        raise ConfigurationInvalid(f"{where}.per_minute: a whole number from 0 to {MOST_PER_MINUTE} is needed.")
    networks, redirects = (_texts(found[name], where=f"{where}.{name}") for name in ("networks", "redirects"))
    try:
        return ReachPart(
            networks=parse_networks(networks),
            redirects=parse_redirects(redirects),
            per_minute=rate,
            merchants=_named(found["merchants"], where=f"{where}.merchants"),
        )
    except ConfigurationInvalid:
        raise
    except InputInvalid as error:
        raise ConfigurationInvalid(f"{where}: {error.detail}") from error


def describe_reach(part: ReachPart | None) -> dict[str, Any]:
    """Return the members as a document has them."""
    if part is None:
        return {}
    return {
        "networks": [*part.networks],
        "redirects": [*part.redirects],
        "per_minute": part.per_minute,
        "merchants": [{"name": name} | _described(one) for name, one in part.merchants.items()],
    }


def reach_differences(partner_id: str, wanted: ReachPart | None, there: ReachPart | None) -> Iterator[Difference]:
    """Tell how the reach differs; what a document does not say stays."""
    if wanted is None:
        return
    before = there or ReachPart(merchants={})
    for name in ("networks", "redirects"):
        if getattr(wanted, name) != getattr(before, name):
            yield Difference(
                kind=DifferenceKind.CHANGE,
                subject=partner_id,
                where=name,
                there=" ".join(getattr(before, name)),
                wanted=" ".join(getattr(wanted, name)),
                step=LimitReach(**{name: getattr(wanted, name)}),
            )
    if wanted.per_minute != before.per_minute:
        yield Difference(
            kind=DifferenceKind.CHANGE,
            subject=partner_id,
            where="per_minute",
            there=str(before.per_minute),
            wanted=str(wanted.per_minute),
            step=LimitReach(per_minute=wanted.per_minute),
        )
    yield from _merchants(partner_id, wanted.merchants, before.merchants)


def _merchants(
    partner_id: str, wanted: Mapping[str, MerchantPart], there: Mapping[str, MerchantPart]
) -> Iterator[Difference]:
    for name, one in wanted.items():
        where, known = f"merchants.{name}", there.get(name)
        if known is None:
            step = RegisterNewMerchant(name, one.scene, one.options, one.state)
            yield Difference(kind=DifferenceKind.ADD, subject=partner_id, where=where, wanted=one.scene, step=step)
            continue
        before, after = _described(known), _described(one)
        if before["scene"] != after["scene"]:
            yield Difference(
                kind=DifferenceKind.BLOCKED,
                subject=partner_id,
                where=f"{where}.scene",
                there=known.scene,
                wanted=one.scene,
            )
        elif before != after:
            different = [member for member in _MERCHANT if before[member] != after[member]]
            yield Difference(
                kind=DifferenceKind.CHANGE,
                subject=partner_id,
                where=where,
                there=" ".join(f"{member}={before[member]}" for member in different),
                wanted=" ".join(f"{member}={after[member]}" for member in different),
                step=SetMerchant(known.merchant_id, one.options, one.state),
            )
    for name in sorted(there.keys() - wanted.keys()):
        yield Difference(kind=DifferenceKind.LEFT, subject=partner_id, where=f"merchants.{name}")


def _named(said: object, *, where: str) -> dict[str, MerchantPart]:
    if not isinstance(said, list):
        raise ConfigurationInvalid(f"{where}: a list of merchants is needed.")
    found: dict[str, MerchantPart] = {}
    for place, one in enumerate(said):
        name = text(members(one, needed=("name", *_MERCHANT), where=f"{where}[{place}]")["name"], where=where)
        if name in found:
            raise ConfigurationInvalid(f"{where}: two merchants have the name {name}.")
        found[name] = _merchant(one, where=f"{where}[{place}]")
    return dict(sorted(found.items()))


def _merchant(found: Mapping[str, Any], *, where: str) -> MerchantPart:
    for name in ("companions", "guarded_release"):
        if not isinstance(found[name], bool):
            raise ConfigurationInvalid(f"{where}.{name}: true or false is needed.")
    return MerchantPart(
        scene=text(found["scene"], where=f"{where}.scene"),
        state=one_of(MerchantState, found["state"], where=f"{where}.state"),
        options=MerchantOptions(
            point_prefix=one_of(PointPrefix, found["point_prefix"], where=f"{where}.point_prefix"),
            unfinished=one_of(UnfinishedAnswer, found["unfinished"], where=f"{where}.unfinished"),
            companions=found["companions"],
            guarded_release=found["guarded_release"],
        ),
    )


def _described(one: MerchantPart) -> dict[str, Any]:
    return {
        "scene": one.scene,
        "state": one.state.value,
        "point_prefix": one.options.point_prefix.value,
        "unfinished": one.options.unfinished.value,
        "companions": one.options.companions,
        "guarded_release": one.options.guarded_release,
    }


def _texts(said: object, *, where: str) -> list[str]:
    if not isinstance(said, list):
        raise ConfigurationInvalid(f"{where}: a list of texts is needed.")
    return [text(one, where=where) for one in said]

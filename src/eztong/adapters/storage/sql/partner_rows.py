"""Rows of partners, scenes, desks and keys, as values and from values."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from eztong.adapters.storage.sql.milliseconds import from_ms, from_ms_or_none, to_ms_or_none
from eztong.adapters.storage.sql.readable import reads
from eztong.adapters.storage.sql.statements import Row
from eztong.adapters.storage.sql.tables.partners.partners import api_keys, desks, partners, scenes
from eztong.domain.claims import Claim
from eztong.domain.desks.desk import Desk
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import Freshness, WhenOld
from eztong.domain.partners.partner import ApiKey, Partner, PartnerStage, PartnerState, Scene, Scope
from eztong.domain.partners.quota import OverQuota, Quota

_WANTED: Final = "required"


# Equal rows give equal values, so these need to be made only once; what is cached is never stale.
@lru_cache(maxsize=4096)
@reads(partners)
def read_partner(row: tuple[Any, ...]) -> Partner:
    """Return the partner of a row."""
    return Partner(
        partner_id=PartnerId(row[0]),
        name=row[1],
        name_en=row[2],
        sector_id=row[3],
        state=PartnerState(row[4]),
        created_at=from_ms(row[5]),
        stage=PartnerStage.LIVE if row[6] is None else PartnerStage(row[6]),
        networks=tuple((row[7] or "").split()),
        redirects=tuple((row[8] or "").split()),
        per_minute=row[9],
        wants_factor=row[10] == _WANTED,
        quota=None if row[11] is None else Quota(row[11], OverQuota(row[12])),
        quota_until=from_ms_or_none(row[13]),
    )


@lru_cache(maxsize=4096)
@reads(api_keys)
def read_key(row: tuple[Any, ...]) -> ApiKey:
    """Return the key of a row."""
    return ApiKey(
        key_id=row[0],
        partner_id=PartnerId(row[1]),
        label=row[2],
        scopes=frozenset(Scope(scope) for scope in row[3].split()),
        created_at=from_ms(row[4]),
        expires_at=from_ms_or_none(row[5]),
        revoked_at=from_ms_or_none(row[6]),
        prefix=row[7] or "",
        used_at=from_ms_or_none(row[8]),
    )


@lru_cache(maxsize=4096)
@reads(scenes)
def read_scene(row: tuple[Any, ...]) -> Scene:
    """Return the scene of a row."""
    return Scene(
        scene=row[1],
        title=row[2],
        title_en=row[3],
        purpose=row[4],
        purpose_en=row[5],
        floor=Assurance(row[6]),
        claims=frozenset(Claim(claim) for claim in row[7].split()),
        freshness=None if row[8] is None else Freshness(row[8], WhenOld(row[9])),
        application_id=row[10],
    )


@reads(desks)
def read_desk(row: Row) -> Desk:
    """Return the desk of a row."""
    return Desk(desk=row[1], name=row[2], ended_at=from_ms_or_none(row[3]))


def reach_params(partner: Partner) -> dict[str, Any]:
    """Return what is stored of how far a partner reaches."""
    return {
        "networks": " ".join(partner.networks) or None,
        "redirects": " ".join(partner.redirects) or None,
        "per_minute": partner.per_minute,
    }


def scene_params(scene: Scene) -> dict[str, Any]:
    """Return what is stored of what a scene says."""
    return {
        "title": scene.title,
        "title_en": scene.title_en,
        "purpose": scene.purpose,
        "purpose_en": scene.purpose_en,
        "floor": scene.floor.value,
        "claims": " ".join(sorted(scene.claims)),
        **freshness_params(scene.freshness),
        "application_id": scene.application_id,
    }


def freshness_params(freshness: Freshness | None) -> dict[str, Any]:
    """Return what is stored of how old a confirmation may be."""
    if freshness is None:
        return {"fresh_days": None, "when_old": None}
    return {"fresh_days": freshness.days, "when_old": freshness.when_old.value}


def factor_word(*, is_wanted: bool) -> str | None:
    """Return what is stored of whether a partner wants an app of the staff of its desks."""
    return _WANTED if is_wanted else None


def quota_params(partner: Partner) -> dict[str, Any]:
    """Return what is stored of a partner's quota."""
    quota = partner.quota
    return {
        "monthly_quota": None if quota is None else quota.amount,
        "over_quota": None if quota is None else quota.over.value,
        "quota_until": to_ms_or_none(partner.quota_until),
    }

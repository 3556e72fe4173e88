"""Partners, scenes, desks and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, or_, select, update
from typing_extensions import override

from eztong.adapters.storage.sql.milliseconds import to_ms, to_ms_or_none
from eztong.adapters.storage.sql.partner_rows import (
    factor_word,
    freshness_params,
    quota_params,
    reach_params,
    read_desk,
    read_key,
    read_partner,
    read_scene,
    scene_params,
)
from eztong.adapters.storage.sql.readable import as_bytes, listed
from eztong.adapters.storage.sql.statements import Database, Statement, insert_into, select_where, update_where
from eztong.adapters.storage.sql.tables.partners.partners import api_keys, desks, partners, scenes
from eztong.domain.damage import Listed
from eztong.domain.desks.desk import Desk
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import Freshness
from eztong.domain.partners.partner import (
    USE_NOTED_EVERY,
    ApiKey,
    Partner,
    PartnerState,
    Scene,
)
from eztong.ports.storage.partners.partners import PartnerRepository, RememberedKey

_INSERT = insert_into(partners)
_GET = select_where(partners, "partner_id")
_LIST = Statement(select(*as_bytes(partners.columns)).order_by(partners.c.partner_id))
_SET_STATE = update_where(partners, keys=["partner_id"], columns=["state"])
_MOVE = Statement(
    update(partners)
    .where(partners.c.partner_id == bindparam("of_partner"), partners.c.state == bindparam("expected"))
    .values(state=bindparam("to_state"), stage=bindparam("to_stage"))
)
_CHANGEABLE = ("name", "name_en", "sector_id", "networks", "redirects", "per_minute")
_UPDATE = update_where(partners, keys=["partner_id"], columns=_CHANGEABLE)
_SET_QUOTA = update_where(partners, keys=["partner_id"], columns=["monthly_quota", "over_quota", "quota_until"])
_SET_FACTOR = update_where(partners, keys=["partner_id"], columns=["staff_factor"])
_INSERT_SCENE = insert_into(scenes)
_SET_FRESHNESS = update_where(scenes, keys=["partner_id", "scene"], columns=["fresh_days", "when_old"])
_SCENE_SAYS = (
    "title",
    "title_en",
    "purpose",
    "purpose_en",
    "floor",
    "claims",
    "fresh_days",
    "when_old",
    "application_id",
)
_UPDATE_SCENE = update_where(scenes, keys=["partner_id", "scene"], columns=_SCENE_SAYS)
_SCENE = select_where(scenes, "partner_id", "scene")
_SCENES = Statement(
    select(*as_bytes(scenes.columns)).where(scenes.c.partner_id == bindparam("partner_id")).order_by(scenes.c.scene)
)
_INSERT_DESK = insert_into(desks)
_DESK = select_where(desks, "partner_id", "desk")
_DESKS = Statement(select(desks).where(desks.c.partner_id == bindparam("partner_id")).order_by(desks.c.desk))
_SET_DESK = update_where(desks, keys=["partner_id", "desk"], columns=["ended_at"])
_INSERT_KEY = insert_into(api_keys)
_KEY_COLUMNS = [c for c in api_keys.columns if c.name != "key_hash"]
_KEY_WITH_PARTNER = Statement(
    select(*partners.columns, *_KEY_COLUMNS)
    .select_from(api_keys)
    .join(partners, partners.c.partner_id == api_keys.c.partner_id)
    .where(api_keys.c.key_hash == bindparam("key_hash"))
)
_KEYS = Statement(
    select(*_KEY_COLUMNS).where(api_keys.c.partner_id == bindparam("partner_id")).order_by(api_keys.c.created_at)
)
_END_KEY = Statement(
    update(api_keys)
    .where(
        api_keys.c.partner_id == bindparam("of_partner"),
        api_keys.c.key_id == bindparam("of_key"),
        api_keys.c.revoked_at.is_(None),
        or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > bindparam("at_time")),
    )
    .values(expires_at=bindparam("at_time"))
)
_REVOKE = Statement(
    update(api_keys)
    .where(
        api_keys.c.partner_id == bindparam("of_partner"),
        api_keys.c.key_id == bindparam("of_key"),
        api_keys.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("now"))
)
_REVOKE_ALL = Statement(
    update(api_keys)
    .where(api_keys.c.partner_id == bindparam("of_partner"), api_keys.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
)
_NOTE_USE = Statement(
    update(api_keys)
    .where(
        api_keys.c.partner_id == bindparam("of_partner"),
        api_keys.c.key_id == bindparam("of_key"),
        or_(api_keys.c.used_at.is_(None), api_keys.c.used_at <= bindparam("before_at")),
    )
    .values(used_at=bindparam("now_at"))
)
_PARTNER_WIDTH = len(partners.columns)
_MOST_REMEMBERED = 10_000


class SqlPartners(PartnerRepository):
    """Partners over SQL. The writing connection keeps what it read until something may have changed it.

    Partners, scenes, desks and keys are read with every verification and change hardly ever. What is remembered is
    dropped at once by a change through this connection, and by :meth:`forget` when the round's start shows that
    another process has committed; each time the version rises. A reading connection remembers nothing.
    """

    version = 0

    def __init__(self, database: Database) -> None:
        self._db = database
        self._remembers = False
        self._memory: dict[tuple[str, ...] | bytes, Any] = {}

    def remembered_key(self, key_hash: bytes) -> RememberedKey | None:
        """Return a key that was read and not forgotten. Safe from any thread."""
        version = self.version
        found = self._memory.get(key_hash)
        return None if found is None else RememberedKey(found[0], found[1], version)

    def forget(self) -> None:
        """Read everything afresh from now on."""
        # In this order: whoever still finds something in the memory has the version of before.
        self.version += 1
        self._memory.clear()

    def start_round(self) -> None:
        """Remember again what is read: everything written before is committed or gone."""
        self._remembers = True

    @override
    def add(self, partner: Partner) -> None:
        self._change(
            _INSERT,
            {
                "partner_id": partner.partner_id,
                "name": partner.name,
                "name_en": partner.name_en,
                "sector_id": partner.sector_id,
                "state": partner.state.value,
                "created_at": to_ms(partner.created_at),
                "stage": partner.stage.value,
                **reach_params(partner),
                **quota_params(partner),
                "staff_factor": factor_word(is_wanted=partner.wants_factor),
            },
        )

    @override
    def get(self, partner_id: PartnerId) -> Partner | None:
        return cast("Partner | None", self._recall(("partner", partner_id), self._read_partner, partner_id))

    @override
    def list(self) -> Listed[Partner]:
        return listed(lambda row: read_partner(tuple(row)), partners, self._db.all(_LIST, {}))

    @override
    def set_state(self, partner_id: PartnerId, state: PartnerState) -> None:
        self._change(_SET_STATE, {"partner_id": partner_id, "set_state": state.value})

    @override
    def move(self, partner: Partner, *, expected: PartnerState) -> bool:
        params = {
            "of_partner": partner.partner_id,
            "expected": expected.value,
            "to_state": partner.state.value,
            "to_stage": partner.stage.value,
        }
        return self._change(_MOVE, params) == 1

    @override
    def update(self, partner: Partner) -> None:
        texts = {"name": partner.name, "name_en": partner.name_en, "sector_id": partner.sector_id}
        changes = {f"set_{name}": value for name, value in (texts | reach_params(partner)).items()}
        self._change(_UPDATE, {"partner_id": partner.partner_id, **changes})

    @override
    def set_factor(self, partner_id: PartnerId, *, is_wanted: bool) -> None:
        self._change(_SET_FACTOR, {"partner_id": partner_id, "set_staff_factor": factor_word(is_wanted=is_wanted)})

    @override
    def set_quota(self, partner: Partner) -> None:
        changes = {f"set_{name}": value for name, value in quota_params(partner).items()}
        self._change(_SET_QUOTA, {"partner_id": partner.partner_id, **changes})

    @override
    def add_scene(self, partner_id: PartnerId, scene: Scene) -> None:
        self._change(_INSERT_SCENE, {"partner_id": partner_id, "scene": scene.scene, **scene_params(scene)})

    @override
    def update_scene(self, partner_id: PartnerId, scene: Scene) -> None:
        changes = {f"set_{name}": value for name, value in scene_params(scene).items()}
        self._change(_UPDATE_SCENE, {"partner_id": partner_id, "scene": scene.scene, **changes})

    @override
    def set_freshness(self, partner_id: PartnerId, scene: str, freshness: Freshness) -> None:
        changes = {f"set_{name}": value for name, value in freshness_params(freshness).items()}
        self._change(_SET_FRESHNESS, {"partner_id": partner_id, "scene": scene, **changes})

    @override
    def scene(self, partner_id: PartnerId, scene: str) -> Scene | None:
        key = ("scene", partner_id, scene)
        known: Scene | None = self._memory.get(key)
        return known or cast("Scene | None", self._recall(key, self._read_scene, partner_id, scene))

    @override
    def scenes(self, partner_id: PartnerId) -> Listed[Scene]:
        return listed(lambda row: read_scene(tuple(row)), scenes, self._db.all(_SCENES, {"partner_id": partner_id}))

    @override
    def add_desk(self, partner_id: PartnerId, desk: str, name: str) -> None:
        self._change(_INSERT_DESK, {"partner_id": partner_id, "desk": desk, "name": name, "ended_at": None})

    @override
    def has_desk(self, partner_id: PartnerId, desk: str) -> bool:
        key = ("desk", partner_id, desk)
        return key in self._memory or cast("bool", self._recall(key, self._read_desk, partner_id, desk))

    @override
    def desks(self, partner_id: PartnerId) -> Sequence[tuple[str, str]]:
        return [(one.desk, one.name) for one in self.all_desks(partner_id)]

    @override
    def all_desks(self, partner_id: PartnerId) -> Sequence[Desk]:
        return [read_desk(row) for row in self._db.all(_DESKS, {"partner_id": partner_id})]

    @override
    def set_desk(self, partner_id: PartnerId, desk: Desk) -> None:
        ended = to_ms_or_none(desk.ended_at)
        self._change(_SET_DESK, {"partner_id": partner_id, "desk": desk.desk, "set_ended_at": ended})

    @override
    def add_key(self, key: ApiKey, *, key_hash: bytes) -> None:
        self._change(
            _INSERT_KEY,
            {
                "key_hash": key_hash,
                "key_id": key.key_id,
                "partner_id": key.partner_id,
                "label": key.label,
                "scopes": " ".join(sorted(key.scopes)),
                "created_at": to_ms(key.created_at),
                "expires_at": to_ms_or_none(key.expires_at),
                "revoked_at": to_ms_or_none(key.revoked_at),
                "prefix": key.prefix or None,
                "used_at": to_ms_or_none(key.used_at),
            },
        )

    @override
    def key_with_partner(self, key_hash: bytes) -> tuple[Partner, ApiKey] | None:
        return cast("tuple[Partner, ApiKey] | None", self._recall(key_hash, self._read_key, key_hash))

    @override
    def keys(self, partner_id: PartnerId) -> Sequence[ApiKey]:
        return [read_key(tuple(row)) for row in self._db.all(_KEYS, {"partner_id": partner_id})]

    @override
    def end_key(self, partner_id: PartnerId, key_id: str, *, at: datetime) -> bool:
        return self._change(_END_KEY, {"of_partner": partner_id, "of_key": key_id, "at_time": to_ms(at)}) == 1

    @override
    def revoke_key(self, partner_id: PartnerId, key_id: str, *, now: datetime) -> bool:
        params = {"of_partner": partner_id, "of_key": key_id, "now": to_ms(now)}
        return self._change(_REVOKE, params) == 1

    @override
    def revoke_keys(self, partner_id: PartnerId, *, now: datetime) -> int:
        return self._change(_REVOKE_ALL, {"of_partner": partner_id, "now": to_ms(now)})

    @override
    def note_key_used(self, partner_id: PartnerId, key_id: str, *, now: datetime) -> bool:
        since = to_ms(now - USE_NOTED_EVERY)
        params = {"of_partner": partner_id, "of_key": key_id, "before_at": since, "now_at": to_ms(now)}
        return self._change(_NOTE_USE, params) == 1

    def _change(self, statement: Statement, params: dict[str, Any]) -> int:
        # Until this is committed or undone, what is read may be either; so nothing is remembered in this round.
        self.forget()
        self._remembers = False
        return self._db.run(statement, params)

    def _recall(self, key: tuple[str, ...] | bytes, read: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ANN401 - as read
        if key in self._memory:
            return self._memory[key]
        found = read(*arguments)
        if self._remembers and found and len(self._memory) < _MOST_REMEMBERED:
            self._memory[key] = found
        return found

    def _read_partner(self, partner_id: PartnerId) -> Partner | None:
        row = self._db.one(_GET, {"partner_id": partner_id})
        return None if row is None else read_partner(tuple(row))

    def _read_scene(self, partner_id: PartnerId, scene: str) -> Scene | None:
        row = self._db.one(_SCENE, {"partner_id": partner_id, "scene": scene})
        return None if row is None else read_scene(tuple(row))

    def _read_desk(self, partner_id: PartnerId, desk: str) -> bool:
        row = self._db.one(_DESK, {"partner_id": partner_id, "desk": desk})
        return row is not None and row[3] is None

    def _read_key(self, key_hash: bytes) -> tuple[Partner, ApiKey] | None:
        row = self._db.one(_KEY_WITH_PARTNER, {"key_hash": key_hash})
        return (
            None if row is None else (read_partner(tuple(row[:_PARTNER_WIDTH])), read_key(tuple(row[_PARTNER_WIDTH:])))
        )

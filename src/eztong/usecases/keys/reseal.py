"""Seal again whatever is sealed under a key of before, in small steps beside the running service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from eztong.domain.damage import StoredDamaged
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.holder import WrappedKey
from eztong.domain.keys.reseal import (
    BATCH,
    RESEAL_SETTING,
    KeyStillUsed,
    Reseal,
    ResealRunning,
    parse_reseal,
    render_reseal,
)
from eztong.domain.keys.rotation import KeyState
from eztong.domain.sealing import NONCE_BYTES
from eztong.gm.errors import GmError
from eztong.ports.act import SYSTEM, Act
from eztong.ports.keys import Keys, SealPurpose
from eztong.ports.services import Services
from eztong.ports.storage.keys.sealed_values import SealedValue
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.keys.ceremony import Ceremony, note_ceremony
from eztong.usecases.naming import new_id


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A value as it stands after a step; ``key_id`` is empty for one that does not open."""

    key_id: str
    sealed: bytes = b""


def find_reseal(*, stored: Repositories) -> Reseal | None:
    """Return the last re-seal, done or not; None if there was none."""
    text = stored.settings.get(RESEAL_SETTING)
    return None if text is None else parse_reseal(text)


def begin_reseal(act: Act, ceremony: Ceremony) -> Reseal:
    """Begin to seal again under the newest keys; :func:`reseal_step` does it.

    Raises:
        ResealRunning: one is under way.
    """
    running = find_reseal(stored=act.uow)
    if running is not None and not running.is_done:
        raise ResealRunning
    begun = Reseal(
        reseal_id=new_id(act, "rsl"), by=act.by.name, started_at=act.now, part=act.uow.sealed_values.parts()[0]
    )
    act.uow.settings.set(RESEAL_SETTING, render_reseal(begun))
    note_ceremony(act, ceremony, ActKind.KEYS_RESEALING, facts={"reseal": begun.reseal_id})
    return begun


def old_values(counts: Mapping[str, int], *, keys: Keys) -> Mapping[str, int]:
    """Return those of the counts by key that stand under keys of before."""
    active = set(_active(keys).values())
    return {key: count for key, count in sorted(counts.items()) if key not in active}


def measure_reseal(services: Services) -> None:
    """Note how much there is to do, once for each re-seal. The count reads every value, beside whoever writes."""
    with services.store.read() as stored:
        at = find_reseal(stored=stored)
        if at is None or at.is_done or at.total is not None:
            return
        counts = stored.sealed_values.count_by_key()
    # What was moved before somebody measured was among the old ones.
    old = sum(old_values(counts, keys=services.keys).values()) + at.moved
    services.perform(SYSTEM, _note_measure, at.reseal_id, total=sum(counts.values()), old=old)


def _note_measure(act: Act, reseal_id: str, *, total: int, old: int) -> None:
    at = find_reseal(stored=act.uow)
    if at is not None and at.reseal_id == reseal_id and at.total is None:
        act.uow.settings.set(RESEAL_SETTING, render_reseal(replace(at, total=total, old=old)))


def reseal_step(act: Act) -> Reseal | None:
    """Do the next few values, and return where it stands then; None if nothing is to do.

    1. The next values behind the last one are read. Each that a key of before sealed is opened and sealed anew, and
       takes the place of the one that was read if that stands there still.
    2. Each value that is written was opened again. One that does not open stays and is counted.
    3. Where it stands is stored in the same unit of work; its end is attested.
    """
    at = find_reseal(stored=act.uow)
    if at is None or at.is_done:
        return None
    parts = act.uow.sealed_values.parts()
    part = at.part_in(parts)
    try:
        values = act.uow.sealed_values.batch(part, after=at.after, limit=BATCH)
    except StoredDamaged:
        # What is behind it is found by the count at the end; the check of the database names the row.
        stands = at.behind(at.after, moved=0, checked=0, left=1).next_part(parts, now=act.now)
    else:
        stands = _resealed(act, at, values)
        if len(values) < BATCH:
            stands = stands.next_part(parts, now=act.now)
    act.uow.settings.set(RESEAL_SETTING, render_reseal(stands))
    if stands.is_done:
        facts = {"reseal": at.reseal_id, "moved": str(stands.moved), "left": str(stands.left)}
        note_ceremony(act, Ceremony(), ActKind.KEYS_RESEALED, facts=facts)
    return stands


def check_unused(key_id: str, *, stored: Repositories) -> None:
    """Refuse to retire a key under which something is sealed.

    Raises:
        KeyStillUsed: saying how much.
    """
    used = stored.sealed_values.count_by_key().get(key_id, 0)
    if used:
        raise KeyStillUsed(f"{used} values are sealed under {key_id}. {KeyStillUsed.advice}")


def _resealed(act: Act, at: Reseal, values: Sequence[SealedValue]) -> Reseal:
    active = _active(act.keys)
    moved = checked = left = 0
    for value in values:
        made = _sealed_anew(act, value)
        if not made.key_id:
            left += 1
        elif value.key_id == active[value.purpose.value]:
            checked += 1
        else:
            moved += act.uow.sealed_values.replace(value, key_id=made.key_id, sealed=made.sealed)
    return at.behind(values[-1].row if values else at.after, moved=moved, checked=checked, left=left)


def _active(keys: Keys) -> Mapping[str, str]:
    return {key.purpose: key.key_id for key in keys.describe() if key.state is KeyState.ACTIVE}


def _sealed_anew(act: Act, value: SealedValue) -> _Sealed:
    """Open a value and seal it under the newest key; what was sealed is opened once more."""
    nonce = act.entropy.token(NONCE_BYTES)
    try:
        if value.purpose is SealPurpose.DATA_KEYS:
            owner, before = value.place[0], WrappedKey(kek_id=value.key_id, wrapped=value.sealed)
            data_key = act.keys.unwrap(before, owner=owner)
            wrapped = act.keys.wrap(data_key, nonce=nonce, owner=owner)
            return _Sealed(wrapped.kek_id if act.keys.unwrap(wrapped, owner=owner) == data_key else "", wrapped.wrapped)
        place = (value.place[0], value.place[1], value.place[2])
        return _service_sealed(act.keys, value, nonce=nonce, place=place)
    except GmError:
        return _Sealed("")


def _service_sealed(keys: Keys, value: SealedValue, *, nonce: bytes, place: tuple[str, str, str]) -> _Sealed:
    plain = keys.open(value.sealed, place=place)
    sealed = keys.seal(plain, nonce=nonce, place=place)
    return _Sealed(value.purpose.value if keys.open(sealed, place=place) == plain else "", sealed)

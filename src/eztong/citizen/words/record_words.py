"""Records in the words of the page: partner, place, occasion, time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from eztong.citizen.browser.agent import UNKNOWN_KIND
from eztong.citizen.visit import Visit
from eztong.citizen.words.told_words import told_words
from eztong.domain.damage import StoredDamaged
from eztong.domain.grants import Grant
from eztong.domain.identifiers import DeviceId, HolderId, PartnerId, VerificationId
from eztong.domain.partners.partner import Partner, Scene
from eztong.i18n.moments import moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.records.list_records import Record, device_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record as a person reads it."""

    record: Record
    at: str
    partner: str
    place: str
    scene: str
    device: str
    reason: str
    told: tuple[str, ...]


class RecordWords:
    """Puts one account's records into words; looks every name up once."""

    def __init__(self, visit: Visit, holder_id: HolderId, *, stored: Repositories) -> None:
        self._visit = visit
        self._holder_id = holder_id
        self._stored = stored
        self._devices = {device.device_id: device.label for device in stored.devices.list(holder_id)}
        self.partner = cache(self._partner)
        self._desks = cache(self._read_desks)
        self.scene = cache(self._scene)

    def row(self, record: Record, *, answers: bool = True) -> RecordRow:
        """Return the record in words; ``answers`` reads what was told out of its signed result."""
        device = device_of(record, holder_id=self._holder_id, stored=self._stored)
        return RecordRow(
            record=record,
            at=moment_words(record.at, now=self._visit.now, words=self._visit.words),
            partner=self.partner(record.partner_id),
            place=self.desk(record.partner_id, record.desk) if record.desk else "",
            scene=self.scene(record.partner_id, record.scene),
            device=self._device(device),
            reason=self._reason(record),
            told=self._told(record) if answers else (),
        )

    def _device(self, device_id: DeviceId | None) -> str:
        """Return what the device calls itself; a browser that does not say its kind is called one."""
        label = self._devices.get(device_id, "") if device_id else ""
        return self._visit.words.text("devices.browser") if label == UNKNOWN_KIND else label

    def desk(self, partner_id: str, desk_id: str) -> str:
        """Return what the partner calls a desk; one that is there no more by its id."""
        return self._desks(PartnerId(partner_id)).get(desk_id, desk_id)

    def _told(self, record: Record) -> tuple[str, ...]:
        found = None
        if record.told:
            found = self._stored.verifications.one_of_holder(self._holder_id, VerificationId(record.record_id))
        if found is None:
            return ()
        return tuple(told_words(self._visit, found, self._holder_id, stored=self._stored))

    def _reason(self, record: Record) -> str:
        words, key = self._visit.words, f"why.{record.reason}"
        return words.text(key) if record.reason and words.has(key) else ""

    def purpose(self, grant: Grant) -> str:
        """Return what a grant is for, as it was agreed to: kept in Chinese."""
        # Where the scene still says the same, its English may stand for it.
        scene = self._read_scene(grant.partner_id, grant.scene)
        if self._visit.words.language == "en" and scene is not None and scene.purpose == grant.purpose:
            return scene.purpose_en
        return grant.purpose

    def _partner(self, partner_id: PartnerId) -> str:
        partner = _readable(lambda: self._stored.partners.get(partner_id))
        return partner_id if partner is None else name_of(partner, self._visit)

    def _scene(self, partner_id: PartnerId, name: str) -> str:
        scene = self._read_scene(partner_id, name)
        if scene is None:
            return name
        return scene.title_en if self._visit.words.language == "en" else scene.title

    def _read_scene(self, partner_id: PartnerId, name: str) -> Scene | None:
        return _readable(lambda: self._stored.partners.scene(partner_id, name))

    def _read_desks(self, partner_id: PartnerId) -> Mapping[str, str]:
        return dict(_readable(lambda: self._stored.partners.desks(partner_id)) or ())


def _readable(read: Callable[[], T]) -> T | None:
    """Return what is read, or None where it is damaged: a name that is gone keeps nobody from the own records."""
    try:
        return read()
    except StoredDamaged:
        return None


def name_of(partner: Partner, visit: Visit) -> str:
    """Return the partner's name in the page's language."""
    return partner.name_en if visit.words.language == "en" else partner.name

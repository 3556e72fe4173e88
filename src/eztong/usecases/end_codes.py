"""End what an account shows: its own codes, and those that it shows for a child as its guardian (clauses 2.9, 2.11)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from eztong.domain.codes.presentation_code import CodeState
from eztong.domain.guardianship.guardianship import Guardianship, GuardianshipState
from eztong.domain.guardianship.ward import is_kept_by_guardian
from eztong.domain.identifiers import DeviceId, HolderId
from eztong.ports.act import Act
from eztong.usecases.apart import CODES, Unread, read_apart


def end_codes(act: Act, holder_id: HolderId, *, of_device: DeviceId | None = None) -> int:
    """Cancel every code that is out, or those on one device; return how many were the account's own.

    Whatever stops an account stops what it shows for others: a code of a child lies on the guardian's device. Nothing
    but this cancels codes. A ward whose account cannot be read shows none either. Digits that hand an account over end
    with what stops either side of it.
    """
    act.uow.apart(CODES, lambda: _end_of_wards(act, holder_id, of_device))
    if of_device is None:
        # Unread, so that what is wrong with one keeps no other alive.
        act.uow.apart(CODES, lambda: act.uow.guardianships.end_offers(holder_id))
    return act.uow.codes.end_outstanding(holder_id, of_device, CodeState.CANCELLED, act.now)


def _end_of_wards(act: Act, guardian_id: HolderId, device: DeviceId | None) -> None:
    for ward_id in kept_or_unread(act, guardian_id):
        act.uow.codes.end_outstanding(ward_id, device, CodeState.CANCELLED, act.now)


def kept_or_unread(act: Act, guardian_id: HolderId) -> Iterator[HolderId]:
    """Name the wards of whom a guardian's stop takes something away: those kept by it, and any that cannot be read."""
    for guardianship_id in act.uow.guardianships.ids_of_guardian(guardian_id):
        one = read_apart(act, CODES, partial(act.uow.guardianships.get, guardianship_id))
        if isinstance(one, Guardianship) and one.state is GuardianshipState.ACTIVE:
            ward = read_apart(act, CODES, partial(act.uow.holders.get, one.ward_id))
            if isinstance(ward, Unread) or (ward is not None and is_kept_by_guardian(ward)):
                yield one.ward_id

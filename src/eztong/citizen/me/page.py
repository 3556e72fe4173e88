"""Me: what the service knows of its holder, masked until asked for, with source and date; and the way to the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.journey import has_bound_device, next_path
from eztong.citizen.visit import Visit
from eztong.domain.access.device import Device
from eztong.domain.errors import AgreementNotAccepted
from eztong.domain.events import EventKind
from eztong.domain.holder import FreezeCause, Holder, HolderState
from eztong.domain.identity.masking import mask_name, mask_number, mask_phone
from eztong.domain.recovery import Proof
from eztong.domain.standing import is_usable
from eztong.i18n.moments import date_words
from eztong.ports.storage.holders import HolderEvent
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import require_device
from eztong.usecases.agreements.check_consent import awaits_acceptance, check_consent
from eztong.usecases.own_data.reveal_identity import OwnIdentity, open_identity, reveal_identity
from eztong.usecases.restrictions.recheck_identity import is_paused, may_check
from eztong.usecases.told_loss import lost_since

SHOWN_SECONDS: Final = 30
"""How long the values in full stay on the screen."""

UNREAD_SHOWN: Final = 99
"""More unread notices than these are not counted out."""

_CONFIRMED: Final = frozenset(
    {
        EventKind.REGISTRATION_APPROVE,
        EventKind.REGISTRATION_APPROVE_RESTRICTED,
        EventKind.PHONE_CHANGE_WAITING,
        EventKind.NAME_CORRECTED,
    }
)
_TONES: Final = {
    "restricted": "warning",
    HolderState.FROZEN.value: "warning",
    HolderState.TERMINATED.value: "danger",
    HolderState.DEREGISTERING.value: "info",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityRow:
    """One thing that is known: ``value`` is in full on a page that reveals, else it is the mask."""

    name: str
    value: str
    mask: str
    source: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBanner:
    """What is true of an account that is not simply active, and what to do; ``key`` leads to the words."""

    key: str
    tone: str
    may_recover: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the page is made of."""

    holder: Holder
    is_bound: bool
    confirmed_at: datetime
    phone_at: datetime
    awaits_acceptance: bool
    """A newer version of the agreements is in its grace: nothing stops yet."""

    lacks_consent: bool
    """The agreements in force are not accepted, or withdrawn: nothing passes, whatever the state."""

    is_paused: bool
    may_freeze: bool
    """Also while it is frozen: whoever made a pause can still tell a loss."""
    unread: int
    """Notices that were not read; of a browser that may not read them, none."""


def show(visit: Visit) -> Response:
    """Show the page, masked; whoever has no account yet is sent to the step that is due.

    Raises:
        SessionMissing, DeviceNotBound: this browser may not see it.
    """
    with visit.services.store.read() as stored:
        signed_in = visit.signed_in(stored)
        if not signed_in.holder.has_account:
            return visit.redirect(next_path(signed_in, stored=stored))
        # An account that was stopped may have lost its device; what is true of it is said all the same.
        if is_usable(signed_in.holder):
            require_device(signed_in, stored=stored)
        known = _known(signed_in.holder, stored=stored, is_bound=has_bound_device(signed_in, stored=stored))
    return _page(visit, known)


def reveal(visit: Visit) -> Response:
    """Show the values in full, on this answer only.

    Raises:
        Locked: unlock first; the masked page is shown after it.
    """
    services = visit.services
    identity = visit.act(reveal_identity, visit.session_hash)
    with services.store.read() as stored:
        known = _known(visit.signed_in(stored).holder, stored=stored, is_bound=True)
    response = _page(visit, known, identity)
    response.headers["Cache-Control"] = "no-store"
    return response


def _known(holder: Holder, *, stored: Repositories, is_bound: bool) -> _Known:
    events = stored.holders.events(holder.holder_id)
    return _Known(
        holder=holder,
        is_bound=is_bound,
        lacks_consent=_lacks_consent(holder, stored=stored),
        awaits_acceptance=awaits_acceptance(holder.holder_id, stored=stored),
        confirmed_at=_confirmed_at(holder, events),
        phone_at=_phone_at(holder, stored.devices.list(holder.holder_id), events),
        is_paused=is_paused(holder.holder_id, stored=stored),
        may_freeze=lost_since(holder, stored=stored) is None,
        unread=stored.notices.unread(holder.holder_id, at_most=UNREAD_SHOWN + 1) if is_bound else 0,
    )


def _lacks_consent(holder: Holder, *, stored: Repositories) -> bool:
    try:
        check_consent(holder.holder_id, stored=stored)
    except AgreementNotAccepted:
        return True
    return False


def _confirmed_at(holder: Holder, events: Sequence[HolderEvent]) -> datetime:
    return next((event.at for event in events if _confirms(event)), holder.created_at)


def _confirms(event: HolderEvent) -> bool:
    """Say whether the authority had just confirmed the person; a recovery with PIN or passkey asks it nothing."""
    by_authority = event.kind is EventKind.RECOVERY_STARTED and event.fact("how") == Proof.AUTHORITY
    return by_authority or event.kind in _CONFIRMED


def _phone_at(holder: Holder, devices: Sequence[Device], events: Sequence[HolderEvent]) -> datetime:
    # A change that was undone leaves the number, and so the day, of before.
    is_undone = False
    for event in events:
        if event.kind is EventKind.PHONE_CHANGED and not is_undone:
            return event.at
        if event.kind in {EventKind.PHONE_CHANGED, EventKind.PHONE_CHANGE_UNDONE}:
            is_undone = event.kind is EventKind.PHONE_CHANGE_UNDONE
    # Else the first binding is when its holder proved it.
    return min((device.bound_at for device in devices if device.bound_at is not None), default=holder.created_at)


def _page(visit: Visit, known: _Known, revealed: OwnIdentity | None = None) -> Response:
    return visit.form_page(
        "me/page.html",
        tab="me",
        banner=_banner(known.holder, lacks_consent=known.lacks_consent, awaits=known.awaits_acceptance),
        rows=_rows(visit, known, revealed) if known.is_bound else (),
        revealed=revealed is not None,
        shown_seconds=SHOWN_SECONDS,
        state=known.holder.standing,
        may_unlock=is_usable(known.holder),
        may_freeze=known.may_freeze,
        paused=known.is_paused,
        may_check=may_check(known.holder) and known.is_bound,
        unread=f"{UNREAD_SHOWN}+" if known.unread > UNREAD_SHOWN else known.unread,
        since=date_words(known.holder.created_at, words=visit.words),
    )


def _rows(visit: Visit, known: _Known, revealed: OwnIdentity | None) -> tuple[IdentityRow, ...]:
    own = open_identity(known.holder, keys=visit.services.keys) if revealed is None else revealed
    confirmed, given = date_words(known.confirmed_at, words=visit.words), date_words(known.phone_at, words=visit.words)
    found = (
        ("name", own.name, mask_name(own.name), "authority", confirmed),
        ("number", own.number, mask_number(own.number), "authority", confirmed),
        ("phone", own.phone, mask_phone(own.phone), "given", given),
    )
    return tuple(
        IdentityRow(name=name, value=mask if revealed is None else value, mask=mask, source=source, at=at)
        for name, value, mask, source, at in found
        if value
    )


def _banner(holder: Holder, *, lacks_consent: bool, awaits: bool) -> StateBanner | None:
    if lacks_consent and is_usable(holder):
        return StateBanner(key="no_consent", tone="warning", may_recover=False)
    if awaits and is_usable(holder):
        return StateBanner(key="new_version", tone="info", may_recover=False)
    tone = _TONES.get(holder.standing)
    if tone is None:
        return None
    is_own = holder.freeze_cause is FreezeCause.SELF
    key = holder.standing
    if holder.state is HolderState.FROZEN and not is_own:
        key = "frozen_by_guardian" if holder.freeze_cause is FreezeCause.GUARDIAN else "frozen_by_operator"
    return StateBanner(key=key, tone=tone, may_recover=holder.state is HolderState.FROZEN and is_own)

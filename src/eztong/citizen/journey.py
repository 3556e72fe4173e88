"""Where a person stands on the way from the documents to the code, and which page is next."""

from __future__ import annotations

from eztong.citizen.visit import Visit
from eztong.domain.access.device import DeviceState
from eztong.domain.errors import SessionMissing
from eztong.domain.holder import Holder, HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.registration import Reason
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import SignedIn

CODE = "/code"
FAMILY = "/me/family"
FROZEN = "/frozen"
IDENTITY = "/register/identity"
IDENTITY_CHECK = "/me/identity"
OTP = "/register/otp"
PHONE = "/register/phone"
RESULT = "/register/result"
TAKE_OVER = "/take-over"


def next_path(signed_in: SignedIn, *, stored: Repositories) -> str:
    """Return the page that the account's state asks for."""
    state = signed_in.holder.state
    # What is being ended has no code page; where it stands is said in words.
    if signed_in.holder.has_account and state is not HolderState.DEREGISTERING:
        return CODE
    if state is not HolderState.DRAFT:
        return RESULT
    return IDENTITY if has_bound_device(signed_in, stored=stored) else PHONE


def has_bound_device(signed_in: SignedIn, *, stored: Repositories) -> bool:
    """Say whether this browser's device is bound; a question for pages, not for permissions."""
    device_id = signed_in.session.device_id
    device = None if device_id is None else stored.devices.get(signed_in.holder.holder_id, device_id)
    return device is not None and device.state is DeviceState.BOUND


def may_apply_again(holder: Holder) -> bool:
    """Say whether a new application may be opened from this browser."""
    return holder.state in {HolderState.REFUSED, HolderState.DEREGISTERED} or was_erased(holder)


def was_erased(holder: Holder) -> bool:
    """Say whether nothing was kept of the application: a child's who applied alone, or one that nobody decided."""
    return holder.reason in {Reason.GUARDIAN_MUST_APPLY, Reason.WITHDRAWN, Reason.UNANSWERED}


def may_unlock(holder_id: HolderId, *, stored: Repositories) -> bool:
    """Say whether the account has a PIN or a passkey."""
    return stored.pins.get(holder_id) is not None or bool(stored.passkeys.list(holder_id))


def own_tab(visit: Visit) -> str | None:
    """Return the tab of a page that is open to all: whoever is signed in keeps the tabs."""
    return "me" if has_session(visit) else None


def has_session(visit: Visit) -> bool:
    """Say whether this browser is signed in on a device that is bound; a question for pages, not for permissions."""
    try:
        with visit.services.store.read() as stored:
            return has_bound_device(visit.signed_in(stored), stored=stored)
    except SessionMissing:
        return False

"""Withdraw the user authorisation agreement by itself (clause 3.6; PIPL art. 15 and 47)."""

from __future__ import annotations

from typing import Final

from eztong.domain.agreements import Acceptance, AgreementKind
from eztong.domain.events import EventKind
from eztong.domain.evidence.attested_act import ActKind, AttestedAct
from eztong.domain.holder import Holder
from eztong.domain.identifiers import HolderId
from eztong.domain.notices import Topic
from eztong.ports.act import Act
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.end_codes import end_codes
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.note_event import note_event
from eztong.usecases.notices.warn_holder import tell_holder

HANDED_OVER: Final = "handed_over"
"""Why an authorisation ended that its holder did not withdraw: the guardian gave it, and hands the account over."""
TAKEN_BACK: Final = "taken_back"
"""The same: whoever had taken the account over gave it, and the guardian had the account back."""


def live_authorisation(holder_id: HolderId, *, stored: Repositories) -> Acceptance | None:
    """Return the acceptance that can be withdrawn: the account's newest of the authorisation, if it stands."""
    newest = stored.agreements.newest_acceptance(holder_id, AgreementKind.AUTHORISATION)
    return None if newest is None or newest.withdrawn_at is not None else newest


def withdraw_authorisation(act: Act, session_hash: bytes) -> AttestedAct | None:
    """Withdraw the account's live authorisation; return the attested act, None if nothing was left to withdraw.

    1. As easy as giving it: the bound device may without an unlock, in whatever state the account is. Giving it again
       takes an unlock, so that whoever holds only a session undoes nothing.
    2. One conditional UPDATE marks the newest acceptance. From that commit on no door lets anything pass
       (:func:`~eztong.usecases.agreements.check_consent.check_consent`); codes that stand end, and grants.
    3. The service agreement, records and evidence of before stay as they are.
    4. The holder is told by message: it may have been somebody else with the phone.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this session may not.
    """
    return end_authorisation(act, find_bound(session_hash, stored=act.uow, now=act.now).holder)


def end_authorisation(act: Act, holder: Holder, *, why: str = "") -> AttestedAct | None:
    """Withdraw an account's live authorisation, whoever acts for it; None if nothing was left to withdraw.

    ``why`` stands in the account's history where nobody withdrew it: one word of this module.
    """
    newest = live_authorisation(holder.holder_id, stored=act.uow)
    if newest is None or not act.uow.agreements.withdraw(holder.holder_id, newest.acceptance_id, now=act.now):
        return None
    codes = end_codes(act, holder.holder_id)
    grants = act.uow.grants.end_all(holder.holder_id, now=act.now)
    done = WhatWasDone(
        kind=ActKind.AUTHORISATION_WITHDRAWN,
        subject=newest.acceptance_id,
        facts={"agreement": newest.kind.value, "version": newest.version, "text_hash": newest.text_hash},
        holder_id=holder.holder_id,
    )
    attested = attest_act(act, done)
    because = f" why={why}" if why else ""
    detail = f"acceptance={newest.acceptance_id} codes_cancelled={codes} grants_ended={grants}{because}"
    note_event(act, holder.holder_id, EventKind.AUTHORISATION_WITHDRAWN, detail=detail)
    tell_holder(act, holder, Topic.AUTHORISATION_WITHDRAWN, {})
    return attested

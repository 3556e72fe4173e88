"""Look whether a request can be answered by this holder at all, before a page asks for anything."""

from __future__ import annotations

from datetime import datetime

from eztong.domain.holder import Holder
from eztong.domain.partners.partner import Partner, PartnerState, Scene
from eztong.domain.requests.request import AskerNotApproved, Request, RequestExpired, RequestState
from eztong.domain.standing import check_may_be_verified
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.agreements.check_consent import check_allowed


def check_still_asked(request: Request, partner: Partner, *, now: datetime) -> None:
    """Refuse a request that nobody can answer any more.

    Raises:
        RequestExpired: its time is over.
        RequestFinished: it has its answer.
        AskerNotApproved: the partner gets no answers now.
    """
    if request.as_of(now).state is RequestState.TIMEOUT:
        raise RequestExpired
    request.check_open(now=now)
    if partner.state is not PartnerState.APPROVED:
        raise AskerNotApproved


def check_answerable(request: Request, scene: Scene, holder: Holder, *, stored: Repositories) -> None:
    """Refuse a holder whose approval could not pass: the reason is for the holder alone, who may still decline.

    1. The account may be used, and carries the assurance of the scene.
    2. The agreements in force are accepted.
    3. The partner is not switched off.

    Raises:
        HolderNotUsable: the subclass says which state.
        AgreementNotAccepted: a document in force is not accepted.
        PartnerSwitchedOff: by this holder.
    """
    check_may_be_verified(holder, floor=scene.floor)
    check_allowed(holder.holder_id, request.partner_id, stored=stored)

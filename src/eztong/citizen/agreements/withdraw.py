"""Withdraw the user authorisation agreement: what it stops, and one press (clause 3.6)."""

from __future__ import annotations

from starlette.responses import Response

from eztong.citizen.agreements.signed import SIGNED, title_of
from eztong.citizen.visit import Visit
from eztong.usecases.access.find_session import find_bound
from eztong.usecases.agreements.withdraw_authorisation import live_authorisation, withdraw_authorisation


def ask(visit: Visit) -> Response:
    """Say what ends and what stays; whoever has nothing to withdraw is led back.

    Raises:
        SessionMissing, HolderNotActive, DeviceNotBound: this browser may not.
    """
    with visit.services.store.read() as stored:
        holder = find_bound(visit.session_hash, stored=stored, now=visit.now).holder
        standing = live_authorisation(holder.holder_id, stored=stored)
        title = "" if standing is None else title_of(standing, visit, stored=stored)
    if standing is None:
        return visit.redirect(SIGNED)
    return visit.form_page("agreements/withdraw.html", title=title, tab="me")


def withdraw(visit: Visit) -> Response:
    """Withdraw; twice is the same as once."""
    visit.act(withdraw_authorisation, visit.session_hash)
    return visit.redirect(SIGNED)

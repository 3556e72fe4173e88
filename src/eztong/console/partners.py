"""Partners: who applied, the review by a checklist, where each stands, its keys and webhooks (clause 2.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.incomplete import ChoiceMissing, NameNotTyped
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalKind
from eztong.domain.partners.expiry import KEY_LIFE, KeyDaysInvalid, KeyIncomplete
from eztong.domain.partners.partner import PartnerState, Scope
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key, revoke_api_key
from eztong.usecases.partners.find_expiring import find_expiring
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.partners.propose_move import ProposeMove, count_affected, propose_move
from eztong.usecases.partners.suspend_partner import suspend_partner

HOME: Final = "/console/partners"
SHOWN: Final = 100
MOVES: Final = {
    PartnerState.APPROVED: ("live", "suspend", "close"),
    PartnerState.SUSPENDED: ("resume", "close"),
}
"""What can be done with a partner where it stands."""

PROPOSED: Final = {
    "live": ProposalKind.PARTNER_LIVE,
    "resume": ProposalKind.PARTNER_RESUMED,
    "close": ProposalKind.PARTNER_CLOSED,
}
_LONGEST_LABEL: Final = 80


def show(visit: Visit) -> Response:
    """List applications that wait, what ends soon, and the partners."""
    with visit.services.store.read() as stored:
        partners, waiting = stored.partners.list(), stored.partner_applications.waiting(limit=SHOWN)
        ending = find_expiring(stored=stored, now=visit.now)
    return visit.form_page(
        "partners.html",
        partners=partners.those,
        waiting=waiting.those,
        ending=ending.those,
        unreadable=partners.unreadable + waiting.unreadable,
    )


def show_one(visit: Visit) -> Response:
    """Show one partner, what it would concern to move it, and its keys and webhooks."""
    return _page(visit)


def move(visit: Visit) -> Response:
    """Suspend it at once, or propose what takes another operator; closing takes its name typed.

    Raises:
        ChoiceMissing: none of these.
        NotFound: no such partner.
    """
    how, reason = visit.form.get("move", ""), visit.form.get("reason", "")
    partner_id = _id(visit)
    if how != "suspend" and how not in PROPOSED:
        raise ChoiceMissing
    try:
        visit.audited(lambda: _move(visit, partner_id, how, reason), subject=partner_id)
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect(f"{HOME}/{partner_id}?done={how}")


def make_key(visit: Visit) -> Response:
    """Make an API key and show it, once."""
    scopes = frozenset(scope for scope in Scope if visit.form.get(f"scope_{scope.value}") == "yes")
    label = visit.form.get("label", "").strip()[:_LONGEST_LABEL]
    partner_id = _id(visit)
    if not scopes or not label:
        return _page(visit, error=KeyIncomplete())
    command = IssueApiKey(
        partner_id=partner_id,
        label=label,
        scopes=scopes,
        live=not visit.services.deployment.is_sandbox,
    )
    try:
        command = replace(command, life=_life(visit.form.get("days", "")))
        _key, text = visit.audited(
            lambda: visit.services.perform(visit.acting, issue_api_key, command), subject=partner_id
        )
    except NotFound:
        raise
    except EztongError as error:
        return _page(visit, error=error)
    return _page(visit, new_key=text)


def revoke_key(visit: Visit) -> Response:
    """Revoke a key: nothing is answered to it any more."""
    partner_id, key_id = _id(visit), visit.form.get("key", "")
    visit.audited(lambda: visit.services.perform(visit.acting, revoke_api_key, partner_id, key_id), subject=partner_id)
    return visit.redirect(f"{HOME}/{partner_id}?done=revoked")


def _move(visit: Visit, partner_id: PartnerId, how: str, reason: str) -> None:
    services = visit.services
    if how == "suspend":
        services.perform(visit.acting, suspend_partner, partner_id, reason=reason)
        return
    if how == "close":
        with services.store.read() as stored:
            name = find_partner(partner_id, stored=stored).name
        if visit.form.get("typed", "").strip() != name:
            raise NameNotTyped
    command = ProposeMove(partner_id=partner_id, kind=PROPOSED[how], reason=reason)
    services.perform(visit.acting, propose_move, command)


def _life(days: str) -> timedelta:
    """Return for how long a key is made: a year where nothing was typed.

    Raises:
        KeyDaysInvalid: it is no number of days up to a year.
    """
    typed = days.strip()
    if not typed:
        return KEY_LIFE
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(KEY_LIFE.days))
    if not (is_number and 0 < int(typed) <= KEY_LIFE.days):
        raise KeyDaysInvalid
    return timedelta(days=int(typed))


def _id(visit: Visit) -> PartnerId:
    return PartnerId(str(visit.request.path_params["partner_id"]))


def _page(visit: Visit, *, error: EztongError | None = None, new_key: str = "") -> Response:
    partner_id = _id(visit)
    with visit.services.store.read() as stored:
        partner = find_partner(partner_id, stored=stored)
        scenes = stored.partners.scenes(partner_id)
        keys = [key for key in stored.partners.keys(partner_id) if key.is_live(visit.now)]
        endpoints = stored.webhook_endpoints.list(partner_id)
        applications = stored.partner_applications.of_partner(partner_id)
        affected = count_affected(partner_id, stored=stored, now=visit.now)
    done = visit.request.query_params.get("done", "")
    may_keep = visit.may(Permission.PARTNERS_KEEP) and partner.state is not PartnerState.CLOSED
    return visit.form_page(
        "partners_one.html",
        because=error,
        partner=partner,
        scenes=scenes.those,
        unreadable=scenes.unreadable + endpoints.unreadable,
        keys=keys,
        new_key=new_key,
        endpoints=endpoints.those,
        applications=applications,
        affected=affected,
        moves=[how for how in MOVES.get(partner.state, ()) if visit.may(_permission_of(how))],
        may_keep=may_keep,
        may_key=may_keep and partner.state is not PartnerState.APPLIED,
        key_open=visit.request.url.path.endswith("/keys") and error is not None,
        key_label=visit.form.get("label", ""),
        key_scopes={scope.value for scope in Scope if visit.form.get(f"scope_{scope.value}") == "yes"},
        chosen=visit.form.get("move", ""),
        scopes=list(Scope),
        days=KEY_LIFE.days,
        done=done if done in {"suspend", "revoked"} or done in PROPOSED else "",
        reason=visit.form.get("reason", ""),
        typed=visit.form.get("typed", ""),
    )


def _permission_of(how: str) -> Permission:
    return Permission.PARTNERS_KEEP if how == "suspend" else Permission.PARTNERS_PROPOSE

"""The form by which an API key is made, at the console and at the partner portal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.expiry import KEY_LIFE, KeyDaysInvalid, KeyIncomplete
from eztong.domain.partners.partner import Scope
from eztong.http.cookies import new_token
from eztong.pages.visit import Visit
from eztong.usecases.partners.authenticate_partner import IssueApiKey

LONGEST_LABEL: Final = 80
_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{43}")


def typed_key(visit: Visit, partner_id: PartnerId) -> IssueApiKey:
    """Return the key that was asked for. A form's own word goes with it, so that sent twice it makes one key.

    Raises:
        KeyIncomplete: no label, or nothing that the key may do.
        KeyDaysInvalid: it is no number of days up to a year.
    """
    form = visit.form
    scopes, label = _scopes(form), form.get("label", "").strip()[:LONGEST_LABEL]
    if not scopes or not label:
        raise KeyIncomplete
    once = form.get("once", "")
    return IssueApiKey(
        partner_id=partner_id,
        label=label,
        scopes=scopes,
        live=not visit.services.deployment.is_sandbox,
        life=_life(form.get("days", "")),
        once=once if _ONCE.fullmatch(once) else "",
    )


def key_form(visit: Visit) -> dict[str, Any]:
    """Return what the form shows, with what was typed before; a form that is shown anew makes another key."""
    return {
        "key_label": visit.form.get("label", ""),
        "key_scopes": {scope.value for scope in _scopes(visit.form)},
        "key_once": new_token(entropy=visit.services.entropy),
        "scopes": list(Scope),
        "days": KEY_LIFE.days,
    }


def _scopes(form: Mapping[str, str]) -> frozenset[Scope]:
    return frozenset(scope for scope in Scope if form.get(f"scope_{scope.value}") == "yes")


def _life(days: str) -> timedelta:
    typed = days.strip()
    if not typed:
        return KEY_LIFE
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(KEY_LIFE.days))
    if not (is_number and 0 < int(typed) <= KEY_LIFE.days):
        raise KeyDaysInvalid
    return timedelta(days=int(typed))

"""Do what a form of the console asks once, however often it is pressed."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.operators.sent_form import SentForm
from eztong.ports.act import Act
from eztong.ports.keys import Keys, MacPurpose

_CONTEXT = b"console form\x00"


def hash_form(shown_as: str, filled: bytes, *, keys: Keys) -> bytes:
    """Return how a sent form is known: by the word that it was shown with, and by what was filled in."""
    return keys.mac(MacPurpose.SESSION, _CONTEXT + shown_as.encode() + b"\x00" + filled)


def begin_form(act: Act, session_hash: bytes, form_hash: bytes) -> SentForm | None:
    """Note that a form was sent, before anything is done; return what it led to if it was sent before."""
    form = SentForm(session_hash=session_hash, form_hash=form_hash, sent_at=act.now)
    if act.uow.sent_forms.add(form):
        return None
    return act.uow.sent_forms.get(session_hash, form_hash)


def end_form(act: Act, form: SentForm, led_to: str) -> None:
    """Note which address answered it, for whoever pressed twice."""
    act.uow.sent_forms.lead(replace(form, led_to=led_to))


def forget_form(act: Act, form: SentForm) -> None:
    """Let it be sent again: nothing was done."""
    act.uow.sent_forms.remove(form)

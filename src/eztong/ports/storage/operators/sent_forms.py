"""The repository of forms that operators' browsers sent."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.operators.sent_form import SentForm


class SentFormRepository(Protocol):
    """Forms that were sent, by the session and the keyed hash of the form."""

    def add(self, form: SentForm) -> bool:
        """Store that a form was sent; return whether this call was the first to do so."""
        ...

    def get(self, session_hash: bytes, form_hash: bytes) -> SentForm | None:
        """Return a form that was sent."""
        ...

    def lead(self, form: SentForm) -> None:
        """Store which address answered it."""
        ...

    def remove(self, form: SentForm) -> None:
        """Forget it: nothing was done, and it may be sent again."""
        ...

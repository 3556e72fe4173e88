"""What forms give: times."""

from __future__ import annotations

from datetime import datetime

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError
from eztong.domain.identity.age import read_moment


def typed_moment(visit: Visit, name: str, *, wrong: type[EztongError]) -> datetime | None:
    """Return a day and time as a browser's field gives it, in Shanghai; None where nothing was typed.

    Raises:
        EztongError: ``wrong``, where it is none.
    """
    typed = visit.form.get(name, "").strip()
    if not typed:
        return None
    try:
        return read_moment(typed)
    except ValueError as error:
        raise wrong from error

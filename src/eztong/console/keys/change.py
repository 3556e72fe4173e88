"""Change a key: what would happen is shown first, then it is proposed; a second operator approves it.

What has to be typed beside the files of the service stays at the command line: the root key, and destroying a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.errors import EztongError, NotFound
from eztong.domain.keys.reseal import ResealRunning
from eztong.domain.keys.rotation import ON_PAGE, SEALING, KeyChange, KeyState, key_made_on_page, state_after
from eztong.domain.operators.permission import Permission
from eztong.pages.error_pages import sentence_of
from eztong.ports.keys import SignPurpose
from eztong.usecases.keys.change_keys import ProposeKeyChange, propose_key_change, waiting_changes
from eztong.usecases.keys.reseal import find_reseal, old_values

HOME: Final = "/console/keys"
CHANGE: Final = f"{HOME}/change"
RESEAL: Final = "reseal"
OFFERED: Final = (*ON_PAGE, RESEAL)
"""What the page offers: a purpose whose key is rotated, or sealing again."""

_OF_RESULTS: Final = "_results"
DOES: Final = (*KeyState, *(f"{state}{_OF_RESULTS}" for state in KeyState if state is not KeyState.ACTIVE))
"""What a key does, by where it stands; of one that signed results something else is said."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key before and after, and which words say what it does then. ``before`` is empty for the one that is made."""

    key_id: str
    before: str
    after: str
    does: str


def show(visit: Visit) -> Response:
    """Show what a change would do; nothing is done."""
    return _page(visit)


def propose(visit: Visit) -> Response:
    """Propose what the page showed, with the reason that goes on record.

    Raises:
        NotFound: nothing that can be changed here.
    """
    what, key_id = visit.form.get("what", ""), visit.form.get("key", "")
    if what not in OFFERED:
        raise NotFound("There is no such key to change.")
    change = KeyChange() if what == RESEAL else KeyChange(key_id=key_id)
    command = ProposeKeyChange(change=change, reason=visit.form.get("reason", ""))
    try:
        made = visit.audited(
            lambda: visit.services.perform(visit.acting, propose_key_change, command), subject=change.words
        )
    except EztongError as error:
        return _page(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{made.proposal_id}")


def _page(visit: Visit, *, error: EztongError | None = None) -> Response:
    services = visit.services
    what = visit.form.get("what") or visit.request.query_params.get("what", "")
    if what not in OFFERED:
        return visit.form_page("keys/change.html", because=error, what="", offered=OFFERED)
    with services.store.read() as stored:
        running, waiting = find_reseal(stored=stored), waiting_changes(stored=stored)
        counts = stored.sealed_values.count_by_key() if what in {*SEALING, RESEAL} else {}
    made, hindered = "", ""
    try:
        if what != RESEAL:
            made = key_made_on_page(what, services.keys.describe(), now=visit.now)
        elif running is not None and not running.is_done:
            raise ResealRunning
    except EztongError as why:
        hindered = sentence_of(why, visit)
    words = KeyChange(key_id=made).words
    return visit.form_page(
        "keys/change.html",
        because=error,
        what=what,
        offered=OFFERED,
        made=made,
        hindered=hindered,
        rows=_rows(visit, what, made),
        counts=_counts(what, counts),
        old=sum(old_values(counts, keys=services.keys).values()),
        published=len(services.keys.published()),
        waits=next((one for one in waiting if one.subject == words and one.until > visit.now), None),
        may_keep=visit.may(Permission.KEYS_KEEP),
        reason=visit.form.get("reason", ""),
    )


def _rows(visit: Visit, what: str, made: str) -> Sequence[KeyRow]:
    keys = [key for key in visit.services.keys.describe() if key.purpose == what]
    aged = [(key, state_after(what, key.state) if made else key.state) for key in keys]
    rows = [KeyRow(key.key_id, key.state.value, after.value, _does(what, after)) for key, after in aged]
    return [*rows, KeyRow(made, "", KeyState.ACTIVE.value, _does(what, KeyState.ACTIVE))] if made else rows


def _does(what: str, state: KeyState) -> str:
    """Return which words say what a key in this state does; what signed results verifies for ever."""
    is_signing = what == SignPurpose.RESULTS
    return f"{state.value}{_OF_RESULTS}" if is_signing and state is not KeyState.ACTIVE else state.value


def _counts(what: str, counts: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """Return how many values stand under each key, of all of them or of one purpose."""
    return sorted((key, count) for key, count in counts.items() if what == RESEAL or key.startswith(f"{what}-"))

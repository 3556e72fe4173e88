"""The gallery of invented people: who they are, what will happen, and «be this person»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.domain.damage import StoredDamaged
from eztong.domain.errors import InputInvalid
from eztong.domain.holder import HolderState
from eztong.domain.standing import is_usable
from eztong.http.cookies import HOLDER_COOKIE, Cookies, new_token
from eztong.i18n.translator import Translator
from eztong.pages.agents import agent_kind
from eztong.ports.sandbox import SandboxPersona
from eztong.sandbox.visit import Visit
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.sandbox.play_persona import find_account, play_registration, sign_in_as

KINDS: Final = (
    "active",
    "restricted",
    "under_review",
    "supplement",
    "queued",
    "refused",
    "frozen",
    "terminated",
    "deregistered_before",
    "already_registered",
    "input_error",
)
# Their story ends before there is an account of their own to sign in to.
_WITHOUT_ACCOUNT: Final = frozenset({"input_error", "already_registered"})
_TONES: Final = {"active": "success", "deregistered_before": "success", "refused": "danger", "terminated": "danger"}
_IN_ELDER_MODE: Final = frozenset({"P29"})
_FROZEN: Final = "frozen"
_CODE_PAGE: Final = "/code"
_RESULT_PAGE: Final = "/register/result"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPersona:
    """A persona in the page's language."""

    key: str
    name: str
    number: str
    phone: str
    story: str
    kind: str
    tone: str
    outcome: str
    reason: str | None
    may_be: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """The keys of those whom somebody froze here, though their story goes on, and whose account cannot be read."""

    frozen: frozenset[str]
    unreadable: frozenset[str]


def show(visit: Visit) -> Response:
    """Show everybody, or those that the search finds."""
    sought = visit.request.query_params.get("q", "").strip()
    kind = visit.request.query_params.get("kind", "")
    shown = [shown_persona(persona, visit=visit) for persona in visit.door.controls.personas()]
    standing = _standing_here(visit)
    found = [entry for entry in shown if _fits(entry, sought=sought.casefold(), kind=kind)]
    return visit.form_page(
        "personas.html",
        personas=found,
        sought=sought,
        kind=kind,
        kinds=KINDS,
        everybody=len(shown),
        frozen=standing.frozen,
        unreadable=standing.unreadable,
    )


def be(visit: Visit) -> Response:
    """Register the persona if the story allows, and hand this browser the account's session.

    A story that ends without an account of its own is told on a page here; a refused application is told by the
    citizen door itself.
    """
    persona = visit.door.controls.persona(visit.form.get("persona", ""))
    shown = shown_persona(persona, visit=visit)
    if not shown.may_be:
        return _told(visit, shown)
    try:
        holder = play_registration(persona, services=visit.services, language=visit.words.language).holder
    except InputInvalid:
        return _told(visit, shown)
    token = new_token(entropy=visit.services.entropy)
    session_hash, kind = hash_session(token, keys=visit.services.keys), agent_kind(visit.request)
    sign_in_as(holder.holder_id, session_hash, services=visit.services, label=kind)
    page = _CODE_PAGE if is_usable(holder) else _RESULT_PAGE
    response = visit.redirect(f"{page}?elder=1" if persona.key in _IN_ELDER_MODE else page)
    Cookies(visit.services.deployment.is_secure, HOLDER_COOKIE).keep_session(response, token)
    return response


def shown_persona(persona: SandboxPersona, *, visit: Visit) -> ShownPersona:
    """Put a persona into the words of the page's language."""
    kind, _, detail = persona.expected.partition(":")
    return ShownPersona(
        key=persona.key,
        name=persona.name,
        number=persona.number,
        phone=persona.phone,
        story=persona.story if visit.words.language == "zh-CN" else persona.story_en,
        kind=kind,
        tone=_TONES.get(kind, "warning"),
        outcome=visit.words.text(f"expected.{kind}"),
        reason=_reason(kind, detail, words=visit.words, contact=visit.services.deployment.operator_contact),
        may_be=kind not in _WITHOUT_ACCOUNT,
    )


def people_to_be(visit: Visit) -> Sequence[ShownPersona]:
    """Return those whom a browser can be signed in as."""
    shown = (shown_persona(persona, visit=visit) for persona in visit.door.controls.personas())
    return [persona for persona in shown if persona.may_be]


def _standing_here(visit: Visit) -> _Standing:
    """Look at each account by itself: a damaged one keeps no other person from being shown."""
    services, frozen, unreadable = visit.services, set[str](), set[str]()
    with services.store.read() as stored:
        for persona in visit.door.controls.personas():
            try:
                holder = find_account(persona, stored=stored, services=services)
            except StoredDamaged:
                unreadable.add(persona.key)
                continue
            if holder is not None and holder.state is HolderState.FROZEN and not persona.expected.startswith(_FROZEN):
                frozen.add(persona.key)
    return _Standing(frozen=frozenset(frozen), unreadable=frozenset(unreadable))


def _reason(kind: str, detail: str, *, words: Translator, contact: str) -> str | None:
    key = {"input_error": f"error.{detail}", "frozen": f"expected.frozen_{detail}"}.get(kind, f"reason.{detail}")
    return words.text(key, seconds=60, contact=contact) if detail and words.has(key) else None


def _fits(entry: ShownPersona, *, sought: str, kind: str) -> bool:
    text = f"{entry.key} {entry.name} {entry.number} {entry.phone} {entry.story} {entry.outcome}".casefold()
    return sought in text and kind in ("", entry.kind)


def _told(visit: Visit, shown: ShownPersona) -> Response:
    return visit.page("personas_told.html", persona=shown)

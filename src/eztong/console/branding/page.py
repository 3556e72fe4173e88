"""The brand: what is in force, a form with a preview that follows it, what was proposed, and the way back to it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from eztong.console.visit import Visit
from eztong.domain.branding.accent import AccentUnreadable
from eztong.domain.branding.brand import LONGEST, Brand, BrandInvalid, parse_brand
from eztong.domain.branding.mark import LEAST_SIDE, MOST_BYTES, MOST_SIDE, MarkInvalid
from eztong.domain.branding.version import BrandState
from eztong.domain.errors import EztongError
from eztong.domain.operators.permission import Permission
from eztong.domain.operators.proposal import ProposalEnded
from eztong.i18n.translator import LANGUAGES, Translator
from eztong.pages.brand import BrandLook, brand_look, style_url
from eztong.pages.error_pages import sentence_of
from eztong.usecases.branding.publish_branding import (
    ProposeBranding,
    brand_in_force,
    find_brand_version,
    open_proposal_of,
    propose_branding,
)

HOME: Final = "/console/branding"
SHOWN: Final = 50
MAX_BODY: Final = 4 * MOST_BYTES
"""A chosen mark, the one of before in base64, and the texts."""

GROUPS: Final = (
    ("names", ("service_zh", "service_en", "operator_en")),
    ("help", ("help_line", "help_zh", "help_en")),
    ("start", ("title_zh", "title_en", "lead_zh", "lead_en")),
)
"""The texts in the order of the form; the accent and the mark stand between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A brand as a page in one language would show it."""

    language: str
    look: BrandLook
    mark: str
    title: str
    lead: str
    button: str
    link: str
    run_by: str


def show(visit: Visit) -> Response:
    """Show what is in force in the form, and the versions."""
    return _page(visit)


def do(visit: Visit) -> Response:
    """Show the preview of what was typed, or propose it."""
    brand = Brand()
    try:
        brand = _typed(visit)
        if visit.form.get("do") == "look":
            return _page(visit, brand=brand)
        command = ProposeBranding(brand=brand, reason=visit.form.get("reason", ""))
        _version, proposal = visit.audited(lambda: visit.services.perform(visit.acting, propose_branding, command))
    except EztongError as error:
        return _page(visit, brand=brand, error=error)
    return visit.redirect_done(f"/console/proposals/{proposal.proposal_id}")


def show_one(visit: Visit) -> Response:
    """Show one version as it looks or would look."""
    return _one(visit)


def again(visit: Visit) -> Response:
    """Propose a version once more: so an earlier look comes back."""
    version_id = _id(visit)
    with visit.services.store.read() as stored:
        version = find_brand_version(version_id, stored=stored)
    command = ProposeBranding(brand=version.brand, reason=visit.form.get("reason", ""))
    try:
        _version, proposal = visit.audited(
            lambda: visit.services.perform(visit.acting, propose_branding, command), subject=version_id
        )
    except EztongError as error:
        return _one(visit, error=error)
    return visit.redirect_done(f"/console/proposals/{proposal.proposal_id}")


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["version_id"])


def _typed(visit: Visit) -> Brand:
    return parse_brand({name: visit.form.get(name, "") for name in LONGEST}, _mark(visit))


def _mark(visit: Visit) -> bytes:
    """Return the file that was chosen, or the mark that the form had before."""
    if visit.form.get("no_mark") == "yes":
        return b""
    chosen = visit.files.get("mark", b"")
    if chosen:
        return chosen
    try:
        return base64.b64decode(visit.form.get("mark_kept", ""), validate=True)
    except (binascii.Error, ValueError):
        raise MarkInvalid from None


def _page(visit: Visit, *, brand: Brand | None = None, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        in_force, versions = brand_in_force(stored=stored), stored.brand_versions.list(limit=SHOWN)
    shown = in_force if brand is None else brand
    texts = shown.texts() if error is None else {name: visit.form.get(name, "") for name in LONGEST}
    return visit.form_page(
        "branding/page.html",
        because=error,
        problem="" if error is None else _problem(error, visit),
        texts=texts,
        groups=GROUPS,
        longest=LONGEST,
        kept=base64.b64encode(shown.mark).decode(),
        previews=_previews(visit, shown),
        scope=style_url(shown.accent, kind="scope"),
        scope_url=style_url("#000000", kind="scope"),
        versions=versions.those,
        unreadable=versions.unreadable,
        legal_name=visit.services.deployment.operator_name,
        may_propose=visit.may(Permission.BRANDING_PROPOSE),
        reason=visit.form.get("reason", ""),
        limits={"least": LEAST_SIDE, "most": MOST_SIDE, "kib": MOST_BYTES // 1024},
    )


def _one(visit: Visit, *, error: EztongError | None = None) -> Response:
    with visit.services.store.read() as stored:
        version = find_brand_version(_id(visit), stored=stored)
        is_in_force = version.state is BrandState.PUBLISHED and brand_in_force(stored=stored) == version.brand
        try:
            waits = open_proposal_of(version.version_id, stored=stored).proposal_id
        except ProposalEnded:
            waits = ""
    return visit.form_page(
        "branding/page_version.html",
        because=error,
        version=version,
        previews=_previews(visit, version.brand),
        scope=style_url(version.brand.accent, kind="scope"),
        waits=waits,
        may_propose=visit.may(Permission.BRANDING_PROPOSE) and not is_in_force and not waits,
        is_in_force=is_in_force,
        reason=visit.form.get("reason", ""),
    )


def _previews(visit: Visit, brand: Brand) -> list[Preview]:
    # The reader's own language first; the mark of what is not in force has no address, so its bytes stand here.
    languages = sorted(LANGUAGES, key=lambda one: one != visit.words.language)
    inside = f"data:image/png;base64,{base64.b64encode(brand.mark).decode()}"
    found = []
    for language in languages:
        words = Translator(language)
        look = brand_look(brand, words=words, assets=visit.door.assets)
        deployment = visit.services.deployment
        operator = brand.operator(language, otherwise=deployment.operator_name)
        found.append(
            Preview(
                language=language,
                look=look,
                mark=inside if brand.mark else look.mark,
                title=brand.title(language) or words.text("start.title"),
                lead=brand.lead(language) or words.text("start.lead"),
                button=words.text("start.register"),
                link=words.text("console.branding.a_link"),
                run_by=words.joined(
                    words.text("app.operated_by", operator=operator),
                    look.help_words,
                    words.text("app.contact", contact=deployment.operator_contact),
                ),
            )
        )
    return found


def _problem(error: EztongError, visit: Visit) -> str:
    match error:
        case AccentUnreadable():
            return visit.words.text("console.branding.fits", fits=error.fits)
        case BrandInvalid() if error.name in LONGEST:
            name = visit.words.text(f"console.branding.text.{error.name}")
            return visit.words.text("console.branding.wrong", name=name, most=LONGEST[error.name])
        case _:
            return sentence_of(error, visit)

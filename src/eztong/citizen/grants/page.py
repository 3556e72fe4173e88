"""What the holder allows: a switch for each partner, met or not, and grants, live and past (clause 2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.record_words import RecordWords, name_of
from eztong.domain.errors import HolderNotUsable, HolderRestricted, InputInvalid
from eztong.domain.grants import Grant, GrantState
from eztong.domain.holder import Holder
from eztong.domain.identifiers import GrantId, PartnerId
from eztong.domain.partners.partner import PartnerState, Scene
from eztong.domain.standing import check_may_be_verified
from eztong.i18n.moments import date_words, moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.grants.withdraw_grant import withdraw_grant

MOST_LISTED: Final = 50
_MOST_CHARACTERS: Final = 50
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRow:
    """A scene in words; ``works`` says whether the account's state carries it now."""

    title: str
    purpose: str
    claims: tuple[str, ...]
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A partner with the holder's switch; ``last`` is empty if never met; ``works`` if one of its scenes does."""

    partner_id: PartnerId
    name: str
    is_on: bool
    last: str
    scenes: tuple[SceneRow, ...]
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A grant in words."""

    grant: Grant
    partner: str
    scene: str
    purpose: str
    since: str
    until: str
    is_live: bool
    claims: tuple[str, ...]
    end: str


def show(visit: Visit) -> Response:
    """Show partners, live grants and past ones of the signed-in holder."""
    with visit.services.store.read() as stored:
        holder = visit.bound(stored).holder
        holder_id = holder.holder_id
        words = RecordWords(visit, holder_id, stored=stored)
        met, others = _partners(visit, holder, stored)
        grants = [_grant_row(visit, grant, words, stored) for grant in stored.grants.of_holder(holder_id)]
    return visit.form_page(
        "grants/page.html",
        tab="grants",
        restricted=holder.is_restricted,
        met=met,
        others=others[:MOST_LISTED],
        more=len(others) > MOST_LISTED,
        search=_search(visit),
        live=[row for row in grants if row.is_live],
        past=[row for row in grants if not row.is_live],
    )


def switch(visit: Visit) -> Response:
    """Move the switch of one partner.

    Raises:
        SessionMissing, DeviceNotBound, Locked: as the use case says; the page is shown again after unlocking.
    """
    wanted = visit.form.get("switch")
    if wanted not in {"on", "off"}:
        raise InputInvalid
    command = SwitchPartner(
        session_hash=visit.session_hash,
        partner_id=PartnerId(visit.request.path_params["partner_id"]),
        on=wanted == "on",
    )
    visit.act(switch_partner, command)
    return visit.redirect("/grants")


def withdraw(visit: Visit) -> Response:
    """Withdraw one grant."""
    visit.act(withdraw_grant, visit.session_hash, GrantId(visit.request.path_params["grant_id"]))
    return visit.redirect("/grants")


def _partners(visit: Visit, holder: Holder, stored: Repositories) -> tuple[list[PartnerRow], list[PartnerRow]]:
    """Return whom the holder met or switched, the latest first, and everybody else whose name fits, by name."""
    met = stored.verifications.partners_met(holder.holder_id)
    switches = stored.grants.switches(holder.holder_id)
    known = {partner.partner_id: partner for partner in stored.partners.list()}
    mine = sorted({*met, *switches} & set(known))
    mine.sort(key=lambda partner_id: met.get(partner_id, _NEVER), reverse=True)
    wanted = _search(visit).casefold()
    rest = sorted(
        (name_of(partner, visit), partner_id)
        for partner_id, partner in known.items()
        if partner_id not in mine and partner.state is PartnerState.APPROVED
        if wanted in f"{partner.name}\n{partner.name_en}\n{partner_id}".casefold()
    )

    def row(partner_id: PartnerId) -> PartnerRow:
        scenes = tuple(_scene_row(visit, scene, holder) for scene in stored.partners.scenes(partner_id))
        return PartnerRow(
            partner_id=partner_id,
            name=name_of(known[partner_id], visit),
            is_on=switches.get(partner_id, True),
            last=_last(visit, met.get(partner_id)),
            scenes=scenes,
            works=any(scene.works for scene in scenes),
        )

    return [row(partner_id) for partner_id in mine], [row(partner_id) for _, partner_id in rest[: MOST_LISTED + 1]]


def _search(visit: Visit) -> str:
    return visit.request.query_params.get("q", "").strip()[:_MOST_CHARACTERS]


def _last(visit: Visit, moment: datetime | None) -> str:
    return "" if moment is None else moment_words(moment, now=visit.now, words=visit.words)


def _scene_row(visit: Visit, scene: Scene, holder: Holder) -> SceneRow:
    in_english = visit.words.language == "en"
    return SceneRow(
        title=scene.title_en if in_english else scene.title,
        purpose=scene.purpose_en if in_english else scene.purpose,
        claims=tuple(claim.value for claim in sorted(scene.claims)),
        works=_is_carried(holder, scene),
    )


def _is_carried(holder: Holder, scene: Scene) -> bool:
    # Of an account that is stopped altogether other pages tell.
    try:
        check_may_be_verified(holder, floor=scene.floor)
    except HolderRestricted:
        return False
    except HolderNotUsable:
        return True
    return True


def _grant_row(visit: Visit, grant: Grant, words: RecordWords, stored: Repositories) -> GrantRow:
    is_live = grant.state is GrantState.GRANTED and visit.now < grant.expires_at
    return GrantRow(
        grant=grant,
        partner=words.partner(grant.partner_id),
        scene=words.scene(grant.partner_id, grant.scene),
        purpose=_purpose(visit, grant, stored.partners.scene(grant.partner_id, grant.scene)),
        since=date_words(grant.granted_at, words=visit.words),
        until=moment_words(grant.expires_at, now=visit.now, words=visit.words),
        is_live=is_live,
        claims=tuple(claim.value for claim in sorted(grant.claims)),
        end="withdrawn" if grant.state is GrantState.WITHDRAWN else "lapsed",
    )


def _purpose(visit: Visit, grant: Grant, scene: Scene | None) -> str:
    # What was agreed to is kept in Chinese; where the scene still says the same, its English may stand for it.
    if visit.words.language == "en" and scene is not None and scene.purpose == grant.purpose:
        return scene.purpose_en
    return grant.purpose

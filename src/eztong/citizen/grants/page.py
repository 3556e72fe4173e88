"""What the holder allows: a switch for each partner, met or not, and grants, live and past (clause 2.3)."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from eztong.citizen.visit import Visit
from eztong.citizen.words.partner_list import ListedPartner, list_partners
from eztong.citizen.words.record_words import RecordWords
from eztong.domain.errors import HolderNotUsable, HolderRestricted, InputInvalid
from eztong.domain.grants import Grant, GrantState
from eztong.domain.holder import Holder
from eztong.domain.identifiers import GrantId, PartnerId
from eztong.domain.partners.partner import Scene
from eztong.domain.standing import check_may_be_verified
from eztong.i18n.moments import date_words, moment_words
from eztong.ports.storage.repositories import Repositories
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.grants.withdraw_grant import withdraw_grant


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneRow:
    """A scene in words; ``works`` says whether the account's state carries it now."""

    title: str
    purpose: str
    claims: tuple[str, ...]
    works: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerRow:
    """A partner with its scenes; ``works`` if one of them does."""

    partner: ListedPartner
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
        partners = list_partners(visit, holder, stored=stored)
        met = [_partner_row(visit, one, holder, stored) for one in partners.met]
        others = [_partner_row(visit, one, holder, stored) for one in partners.others]
        grants = [_grant_row(visit, grant, words) for grant in stored.grants.of_holder(holder_id)]
    return visit.form_page(
        "grants/page.html",
        tab="grants",
        restricted=holder.is_restricted,
        met=met,
        others=others,
        more=partners.more,
        search=partners.search,
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


def _partner_row(visit: Visit, partner: ListedPartner, holder: Holder, stored: Repositories) -> PartnerRow:
    scenes = tuple(_scene_row(visit, scene, holder) for scene in stored.partners.scenes(partner.partner_id).those)
    return PartnerRow(partner=partner, scenes=scenes, works=any(scene.works for scene in scenes))


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


def _grant_row(visit: Visit, grant: Grant, words: RecordWords) -> GrantRow:
    is_live = grant.state is GrantState.GRANTED and visit.now < grant.expires_at
    return GrantRow(
        grant=grant,
        partner=words.partner(grant.partner_id),
        scene=words.scene(grant.partner_id, grant.scene),
        purpose=words.purpose(grant),
        since=date_words(grant.granted_at, words=visit.words),
        until=moment_words(grant.expires_at, now=visit.now, words=visit.words),
        is_live=is_live,
        claims=tuple(claim.value for claim in sorted(grant.claims)),
        end="withdrawn" if grant.state is GrantState.WITHDRAWN else "lapsed",
    )

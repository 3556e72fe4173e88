"""The document of an organisation's application: read strictly from outside, stored without its contact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

import msgspec

from eztong.domain.canonical_json import DocumentMalformed, parse_document, render_canonical
from eztong.domain.claims import Claim
from eztong.domain.errors import InputInvalid
from eztong.domain.free_text import parse_free_text, parse_line
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.email_address import EmailAddress, parse_email
from eztong.domain.partners.application import (
    Contact,
    HandedIn,
    ImpactAssessment,
    PartnerApplicationInvalid,
    Wanted,
    WantedScene,
)
from eztong.domain.partners.credit_code import parse_credit_code
from eztong.domain.partners.reach import parse_networks, parse_redirects

PARTNER_APPLICATION_FORMAT: Final = "eztong/partner-application/v1"
MOST_APPLICATION_BYTES: Final = 100_000
MOST_SCENES: Final = 20
LONGEST_NAME: Final = 100
LONGEST_PURPOSE: Final = 200
LONGEST_ASSESSMENT: Final = 4_000
LEAST_ASSESSMENT: Final = 10
PARTNER_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,39}")
SCENE_ID: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
S = TypeVar("S", bound=msgspec.Struct)
_SLUG: Final = "2 to 40 small letters, digits and hyphens, beginning with a letter."


class _Assessed(msgspec.Struct, forbid_unknown_fields=True):
    lawful_legitimate_necessary: str
    impact_on_rights_and_risk: str
    protective_measures: str


class _Scene(msgspec.Struct, forbid_unknown_fields=True):
    scene: str
    title: str
    title_en: str
    purpose: str
    purpose_en: str
    assessment: _Assessed
    floor: Assurance = Assurance.SUBSTANTIAL
    claims: frozenset[Claim] = frozenset()


class _Stored(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    name_en: str
    sector: str
    scenes: list[_Scene]
    networks: list[str] = []
    redirects: list[str] = []


class _Person(msgspec.Struct, forbid_unknown_fields=True):
    person: str
    email: str


class _Written(_Stored, forbid_unknown_fields=True, kw_only=True):
    format: str
    partner: str
    credit_code: str
    contact: _Person


def parse_application(text: bytes) -> HandedIn:
    """Read an application as an organisation wrote it.

    Raises:
        PartnerApplicationInvalid: it is no such document; the words say where, and repeat nothing of it.
        CreditCodeInvalid, EmailInvalid, NetworkInvalid, RedirectInvalid, WebAddressInvalid: as they say.
    """
    if len(text) > MOST_APPLICATION_BYTES:
        raise PartnerApplicationInvalid(f"An application has at most {MOST_APPLICATION_BYTES} bytes.")
    try:
        said = parse_document(text)
    except DocumentMalformed as error:
        raise PartnerApplicationInvalid(error.detail) from error
    if said.get("format") != PARTNER_APPLICATION_FORMAT:
        raise PartnerApplicationInvalid(f'An application begins with "format": "{PARTNER_APPLICATION_FORMAT}".')
    return read_application(said)


def read_application(said: Mapping[str, Any]) -> HandedIn:
    """Read an application from its fields, however they came here.

    Raises:
        PartnerApplicationInvalid: a field is missing or wrong; ``where`` says which.
        CreditCodeInvalid, EmailInvalid, NetworkInvalid, RedirectInvalid, WebAddressInvalid: as they say.
    """
    written = _converted(said, _Written)
    if PARTNER_ID.fullmatch(written.partner) is None:
        raise PartnerApplicationInvalid(_SLUG, where="partner")
    person = _line(written.contact.person, "contact.person", most=LONGEST_NAME)
    return HandedIn(
        partner_id=PartnerId(written.partner),
        credit_code=parse_credit_code(written.credit_code),
        contact=Contact(person=person, email=parse_email(written.contact.email)),
        wanted=_wanted(written),
    )


def render_wanted(wanted: Wanted) -> str:
    """Return the one form in which it is stored."""
    scenes = [_described(scene) for scene in wanted.scenes]
    document: dict[str, Any] = {
        "name": wanted.name,
        "name_en": wanted.name_en,
        "sector": wanted.sector,
        "scenes": scenes,
        "networks": list(wanted.networks),
        "redirects": list(wanted.redirects),
    }
    return render_canonical(document).decode()


def read_wanted(stored: str) -> Wanted:
    """Return what :func:`render_wanted` stored.

    Raises:
        InputInvalid: it is not as that made it.
    """
    return _wanted(_converted(parse_document(stored.encode()), _Stored))


def render_contact(contact: Contact) -> bytes:
    """Return what is sealed."""
    return render_canonical({"person": contact.person, "email": contact.email.value})


def read_contact(opened: bytes) -> Contact:
    """Return what :func:`render_contact` made.

    Raises:
        InputInvalid: it is not as that made it.
    """
    person = _converted(parse_document(opened), _Person)
    return Contact(person=person.person, email=EmailAddress(value=person.email))


def _wanted(written: _Stored) -> Wanted:
    if not 0 < len(written.scenes) <= MOST_SCENES:
        raise PartnerApplicationInvalid(f"1 to {MOST_SCENES} of them.", where="scenes")
    scenes = tuple(_scene(scene, f"scenes[{place}]") for place, scene in enumerate(written.scenes))
    if len({scene.scene for scene in scenes}) != len(scenes):
        raise PartnerApplicationInvalid("each once.", where="scenes")
    if PARTNER_ID.fullmatch(written.sector) is None:
        raise PartnerApplicationInvalid(_SLUG, where="sector")
    return Wanted(
        name=_line(written.name, "name", most=LONGEST_NAME),
        name_en=_line(written.name_en, "name_en", most=LONGEST_NAME),
        sector=written.sector,
        scenes=scenes,
        networks=parse_networks(written.networks),
        redirects=parse_redirects(written.redirects),
    )


def _scene(written: _Scene, where: str) -> WantedScene:
    if SCENE_ID.fullmatch(written.scene) is None:
        raise PartnerApplicationInvalid(
            "2 to 40 small letters, digits and underscores, beginning with a letter.", where=f"{where}.scene"
        )
    assessed = written.assessment
    return WantedScene(
        scene=written.scene,
        title=_line(written.title, f"{where}.title", most=LONGEST_NAME),
        title_en=_line(written.title_en, f"{where}.title_en", most=LONGEST_NAME),
        purpose=_line(written.purpose, f"{where}.purpose", most=LONGEST_PURPOSE),
        purpose_en=_line(written.purpose_en, f"{where}.purpose_en", most=LONGEST_PURPOSE),
        floor=written.floor,
        claims=written.claims - {Claim.IS_PERSON},
        assessment=ImpactAssessment(
            lawful_legitimate_necessary=_heading(assessed, "lawful_legitimate_necessary", where),
            impact_on_rights_and_risk=_heading(assessed, "impact_on_rights_and_risk", where),
            protective_measures=_heading(assessed, "protective_measures", where),
        ),
    )


def _heading(assessed: _Assessed, heading: str, where: str) -> str:
    text: str = getattr(assessed, heading)
    return _text(text, f"{where}.assessment.{heading}", least=LEAST_ASSESSMENT, most=LONGEST_ASSESSMENT)


def _line(written: str, where: str, *, most: int) -> str:
    return _text(parse_line(written), where, most=most)


def _text(written: str, where: str, *, most: int, least: int = 1) -> str:
    text = parse_free_text(written)
    if not least <= len(text) <= most:
        raise PartnerApplicationInvalid(f"{least} to {most} characters.", where=where)
    return text


def _described(scene: WantedScene) -> dict[str, Any]:
    assessment = scene.assessment
    return {
        "scene": scene.scene,
        "title": scene.title,
        "title_en": scene.title_en,
        "purpose": scene.purpose,
        "purpose_en": scene.purpose_en,
        "floor": scene.floor.value,
        "claims": sorted(claim.value for claim in scene.claims),
        "assessment": {
            "lawful_legitimate_necessary": assessment.lawful_legitimate_necessary,
            "impact_on_rights_and_risk": assessment.impact_on_rights_and_risk,
            "protective_measures": assessment.protective_measures,
        },
    }


def _converted(said: Mapping[str, Any], kind: type[S]) -> S:
    try:
        return msgspec.convert(said, kind)
    except msgspec.ValidationError as error:
        # Names a place and a kind, and for a word that is none of ours that word; a contact's are texts of any kind.
        raise PartnerApplicationInvalid(str(error)) from error
    except RecursionError as error:
        raise InputInvalid from error

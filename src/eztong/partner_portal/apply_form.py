"""The form of an organisation's application: what stands in its fields, and the document that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from eztong.domain.addresses.web_address import WebAddressInvalid
from eztong.domain.claims import Claim
from eztong.domain.errors import EztongError
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.email_address import EmailInvalid
from eztong.domain.partners.application import PartnerApplication, PartnerApplicationInvalid, WantedScene
from eztong.domain.partners.application_document import PARTNER_APPLICATION_FORMAT
from eztong.domain.partners.credit_code import CreditCodeInvalid
from eztong.domain.partners.reach import NetworkInvalid, RedirectInvalid
from eztong.pages.error_pages import sentence_of
from eztong.partner_portal.visit import Visit

MOST_SCENES: Final = 4
"""Scenes of one form: whoever has more asks for them as a partner."""

MAX_BODY: Final = 256 * 1024
LONGEST_HEADING: Final = 1_000
"""Characters of one heading of an assessment: those of four scenes, all in Chinese, fit the body."""

CLAIMS: Final = tuple(claim for claim in Claim if claim is not Claim.IS_PERSON)
HEADINGS: Final = ("lawful_legitimate_necessary", "impact_on_rights_and_risk", "protective_measures")
_LINES: Final = ("scene", "title", "title_en", "purpose", "purpose_en")
_FIELD_OF: Final[Mapping[type[EztongError], str]] = {
    CreditCodeInvalid: "credit_code",
    EmailInvalid: "email",
    NetworkInvalid: "networks",
    RedirectInvalid: "redirects",
    WebAddressInvalid: "redirects",
}
_IN_SCENE: Final = re.compile(r"scenes\[(\d+)\]\.(?:assessment\.)?(\w+)")
_TICKED: Final = "yes"


def scenes_of(form: Mapping[str, str]) -> int:
    """Return how many scenes the form has, after the button that adds or takes one."""
    typed = form.get("scenes", "")
    count = int(typed) if typed in {str(one) for one in range(1, MOST_SCENES + 1)} else 1
    return max(1, min(MOST_SCENES, count + {"scene": 1, "less": -1}.get(form.get("act", ""), 0)))


def document_of(form: Mapping[str, str], partner_id: PartnerId) -> dict[str, Any]:
    """Return the application that the fields make; whoever names no sector is one of its own."""
    return {
        "format": PARTNER_APPLICATION_FORMAT,
        "partner": partner_id,
        "name": form.get("name", ""),
        "name_en": form.get("name_en", ""),
        "credit_code": form.get("credit_code", ""),
        "sector": form.get("sector", "").strip() or partner_id,
        "contact": {"person": form.get("person", ""), "email": form.get("email", "").strip()},
        "scenes": [_scene(form, place) for place in range(scenes_of(form))],
        "networks": form.get("networks", "").split(),
        "redirects": form.get("redirects", "").split(),
    }


def fields_of(application: PartnerApplication) -> dict[str, str]:
    """Return the fields of what was handed in, but who speaks for the organisation: that is not shown again."""
    wanted = application.wanted
    found = {
        "name": wanted.name,
        "name_en": wanted.name_en,
        "credit_code": application.credit_code,
        "sector": "" if wanted.sector == application.partner_id else wanted.sector,
        "networks": "\n".join(wanted.networks),
        "redirects": "\n".join(wanted.redirects),
        "scenes": str(len(wanted.scenes)),
    }
    for place, scene in enumerate(wanted.scenes):
        found |= {f"scene_{place}_{name}": value for name, value in _fields_of_scene(scene).items()}
    return found


def form_parts(
    visit: Visit, typed: Mapping[str, str], *, count: int, error: EztongError | None = None
) -> dict[str, Any]:
    """Return what the template of the form shows; of what is wrong the field and its words."""
    return {
        "typed": typed,
        "count": count,
        "most_scenes": MOST_SCENES,
        "claims": CLAIMS,
        "floors": list(Assurance),
        "headings": HEADINGS,
        "longest": LONGEST_HEADING,
        "wrong": "" if error is None else _field_of(error),
        "wrong_words": "" if error is None else sentence_of(error, visit),
    }


def _field_of(error: EztongError) -> str:
    """Return the field that an error is about; empty if that is none of them."""
    if not isinstance(error, PartnerApplicationInvalid):
        return _FIELD_OF.get(type(error), "")
    found = _IN_SCENE.fullmatch(error.where)
    if found is not None:
        return f"scene_{found[1]}_{found[2]}"
    return "scene_0_scene" if error.where == "scenes" else error.where.rpartition(".")[2]


def _scene(form: Mapping[str, str], place: int) -> dict[str, Any]:
    def typed(name: str) -> str:
        return form.get(f"scene_{place}_{name}", "")

    floor = typed("floor")
    return {
        **{name: typed(name).strip() for name in _LINES},
        "floor": floor if floor in set(Assurance) else Assurance.SUBSTANTIAL.value,
        "claims": [claim.value for claim in CLAIMS if typed(claim) == _TICKED],
        "assessment": {name: typed(name) for name in HEADINGS},
    }


def _fields_of_scene(scene: WantedScene) -> dict[str, str]:
    return {
        **{name: getattr(scene, name) for name in _LINES},
        "floor": scene.floor.value,
        **{claim.value: _TICKED for claim in scene.claims},
        **{name: getattr(scene.assessment, name) for name in HEADINGS},
    }

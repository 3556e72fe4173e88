"""A document of configuration is read strictly and written in one order."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from eztong.domain.configuration.document import (
    CONFIGURATION_FORMAT,
    MOST_BYTES,
    Configuration,
    configuration_hash,
    parse_configuration,
    render_configuration,
)
from eztong.domain.configuration.strict_reading import ConfigurationInvalid
from eztong.domain.policy.document import policy_document
from eztong.domain.policy.policy import BUILT_IN

REACH: dict[str, Any] = {"networks": [], "redirects": [], "per_minute": 0, "merchants": []}
MERCHANT: dict[str, Any] = {
    "name": "店",
    "scene": "check_in",
    "state": "active",
    "point_prefix": "04",
    "unfinished": "code",
    "companions": False,
    "guarded_release": False,
}


def said() -> dict[str, Any]:
    return {
        "format": CONFIGURATION_FORMAT,
        "partners": {
            "hotel": {
                "name": "示例酒店",
                "name_en": "Demo Hotel",
                "sector": "sector-hotel",
                "state": "approved",
                "desks": {"front-2": "前台二", "front-1": "前台一"},
                "scenes": {
                    "check_in": {
                        "title": "入住",
                        "title_en": "Check-in",
                        "purpose": "办理入住登记",
                        "purpose_en": "to check you in",
                        "floor": "low",
                        "claims": ["masked_name", "age_over_18"],
                        "fresh_days": 90,
                        "when_old": "stale",
                    }
                },
            }
        },
        "policy": policy_document(BUILT_IN),
    }


def parsed(document: object) -> Configuration:
    return parse_configuration(json.dumps(document).encode())


def test_it_is_written_in_one_order_and_read_again() -> None:
    text = render_configuration(parsed(said()))
    assert parse_configuration(text.encode()) == parsed(said())
    assert render_configuration(parse_configuration(text.encode())) == text
    assert text.index('"front-1"') < text.index('"front-2"')
    assert text.index('"age_over_18"') < text.index('"masked_name"')
    assert "示例酒店" in text
    assert text.endswith("}\n")
    assert len(configuration_hash(parsed(said()))) == 64


def hotel(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["partners"]["hotel"]
    return found


def scene(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = hotel(document)["scenes"]["check_in"]
    return found


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda one: hotel(one).update(networks=[]), "redirects is missing"),
        (lambda one: hotel(one).update(REACH | {"networks": ["everywhere"]}), "networks as 192"),
        (lambda one: hotel(one).update(REACH | {"networks": "192.0.2.0/24"}), "a list of texts"),
        (lambda one: hotel(one).update(REACH | {"redirects": ["http://plain.example/"]}), "https://"),
        (lambda one: hotel(one).update(REACH | {"per_minute": -1}), "a whole number"),
        (lambda one: hotel(one).update(REACH | {"merchants": [{}]}), "companions is missing"),
        (lambda one: hotel(one).update(REACH | {"merchants": [MERCHANT | {"companions": 1}]}), "true or false"),
        (lambda one: hotel(one).update(REACH | {"merchants": [MERCHANT, MERCHANT]}), "two merchants"),
        (lambda one: hotel(one).update(REACH | {"merchants": {}}), "a list of merchants"),
        (lambda one: one.update(branding={"accent": "#ffcc00"}), "would fit"),
        (lambda one: one.update(branding=[]), "an object is needed"),
        (lambda one: one.update(format="eztong/configuration/v2"), "no other is known"),
        (lambda one: one.pop("policy"), "the document: policy is missing"),
        (lambda one: one.update(keys={}), "the document: keys is not known"),
        (lambda one: one.update(partners=[]), "partners: an object"),
        (lambda one: one.update(policy={"format": "x"}), "policy: "),
        (lambda one: one["policy"].update(more=1), "policy: .*more is not known"),
        (lambda one: one["partners"].update(Hotel=hotel(one)), "partners.Hotel: an id"),
        (lambda one: hotel(one).update(api_key="ezt_sk"), "partners.hotel: api_key is not known"),
        (lambda one: hotel(one).pop("sector"), "sector is missing"),
        (lambda one: hotel(one).update(state="open"), "partners.hotel.state: applied or approved"),
        (lambda one: hotel(one).update(name=""), "partners.hotel.name: one line of text"),
        (lambda one: hotel(one).update(name="a\nb"), "partners.hotel.name: one line of text"),
        (lambda one: hotel(one).update(desks={"Front 1": "x"}), "desks.Front 1: an id"),
        (lambda one: scene(one).update(floor="none"), "floor: low or"),
        (lambda one: scene(one).update(claims="masked_name"), "claims: a list"),
        (lambda one: scene(one).update(claims=["masked_name", "masked_name"]), "each once"),
        (lambda one: scene(one).update(claims=["shoe_size"]), "claims: "),
        (lambda one: scene(one).update(claims=["is_person"]), "told in every scene"),
        (lambda one: scene(one).update(fresh_days=-1), "fresh_days: a whole number"),
        (lambda one: scene(one).update(fresh_days=True), "fresh_days: a whole number"),
        (lambda one: scene(one).update(when_old=None), "when_old: stale or unavailable"),
    ],
)
def test_what_nobody_knows_is_refused_with_its_place(spoil: Callable[[dict[str, Any]], object], says: str) -> None:
    document = said()
    spoil(document)
    with pytest.raises(ConfigurationInvalid, match=says):
        parsed(document)


def test_what_is_no_document_is_refused() -> None:
    for text in (b"[]", b"{", b'{"format": 1, "format": 2}', b"\xff", b" " * (MOST_BYTES + 1)):
        with pytest.raises(ConfigurationInvalid):
            parse_configuration(text)


def test_a_scene_may_leave_its_limit_to_the_service() -> None:
    document = said()
    scene(document).update(fresh_days=None, when_old=None)
    assert parsed(document).partners["hotel"].scenes["check_in"].freshness is None

"""Scene presets: never more asked than approved; minors bring the five musts; an untold age leaves the rule open."""

import pytest

from eztong.domain.claims import Claim
from eztong.domain.desks.desk_preset import MINOR_STEPS, AgeRule, preset_of
from eztong.domain.holder import Assurance
from eztong.domain.partners.partner import Scene
from eztong.wiring.seed import DEMO_PARTNERS

SCENES = [scene for demo in DEMO_PARTNERS for scene in demo.scenes]


def scene(name: str, *claims: Claim) -> Scene:
    return Scene(
        scene=name,
        title="场景",
        title_en="Scene",
        purpose="用途",
        purpose_en="Purpose",
        floor=Assurance.LOW,
        claims=frozenset(claims),
    )


@pytest.mark.parametrize("approved", SCENES, ids=lambda scene: scene.scene)
def test_every_scene_of_the_sandbox_has_a_preset_of_its_own(approved: Scene) -> None:
    assert preset_of(approved).key != "other"
    assert preset_of(approved).asks(approved) <= approved.claims | {Claim.IS_PERSON}


def test_a_preset_never_asks_for_what_the_scene_was_not_approved_for() -> None:
    bare = scene("hotel_check_in")
    assert preset_of(bare).asks(bare) == {Claim.IS_PERSON}


def test_a_scene_without_a_preset_asks_for_all_it_may() -> None:
    own = scene("own_scene", Claim.AGE_OVER_16)
    assert preset_of(own).asks(own) == {Claim.IS_PERSON, Claim.AGE_OVER_16}


def test_the_library_learns_no_name_and_no_age() -> None:
    library = scene("library_entry", *Claim)
    assert preset_of(library).asks(library) == {Claim.IS_PERSON}


@pytest.mark.parametrize(
    ("told", "steps"),
    [({"age_over_18": False}, MINOR_STEPS), ({"age_over_18": True}, ()), ({}, ())],
    ids=["minor", "adult", "untold"],
)
def test_the_hotels_five_musts_are_for_guests_under_18(told: dict[str, bool | str], steps: tuple[str, ...]) -> None:
    assert preset_of(scene("hotel_check_in")).steps_after(told) == steps


@pytest.mark.parametrize(
    ("name", "told", "rule"),
    [
        ("internet_cafe", {"age_over_18": True}, AgeRule.HOLDS),
        ("internet_cafe", {"age_over_18": False}, AgeRule.BROKEN),
        ("internet_cafe", {}, AgeRule.OPEN),
        ("library_entry", {}, AgeRule.HOLDS),
    ],
)
def test_the_age_rule_of_a_scene(name: str, told: dict[str, bool | str], rule: AgeRule) -> None:
    assert preset_of(scene(name)).rule_after(told) is rule

"""Scene presets: what a counter asks in each scene, what must hold there, and what staff still have to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from eztong.domain.claims import Claim
from eztong.domain.partners.partner import Scene

MINOR_STEPS: Final = ("identity", "guardian", "relation", "patrol", "report")
"""The hotel's five musts for a guest under 18."""


class AgeRule(StrEnum):
    """How the scene's age rule stands after an answer."""

    HOLDS = "holds"
    OPEN = "open"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One kind of counter. ``key`` names its sentences; ``must`` is the age claim without which nobody is served."""

    key: str
    wants: frozenset[Claim]
    must: Claim | None = None
    steps: tuple[str, ...] = ()
    steps_for_minors: bool = False

    def asks(self, scene: Scene) -> frozenset[Claim]:
        """Return what to ask: never more than the scene was approved for."""
        return (self.wants & scene.claims) | {Claim.IS_PERSON}

    def steps_after(self, told: Mapping[str, bool | str]) -> tuple[str, ...]:
        """Return what staff still have to do once they were told this much."""
        if self.steps_for_minors and told.get(Claim.AGE_OVER_18) is not False:
            return ()
        return self.steps

    def rule_after(self, told: Mapping[str, bool | str]) -> AgeRule:
        """Say whether the scene's age rule holds; an age that was not told leaves it open."""
        if self.must is None:
            return AgeRule.HOLDS
        if self.must not in told:
            return AgeRule.OPEN
        return AgeRule.HOLDS if told[self.must] is True else AgeRule.BROKEN


_AGES: Final = frozenset({Claim.AGE_OVER_14, Claim.AGE_OVER_16, Claim.AGE_OVER_18})
_PRESETS: Final[Mapping[str, Preset]] = {
    "hotel_check_in": Preset(
        key="hotel",
        wants=frozenset({Claim.MASKED_NAME, Claim.AGE_OVER_18}),
        steps=MINOR_STEPS,
        steps_for_minors=True,
    ),
    "internet_cafe": Preset(
        key="cafe",
        wants=frozenset({Claim.MASKED_NAME, Claim.AGE_OVER_18}),
        must=Claim.AGE_OVER_18,
        steps=("registered",),
    ),
    "parcel_posting": Preset(key="parcel", wants=frozenset({Claim.MASKED_NAME}), steps=("opened",)),
    "library_entry": Preset(key="library", wants=frozenset()),
    "game_age_check": Preset(key="game", wants=_AGES),
    "government_counter": Preset(key="government", wants=frozenset({Claim.MASKED_NAME}), steps=("matter",)),
    "contract_signing": Preset(
        key="esign", wants=frozenset({Claim.MASKED_NAME, Claim.AGE_OVER_18}), must=Claim.AGE_OVER_18
    ),
}
PRESET_KEYS: Final = (*(preset.key for preset in _PRESETS.values()), "other")


def preset_of(scene: Scene) -> Preset:
    """Return the preset of a scene; a scene without one asks for all it may."""
    return _PRESETS.get(scene.scene, Preset(key="other", wants=scene.claims))

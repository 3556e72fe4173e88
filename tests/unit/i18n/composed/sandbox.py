"""Keys that the sandbox pages put together from a prefix and a value."""

from eztong.domain.codes.verification import Outcome
from eztong.ports.sandbox import AuthorityFault
from eztong.sandbox.controls import STEPS, UNITS
from eztong.sandbox.game import VERDICTS
from eztong.sandbox.personas import KINDS
from eztong.sandbox.site import PROBLEMS
from eztong.sandbox.visit import UNREACHABLE

_FAULTS = {*(fault.value for fault in AuthorityFault), UNREACHABLE}

KEYS = {
    *(f"{part}.{fault}" for fault in _FAULTS for part in ("fault", "fault_text")),
    *(f"expected.{kind}" for kind in KINDS),
    *(f"expected.frozen_{cause}" for cause in ("self", "risk")),
    *(f"clock_step.{name}" for name in (*(name for name, _seconds in STEPS), "working_days")),
    *(f"clock_unit.{unit}" for unit in UNITS),
    *(f"jump.{event}" for event in ("age_14", "age_16", "age_18", "card_ends", "card_comes", "name_changes")),
    *(f"site.problem_{code}" for code in (*PROBLEMS, "other")),
    *(f"{part}.{outcome}" for outcome in Outcome for part in ("hotel_outcome", "hotel_outcome_text")),
    *(f"{part}.{verdict}" for verdict in VERDICTS for part in ("game_verdict", "game_verdict_text")),
    *(f"overview_step.{step}{part}" for step in ("one", "two", "three") for part in ("", "_text", "_do")),
    *(
        f"overview.{name}{part}"
        for name in ("side_by_side", "hotel", "game", "controls", "api")
        for part in ("", "_text")
    ),
    *(f"side.{name}{part}" for name in ("phone", "desk", "game") for part in ("", "_text")),
}

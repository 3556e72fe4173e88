"""Keys that the desk pages put together from a prefix and a value."""

from eztong.domain.claims import AGE_CLAIMS, Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.desks.desk_preset import MINOR_STEPS, PRESET_KEYS

_WHY = (
    "code_malformed",
    "code_check_digit",
    "code_forged",
    "code_unknown",
    "code_expired",
    "code_already_used",
    "code_cancelled",
    "code_clock_skew",
    "desk_locked",
    "replays_exhausted",
    "rate_limited",
    "quota_used_up",
    "unavailable",
)

KEYS = {
    "desk.yes",
    "desk.no",
    "desk.over_lead",
    *(f"desk.claim.{claim}" for claim in Claim),
    *(f"desk.word.{outcome}" for outcome in Outcome),
    *(f"desk.lead.{outcome}" for outcome in Outcome),
    *(f"desk.why.{code}" for code in _WHY),
    *(f"desk.age.{age}" for age in AGE_CLAIMS.values()),
    *(f"desk.preset.{key}" for key in PRESET_KEYS),
    *(f"desk.step.{step}" for step in (*MINOR_STEPS, "registered", "opened", "matter")),
}

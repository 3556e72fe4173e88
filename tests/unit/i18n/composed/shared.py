"""Keys that pages of several doors put together from a prefix and a value."""

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome

KEYS = {
    *(f"claim.{claim}" for claim in Claim),
    *(f"claim_example.{claim}" for claim in Claim),
    *(f"outcome.{outcome}" for outcome in Outcome),
    *(f"outcome_text.{outcome}" for outcome in Outcome),
    *(f"time.wait_{unit}" for unit in ("days", "hours", "minutes", "seconds")),
}

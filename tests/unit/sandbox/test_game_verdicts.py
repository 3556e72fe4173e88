"""What the demo game makes of a proven result."""

import pytest

from eztong.sandbox.game import VERDICTS, verdict_of


@pytest.mark.parametrize(
    ("outcome", "claims", "verdict"),
    [
        ("passed", {"is_person": True, "age_over_18": True}, "adult"),
        ("passed", {"is_person": True, "age_over_18": False}, "minor"),
        ("passed", {"is_person": True}, "age_withheld"),
        ("not_passed", {}, "not_passed"),
        ("declined", {}, "declined"),
        ("unavailable", {}, "unavailable"),
    ],
)
def test_only_a_proven_yes_lets_in(outcome: str, claims: dict[str, bool], verdict: str) -> None:
    assert verdict_of({"outcome": outcome, "claims": claims}) == verdict
    assert verdict in VERDICTS
    assert (VERDICTS[verdict] == "success") == (verdict == "adult")

"""The sandbox's register refuses live use, is loud, and stays bounded."""

from __future__ import annotations

from datetime import date

import pytest
from structlog.testing import capture_logs

from eztong.adapters.authority.eid_mark import EidMarkKey
from eztong.adapters.authority.personas import PERSONAS
from eztong.adapters.authority.registry import MAX_CASES, Delivery, Fault, SandboxOnly, SandboxRegistry
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.citizen_number import parse_citizen_number
from eztong.domain.identity.real_name import parse_real_name
from eztong.ports.services import Mode

TODAY = date(2026, 1, 15)
P21 = PERSONAS["P21"]


def open_registry(*, max_cases: int = MAX_CASES) -> SandboxRegistry:
    return SandboxRegistry(mark_key=EidMarkKey(bytes(range(32))), mode=Mode.SANDBOX, max_cases=max_cases)


def ask(registry: SandboxRegistry, reference: str, name: str = P21.name) -> Delivery:
    number = parse_citizen_number(P21.number, today=TODAY)
    return registry.ask(name=parse_real_name(name), number=number, reference=reference, today=TODAY)


def test_live_mode_is_refused() -> None:
    """Invented identities never get into a live service."""
    with pytest.raises(SandboxOnly):
        SandboxRegistry(mark_key=EidMarkKey(bytes(range(32))), mode=Mode.LIVE)


def test_opening_is_loud() -> None:
    """Whoever reads the log knows that identities are invented, and which fault is on."""
    with capture_logs() as logs:
        open_registry().set_fault(Fault.DOWN)
    assert [(entry["event"], entry["log_level"]) for entry in logs] == [
        ("sandbox_authority_in_use", "warning"),
        ("sandbox_authority_fault", "warning"),
    ]


def test_another_name_is_another_case() -> None:
    """A citizen who corrects the name under the same reference is asked about anew."""
    registry = open_registry()
    verdicts = [ask(registry, "r").answer for _ in range(3)]
    assert verdicts[-1] is not None
    assert verdicts[-1].verdict is AuthorityVerdict.MATCHED
    corrected = ask(registry, "r", name="测挂号").answer
    assert corrected is not None
    assert corrected.verdict is AuthorityVerdict.PENDING


def test_the_longest_unasked_case_is_forgotten() -> None:
    """Memory is bounded: a forgotten application starts its story anew."""
    registry = open_registry(max_cases=2)
    for _ in range(3):
        ask(registry, "first")
    ask(registry, "second")
    ask(registry, "third")
    again = ask(registry, "first").answer
    assert again is not None
    assert again.verdict is AuthorityVerdict.PENDING

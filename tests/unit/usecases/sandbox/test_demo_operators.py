"""What a demo operator of a sandbox signs in with is kept when it is renewed; of anybody else nothing is."""

from __future__ import annotations

from dataclasses import replace

from eztong.ports.services import Mode
from eztong.usecases.sandbox.demo_operators import demo_app, demo_secret, keep_demo_access
from tests.unit.usecases.stage import Stage


def test_a_renewed_secret_is_the_demo_operators_own(stage: Stage) -> None:
    keep_demo_access("demo-li", secret="new", services=stage.services)
    keep_demo_access("demo-wang", secret="other", app="00ff", services=stage.services)
    with stage.store.read() as stored:
        assert [demo_secret(name, stored=stored) for name in ("demo-li", "demo-wang")] == ["new", "other"]
        assert demo_app("demo-wang", stored=stored) == b"\x00\xff"


def test_nothing_is_kept_of_others_or_in_live_mode(stage: Stage) -> None:
    live = replace(stage.services, deployment=replace(stage.services.deployment, mode=Mode.LIVE))
    keep_demo_access("demo-li", secret="new", services=live)
    keep_demo_access("zhao", secret="new", services=stage.services)
    with stage.store.read() as stored:
        kept = [stored.settings.get(f"sandbox_operator_secret.{name}") for name in ("demo-li", "zhao")]
    assert kept == [None, None]

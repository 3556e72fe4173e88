"""The check beside a server that writes meanwhile: what came later is no loss."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress, TaskID
from typing_extensions import override

from eztong.adapters.storage.beside.marks import mark_of, read_marks
from eztong.adapters.storage.sqlite.schema import schema_differences
from eztong.cli.data.database_audit import audit
from eztong.domain.evidence.signed_note import parse_note
from eztong.wiring.settings import read_settings
from tests.simulators.problems import expect_outcome
from tests.simulators.service import Service, running

SCENE = "hotel_check_in"


class Interrupted(Progress):
    """A progress that lets something happen when the check begins with the batches."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__(disable=True)
        self._happens = happens

    @override
    def add_task(
        self,
        description: str,
        start: bool = True,
        total: float | None = 100.0,
        completed: int = 0,
        visible: bool = True,
        **fields: Any,
    ) -> TaskID:
        if description == "batches":
            self._happens()
        return super().add_task(description, start, total, completed, visible, **fields)


def verify_until_marked(service: Service) -> None:
    """Verify somebody, and wait until the mark knows of it."""
    expect_outcome(service.partners["hotel"].verify(service.code(service.somebody())["qr"], SCENE), "passed")
    ((newest,),) = service.rows("SELECT max(number) FROM batches")
    service.wait_for(lambda: newest in _marked(service))


def _marked(service: Service) -> list[int]:
    places = [parse_note(note).unverified_root.place for note in read_marks(mark_of(service.database)).notes]
    return [place.number for place in places if place is not None]


def test_what_was_verified_during_the_check_is_not_missing(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        verify_until_marked(service)
        settings = read_settings(data_dir=service.data_dir)
        report = audit(settings, Interrupted(lambda: verify_until_marked(service)), full=True)
        assert report.problems == []


def test_what_was_signed_by_a_key_that_was_made_during_the_check_is_not_forged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path / "data") as service:
        verify_until_marked(service)
        look = schema_differences

        def rotated_meanwhile(database: Path) -> list[str]:
            for purpose in ("results", "kek"):
                assert service.run("keys", "rotate", purpose, "--apply").returncode == 0
            service.wait_for(lambda: "keyring_reloaded" in service.log.read_text())
            verify_until_marked(service)
            return look(database)

        monkeypatch.setattr("eztong.cli.data.database_audit.schema_differences", rotated_meanwhile)
        assert audit(read_settings(data_dir=service.data_dir), Progress(disable=True), full=True).problems == []

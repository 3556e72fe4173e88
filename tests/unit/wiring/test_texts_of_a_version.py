"""A new version of the program that brings newer documents is told by the doctor; nothing is published by itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.domain.operators.posture import Severity
from eztong.wiring.build import build
from eztong.wiring.checks.stored_texts import check_texts
from eztong.wiring.settings import Settings


def change(settings: Settings, statement: str, values: Sequence[str]) -> None:
    with closing(sqlite3.connect(settings.database_file)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sandbox that was started once."""
    folder = tmp_path_factory.mktemp("started")
    with pytest.warns(VisibleInboxWarning):
        build(Settings(data_dir=folder)).close()
    return folder


@pytest.fixture
def settings(started: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=Path(shutil.copytree(started, tmp_path / "data")))


def test_a_new_installation_has_the_documents_of_its_version(settings: Settings) -> None:
    assert check_texts(settings).severity is Severity.OK


def test_without_a_database_there_is_nothing_to_compare(tmp_path: Path) -> None:
    assert check_texts(Settings(data_dir=tmp_path)).severity is Severity.OK


@pytest.mark.parametrize(("version", "severity"), [("0.9", Severity.WARNING), ("10.0", Severity.OK)])
def test_older_documents_are_named_and_an_operators_own_newer_ones_are_not(
    settings: Settings, version: str, severity: Severity
) -> None:
    change(settings, "UPDATE agreements SET version = ? WHERE kind = ?", (version, "children"))
    found = check_texts(settings)
    assert found.severity is severity
    assert ("children" in found.message) is (severity is Severity.WARNING)


def test_a_document_that_was_never_published_is_named(settings: Settings) -> None:
    change(settings, "DELETE FROM agreements WHERE kind = ?", ("scenes",))
    assert "scenes" in check_texts(settings).message

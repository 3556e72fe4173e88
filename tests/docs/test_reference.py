"""The generated pages are what the code says, and the code says enough to generate them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import data_catalogue
import pytest

from docs import build
from eztong.adapters.storage.sql.tables import metadata
from eztong.wiring.doctor import CHECKS
from eztong.wiring.settings import Settings
from tests.docs.pages import ROOT

COLUMNS = [column for table in metadata.tables.values() for column in table.columns]


def test_no_page_is_stale() -> None:
    done = subprocess.run(
        [sys.executable, "docs/build.py", "--check"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_stale_page_is_noticed(tmp_path: Path) -> None:
    for name in build.PAGES:
        (tmp_path / name).write_text((build.REFERENCE / name).read_text("utf-8"), "utf-8")
    (tmp_path / "doctor.md").write_text("# Deployment checks\n", "utf-8")
    assert list(build.stale(tmp_path)) == ["doctor.md"]


def test_every_table_has_a_description() -> None:
    assert [name for name, table in metadata.tables.items() if not table.comment] == []


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_every_column_has_a_description_that_begins_with_a_data_class(column: object) -> None:
    name, meaning = data_catalogue.split_comment(getattr(column, "comment", None) or "")
    assert name in data_catalogue.DATA_CLASSES
    assert len(meaning) > 1


def test_no_two_errors_share_a_code() -> None:
    codes = Counter(kind.code for kind in build.error_classes())
    assert [code for code, times in codes.items() if times > 1] == []


def test_every_error_says_what_happened_and_what_to_do() -> None:
    silent = [kind.code for kind in build.error_classes() if not kind.__doc__ or not kind.advice.endswith(".")]
    assert silent == []


def test_every_setting_has_a_description() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_check_begins_its_description_with_an_id_of_its_own() -> None:
    ids = [(check.__doc__ or "").partition(":")[0] for check in CHECKS]
    assert ids == [f"EZT{number:03d}" for number in range(1, len(CHECKS) + 1)]


def test_every_command_has_a_help_text() -> None:
    for path, text in build.command_helps():
        assert text.startswith(f"Usage: {path}")
        assert len(text.split("\n\n")[1].strip()) > 1, path


def test_every_metric_has_a_meaning() -> None:
    assert [name for name, _, _, meaning in build.metric_families() if not meaning] == []


def test_the_openapi_document_describes_every_call_and_has_no_loose_end() -> None:
    text = (build.REFERENCE / "openapi.json").read_text("utf-8")
    document = json.loads(text)
    assert document["openapi"].startswith("3.1")
    defined = set(document["components"]["schemas"])
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert named == defined
    calls = [call for path in document["paths"].values() for call in path.values()]
    assert [call["operationId"] for call in calls if not call.get("description")] == []


def test_nothing_of_this_machine_is_in_a_page() -> None:
    for name in build.PAGES:
        text = (build.REFERENCE / name).read_text("utf-8")
        assert str(ROOT) not in text
        assert "/tmp" not in text  # noqa: S108 - looked for, not used

"""What ``eztong serve`` says first: where to begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from eztong.cli.server.serve import greeting, typed_here
from eztong.wiring.settings import Settings

IN_ORDER = ("/sandbox ", "/sandbox/personas", "/desk", "/sandbox/inbox", "/v1/docs", ".venv/bin/eztong sandbox")


def test_a_sandbox_is_greeted_with_the_first_page_on_top(tmp_path: Path) -> None:
    text = greeting(Settings(data_dir=tmp_path, port=8080), credentials=".venv/bin/eztong sandbox credentials")
    assert text.startswith("eztong serves http://127.0.0.1:8080 in sandbox mode")
    places = [text.index(what) for what in IN_ORDER]
    assert places == sorted(places)
    assert max(map(len, text.splitlines())) < 100


@pytest.mark.parametrize(
    ("called", "begins"),
    [("src/eztong/__main__.py", "-m eztong sandbox credentials"), (".venv/bin/eztong", "eztong sandbox credentials")],
)
def test_what_is_typed_is_how_it_was_called_and_names_another_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, called: str, begins: str
) -> None:
    monkeypatch.setattr("sys.argv", [called])
    usual = typed_here("sandbox credentials", data_dir=Path("var"))
    assert usual.endswith(begins)
    assert typed_here("sandbox credentials", data_dir=tmp_path) == f"{usual} --data-dir {tmp_path}"

"""What ``eztong serve`` says first: where to begin."""

from __future__ import annotations

from pathlib import Path

from eztong.cli.server.serve import greeting
from eztong.wiring.settings import Settings

IN_ORDER = ("/sandbox ", "/sandbox/personas", "/desk", "/sandbox/inbox", "/v1/docs", ".venv/bin/eztong sandbox")


def test_a_sandbox_is_greeted_with_the_first_page_on_top(tmp_path: Path) -> None:
    text = greeting(Settings(data_dir=tmp_path, port=8080), command=".venv/bin/eztong")
    assert text.startswith("eztong serves http://127.0.0.1:8080 in sandbox mode")
    places = [text.index(what) for what in IN_ORDER]
    assert places == sorted(places)
    assert max(map(len, text.splitlines())) < 100

"""The mark is evidence beside the database: one that cannot be read is a problem of the check, not of the service."""

from __future__ import annotations

from pathlib import Path

from tests.simulators.problems import expect_outcome
from tests.simulators.service import running


def test_without_a_readable_mark_everybody_is_still_verified(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        service.somebody()
        mark = service.data_dir / "eztong.mark"
        service.wait_for(mark.exists)
    mark.unlink()
    mark.mkdir()
    with running(tmp_path / "data") as again:
        code = again.code(again.somebody())["qr"]
        expect_outcome(again.partners["hotel"].verify(code, "hotel_check_in"), "passed")
        checked = again.run("db", "check")
        assert checked.returncode == 1, checked.stderr
        assert "problem: mark: the file cannot be read" in checked.stdout

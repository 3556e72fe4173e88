"""The page of the architecture names files and folders that are there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.docs.pages import ROOT
from tests.docs.walks import BEGIN, END

PAGE = ROOT / "docs" / "architecture.md"
NAMED = re.compile(r"`((?:[a-z_0-9]+/)*[a-z_0-9]+(?:\.py|/))(?:`| )")


def named_in(text: str) -> set[str]:
    """Return the paths that a page names; the walks are recorded from what is there."""
    return set(NAMED.findall(text.partition(BEGIN)[0] + text.partition(END)[2]))


def missing(names: set[str]) -> Iterator[str]:
    """Give each name that ends no path of the project."""
    paths = [
        path for room in ("src", "tests", "docs") for path in (ROOT / room).rglob("*") if path.suffix in {".py", ""}
    ]
    there = {f"/{path.relative_to(ROOT).as_posix()}" for path in paths}
    for name in sorted(names):
        if not any(path.endswith(f"/{name.rstrip('/')}") for path in there):
            yield name


def test_every_file_and_folder_that_the_page_names_is_there() -> None:
    assert list(missing(named_in(PAGE.read_text("utf-8")))) == []


def test_a_file_that_is_not_there_is_noticed() -> None:
    text = "| holder | `domain/holder.py` | `register_nobody.py` | `no_such_room/` | `usecases/grants/` |"
    assert list(missing(named_in(text))) == ["no_such_room/", "register_nobody.py"]

"""A run replaces its own block of the page and leaves every other word alone."""

from pathlib import Path

import pytest

from bench.failing import CannotMeasure
from bench.recording import replaced

PAGE = (
    "Above.\n\n<!-- peers begin -->\n\nold\n\n<!-- peers end -->\n\n<!-- long begin -->\n\nlong\n\n<!-- long end -->\n"
)
BLOCKS = ("peers", "table", "long", "registering")


def test_only_the_block_is_replaced() -> None:
    assert replaced(PAGE, "peers", "new\n") == PAGE.replace("old", "new")


def test_replacing_twice_is_replacing_once() -> None:
    once = replaced(PAGE, "long", "new")
    assert replaced(once, "long", "new") == once


@pytest.mark.parametrize("page", ["", PAGE.replace("<!-- peers end -->", ""), PAGE.replace("<!-- peers begin -->", "")])
def test_a_page_without_the_block_is_left_as_it_is(page: str) -> None:
    with pytest.raises(CannotMeasure, match="no block between <!-- peers begin -->"):
        replaced(page, "peers", "new")


@pytest.mark.parametrize("name", BLOCKS)
def test_the_page_of_figures_has_every_block(name: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "benchmarks.md").read_text("utf-8")
    assert "new words" in replaced(page, name, "new words")

"""Pages weigh little: a first load keeps its budget (tests/browser/weight.py)."""

import pytest

from tests.browser.conftest import OpenWindow
from tests.browser.tour import TOUR, Stop, at
from tests.browser.weight import BUDGETS, Budget, weigh
from tests.browser.window import Window


def test_the_code_page_keeps_its_budget(phone: Window) -> None:
    assert weigh(phone, at("/code", persona="P01")).excess(BUDGETS["code"]) == []


@pytest.mark.parametrize("stop", TOUR, ids=str)
def test_every_page_keeps_its_budget(open_window: OpenWindow, stop: Stop) -> None:
    assert weigh(open_window(), stop.reach).excess(BUDGETS["other"]) == []


def test_a_heavy_page_is_noticed(phone: Window) -> None:
    excess = weigh(phone, at("/register")).excess(Budget(kilobytes=1, requests=1))
    assert len(excess) == len(("weight", "requests"))

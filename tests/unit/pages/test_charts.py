"""Charts are SVG that is read aloud, holds no style or script, and says what it is given and nothing else."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eztong.pages.charts import HEIGHT, WIDTH, Series, line_chart, stacked_chart, top_of

SVG = "{http://www.w3.org/2000/svg}"
SAID = {"title": "Rates & <b>", "desc": "An hour a point"}


def read(text: str) -> ET.Element:
    return ET.fromstring(str(text).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 - our own


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=48))
def test_every_point_lies_in_the_picture_in_the_order_of_the_values(values: list[int]) -> None:
    found = read(line_chart([Series("a", values)], labels=[str(one) for one in values], **SAID))
    points = [tuple(map(float, one.split(","))) for one in found.findall(f"{SVG}polyline")[0].attrib["points"].split()]
    assert len(points) == len(values)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert [x for x, _y in points] == sorted(x for x, _y in points)
    highest = min(range(len(values)), key=lambda place: points[place][1])
    assert points[highest][1] == points[values.index(max(values))][1]


def test_it_has_a_name_and_neither_style_nor_markup_of_others() -> None:
    text = line_chart([Series("a", [1, 2])], labels=["<i>", "12:00"], **SAID)
    found = read(text)
    assert [found.findtext(f"{SVG}{name}") for name in ("title", "desc")] == ["Rates & <b>", "An hour a point"]
    assert ("style" in text, "<script" in text, "<i>" in text, found.attrib["role"]) == (False, False, False, "img")


def test_bars_stand_on_each_other() -> None:
    found = read(stacked_chart([Series("a", [4, 0]), Series("b", [4, 8])], labels=["x", "y"], **SAID))
    bars = [{name: float(one.attrib[name]) for name in ("y", "height")} for one in found.findall(f"{SVG}rect")]
    foot, second, alone = bars
    assert second["y"] + second["height"] == pytest.approx(foot["y"], abs=0.2)
    assert (alone["y"], alone["height"]) == pytest.approx((second["y"], second["height"] * 2), abs=0.3)


def test_nothing_to_draw_is_an_empty_frame() -> None:
    assert read(stacked_chart([], labels=[], **SAID)).findall(f"{SVG}rect") == []
    assert read(line_chart([], labels=[], **SAID)).findall(f"{SVG}polyline") == []


@pytest.mark.parametrize(("most", "top"), [(0, 4), (4, 4), (5, 8), (9, 20), (41, 80), (90, 200), (1234, 2000)])
def test_the_scale_ends_at_a_round_number(most: int, top: int) -> None:
    assert top_of(most) == top

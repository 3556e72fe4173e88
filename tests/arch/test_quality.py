"""What is measured of this repository is measured right, and the page of mutants says why each survivor is left."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import grimp
import pytest

from quality.imports import arrows_up, circles
from quality.mutants import LEAST, SAMPLE, draw
from quality.mutants_page import PAGE, UNSAID, Outcome, Survivor, read, render, score_of
from quality.sizes import lines_of_functions, modules_of_folders, parameters_of_functions

ROOT = Path(__file__).parents[2]
LEFT = Survivor("eztong.domain.age.x_age_on__mutmut_1", "-    return years\n+    return None")
NAMES = [f"mutant {number}" for number in range(1000)]


def graph(*arrows: tuple[str, str]) -> grimp.ImportGraph:
    made = grimp.ImportGraph()
    for name in ("eztong", "eztong.domain", "eztong.http", "eztong.i18n", "eztong.desk"):
        made.add_module(name)
    for importer, imported in arrows:
        made.add_import(importer=importer, imported=imported)
    return made


def outcome(*survivors: Survivor) -> Outcome:
    statuses = dict.fromkeys(NAMES[:9], "killed") | {LEFT.name: "survived" if survivors else "killed"}
    return Outcome(seed=7, made=1000, statuses=statuses, survivors=survivors, commit="abc", tool="mutmut 3")


# --- imports ------------------------------------------------------------------------------------------------------


def test_an_arrow_up_or_to_the_side_is_counted_and_one_down_is_not() -> None:
    down, up, aside = ("eztong.desk", "eztong.domain"), ("eztong.domain", "eztong.desk"), ("eztong.http", "eztong.i18n")
    assert list(arrows_up(graph(down), ROOT)) == []
    assert list(arrows_up(graph(down, up, aside), ROOT)) == [
        "eztong.domain -> eztong.desk",
        "eztong.http -> eztong.i18n",
    ]


def test_a_circle_of_folders_is_found_though_no_two_modules_import_each_other() -> None:
    made = graph(("eztong.domain.codes.a", "eztong.domain.eid.b"), ("eztong.domain.eid.c", "eztong.domain.codes.d"))
    for name in ("eztong.domain.codes", "eztong.domain.eid"):
        made.add_module(name)
    (found,) = circles(made)
    assert found.startswith("eztong.domain: ")
    assert list(circles(graph(("eztong.desk", "eztong.http")))) == []


def test_a_circle_of_modules_is_found() -> None:
    made = graph(("eztong.desk.a", "eztong.http.b"), ("eztong.http.b", "eztong.desk.a"))
    assert [one.partition(":")[0] for one in circles(made)] == ["eztong", "modules"]


# --- sizes --------------------------------------------------------------------------------------------------------


def test_functions_and_folders_are_counted_as_they_stand(tmp_path: Path) -> None:
    module = tmp_path / "src" / "room" / "module.py"
    module.parent.mkdir(parents=True)
    module.with_name("__init__.py").write_text("", "utf-8")
    module.write_text("class A:\n    def f(self, a, /, b, *c, d, **e):\n        x = 1\n        return x\n", "utf-8")
    assert [(one.place, one.count) for one in lines_of_functions(tmp_path)] == [("src/room/module.py:2 f", 3)]
    assert [one.count for one in parameters_of_functions(tmp_path)] == [6]
    assert [(one.place, one.count) for one in modules_of_folders(tmp_path)] == [("src/room", 1)]


# --- mutants ------------------------------------------------------------------------------------------------------


def test_a_seed_draws_the_same_sample_of_the_same_mutants() -> None:
    drawn = draw(NAMES, seed=7, count=600)
    assert draw(NAMES[::-1], seed=7, count=600) == drawn
    assert (len(set(drawn)), set(drawn) <= set(NAMES)) == (600, True)
    assert draw(NAMES, seed=8, count=600) != drawn
    assert draw(NAMES, seed=7, count=5000) == sorted(NAMES)


def test_the_module_to_begin_with_is_there() -> None:
    assert find_spec(LEAST) is not None


def test_what_a_page_says_is_read_again() -> None:
    page = render(outcome(LEFT), before="")
    stored = read(page)
    assert (stored.drawn, stored.score) == (10, score_of(outcome(LEFT))) == (10, 90.0)
    assert stored.reasons == {LEFT: UNSAID}
    assert "survived: " + LEFT.name in page
    assert "| seed | 7 |" in page
    with pytest.raises(ValueError, match="no score"):
        read("# Mutants")


def test_a_reason_is_kept_for_the_same_change_and_for_no_other() -> None:
    page = render(outcome(LEFT), before="").replace(UNSAID, "Both years are the same.\nAlways.")
    assert read(render(outcome(LEFT), before=page)).reasons == {LEFT: "Both years are the same.\nAlways."}
    other = Survivor(LEFT.name, LEFT.change + "0")
    assert read(render(outcome(other), before=page)).reasons == {other: UNSAID}


# --- what is published --------------------------------------------------------------------------------------------


def test_the_published_sample_is_large_enough_and_every_survivor_has_its_reason() -> None:
    stored = read(PAGE.read_text("utf-8"))
    assert stored.drawn >= SAMPLE
    assert stored.score >= 90
    assert [one.name for one, reason in stored.reasons.items() if reason == UNSAID] == []

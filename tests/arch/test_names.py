"""A public class has a name that no other public class of the product has: one word, one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from quality.trees import trees

ROOT = Path(__file__).parents[2]
SHARED_NAMES: Mapping[str, str] = {
    "HolderState": "the name of a schema in the published API, besides the domain's states",
    "RequestAnswer": "the name of a schema in the published API, besides the use case's answer",
    "Verification": "the name of a schema in the published API, besides the domain's verification",
    "Visit": "every door with pages has its own kind of the one visit",
}
"""Names that several classes have, each with its reason."""


def repeated_classes(root: Path) -> Iterator[str]:
    """Name each public class whose name another one has, unless there is a reason."""
    places: dict[str, list[str]] = defaultdict(list)
    for path, tree in trees(root / "src"):
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(root / "src/eztong")))
    for name, where in sorted(places.items()):
        if len(where) > 1 and name not in SHARED_NAMES:
            yield f"{name} is the name of classes in {', '.join(where)}"
        if len(where) == 1 and name in SHARED_NAMES:
            yield f"{name} has one place only: it needs no reason"


def test_no_two_classes_have_one_name() -> None:
    assert list(repeated_classes(ROOT)) == []


def test_a_name_that_is_taken_is_refused(tmp_path: Path) -> None:
    for room, text in (
        ("domain", "class Code:\n    pass\n"),
        ("http", "class Code:\n    pass\n\nclass _Own:\n    pass\n"),
    ):
        (tmp_path / "src/eztong" / room).mkdir(parents=True)
        (tmp_path / "src/eztong" / room / "code.py").write_text(text, encoding="utf-8")
    assert list(repeated_classes(tmp_path)) == ["Code is the name of classes in domain/code.py, http/code.py"]

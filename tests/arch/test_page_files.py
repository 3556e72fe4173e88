"""Templates, scripts, pictures and catalogues lie with the subject of their page, and none is left over.

A template has the name of the module that shows it, with a word more where the module shows several.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOORS = ("citizen", "console", "desk", "pages", "partner_portal", "sandbox")
SHARED = frozenset({Path(), Path("browser"), Path("credentials"), Path("words")})
"""Where what several subjects of a door share lies; the journeys' contract of import-linter has the same."""
SYMBOL = re.compile(r'<symbol id="([a-z-]+)"')
USED = re.compile(r'"([a-z_]+(?:/[a-z_]+)*\.html)"')
KEY = re.compile(r'^msgid "(([a-z_]+)[^"]*)"$', re.MULTILINE)

Gate = Callable[[Path], Iterator[str]]


def files(root: Path, pattern: str, doors: Iterable[str] = DOORS) -> list[Path]:
    """Return the files of the doors that match."""
    return sorted(path for door in doors for path in (root / "src/eztong" / door).rglob(pattern))


def subject(path: Path, kind: str = "") -> Path:
    """Return the folder of a file inside its door: of a module, or of what lies under ``templates`` or ``static``."""
    door = next(parent for parent in path.parents if parent.name in DOORS)
    return path.parent.relative_to(door / kind)


def says(path: Path, *names: str) -> bool:
    """Say whether a file names one of these in quotes."""
    text = path.read_text(encoding="utf-8")
    return any(f'"{name}"' in text for name in names)


def misnamed_templates(root: Path) -> Iterator[str]:
    """Name each template that nothing uses, or that has not the name and the folder of the module that shows it."""
    texts = {
        root / "src/eztong" / door: {path: path.read_text(encoding="utf-8") for path in files(root, "*.py", [door])}
        for door in DOORS
    }
    for template in files(root, "templates/**/*.html"):
        door = next(parent for parent in template.parents if parent.name in DOORS)
        name = template.relative_to(door / "templates").as_posix()
        modules = [path for path, text in texts[door].items() if f'"{name}"' in text]
        if not modules and not any(says(path, name) for path in files(root, "*.html")):
            yield f"{door.name}: nothing uses {name}"
        for module in modules:
            called = template.stem == module.stem or template.stem.startswith(f"{module.stem}_")
            if not called or subject(module) != subject(template, "templates"):
                yield f"{door.name}: {name} is shown by {module.relative_to(door)}"


def crossing_templates(root: Path) -> Iterator[str]:
    """Name each template that takes a piece from another subject."""
    for template in files(root, "templates/**/*.html"):
        own = subject(template, "templates")
        for other in USED.findall(template.read_text(encoding="utf-8")):
            place = Path(other).parent
            if place != own and place not in SHARED:
                yield f"{own}/{template.name} takes from {other}"


def stray_files(root: Path) -> Iterator[str]:
    """Name each script, style or picture that no page of its own subject uses."""
    users = [(path, subject(path, "templates")) for path in files(root, "templates/**/*.html")]
    users += [(path, subject(path, "static")) for path in files(root, "static/**/*.js")]
    users += [(path, subject(path)) for path in files(root, "*.py")]
    for file in files(root, "static/**/*.*"):
        place = subject(file, "static")
        near = [path for path, its in users if path != file and (place in SHARED or place == its)]
        if not any(says(path, file.name, f"./{file.name}") for path in near) and not in_frame(root, file):
            yield f"nothing of its subject uses {file.relative_to(root / 'src/eztong')}"


def in_frame(root: Path, file: Path) -> bool:
    """Say whether the frame of all pages names the file: what stands on each of them is the shell's."""
    frames = (path for path in files(root, "templates/*.html") if subject(file, "static") == Path("shell"))
    return any(says(path, file.name) for path in frames)


def unused_symbols(root: Path) -> Iterator[str]:
    """Name each picture of the sheet of icons that no page asks for."""
    pages = [path.read_text(encoding="utf-8") for path in files(root, "*.html") + files(root, "*.py")]
    for sheet in files(root, "static/icons.svg"):
        for name in SYMBOL.findall(sheet.read_text(encoding="utf-8")):
            if not any(f'"{name}"' in page or f"#{name}" in page for page in pages):
                yield f"no page shows the icon {name}"


def misplaced_sentences(root: Path) -> Iterator[str]:
    """Name each key that two catalogues of a language say, or whose first word its subject does not use."""
    for language in sorted((root / "src/eztong/i18n/catalogues").iterdir()):
        said: dict[str, Path] = {}
        for catalogue in sorted(language.rglob("*.po")):
            name = catalogue.relative_to(language)
            asked = asked_by(root, name) if len(name.parts) > 1 else None
            for key, word in KEY.findall(catalogue.read_text(encoding="utf-8")):
                if key in said:
                    yield f"{language.name}: {name} and {said[key]} say {key}"
                said[key] = name
                if asked is not None and f'"{word}.' not in asked:
                    yield f"{language.name}: {name} says {key}, and nothing there asks for {word}"


def asked_by(root: Path, catalogue: Path) -> str:
    """Return all that asks for keys of a catalogue: its subject, and the frame that the shell stands for."""
    door, name = catalogue.parts[0], catalogue.stem
    places = {Path(name), Path()} if name == "shell" else {Path(name)}
    modules = [path for path in files(root, "*.py", [door]) if subject(path) in places]
    pages = [path for path in files(root, "templates/**/*.html", [door]) if subject(path, "templates") in places]
    return "\n".join(path.read_text(encoding="utf-8") for path in modules + pages)


GATES = (misnamed_templates, crossing_templates, stray_files, unused_symbols, misplaced_sentences)


@pytest.mark.parametrize("gate", GATES)
def test_this_tree_passes(gate: Gate) -> None:
    assert list(gate(ROOT)) == []


@pytest.fixture
def door(tmp_path: Path) -> Path:
    """Build a door with one subject, in which nothing is wrong."""
    for path, text in (
        ("citizen/codes/scan.py", 'visit.page("codes/scan.html")'),
        ("citizen/templates/codes/scan.html", '{{ asset("scan.js") }} {{ icon("eye") }} {{ t("scan.title") }}'),
        ("citizen/static/codes/scan.js", ""),
        ("pages/static/icons.svg", '<symbol id="eye">'),
        ("pages/templates/base.html", '{{ asset("icons.svg") }}'),
        ("pages/templates/error.html", '{% extends "base.html" %}'),
        ("pages/error.py", 'visit.page("error.html")'),
        ("i18n/catalogues/en/citizen/codes.po", 'msgid "scan.title"\nmsgstr "Scan"\n'),
    ):
        add(tmp_path, path, text)
    return tmp_path


def add(root: Path, path: str, text: str) -> None:
    """Add a line to a file of the product."""
    file = root / "src/eztong" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as end:
        end.write(f"{text}\n")


@pytest.mark.parametrize(
    ("gate", "path", "text", "complaint"),
    [
        (misnamed_templates, "citizen/templates/codes/old.html", "", "citizen: nothing uses codes/old.html"),
        (misnamed_templates, "citizen/codes/page.py", '"codes/scan.html"', "codes/scan.html is shown by codes/page.py"),
        (misnamed_templates, "citizen/me/scan.py", '"codes/scan.html"', "codes/scan.html is shown by me/scan.py"),
        (
            crossing_templates,
            "citizen/templates/me/page.html",
            '{% import "codes/scan.html" as own %}',
            "me/page.html takes from codes/scan.html",
        ),
        (stray_files, "citizen/static/codes/old.js", "", "uses citizen/static/codes/old.js"),
        (stray_files, "citizen/static/me/me.js", 'import "./scan.js"', "uses citizen/static/me/me.js"),
        (unused_symbols, "pages/static/icons.svg", '<symbol id="ear">', "no page shows the icon ear"),
        (misplaced_sentences, "i18n/catalogues/en/shared.po", 'msgid "scan.title"', "say scan.title"),
        (misplaced_sentences, "i18n/catalogues/en/citizen/codes.po", 'msgid "me.title"', "asks for me"),
        (misplaced_sentences, "i18n/catalogues/en/citizen/me.po", 'msgid "scan.lead"', "asks for scan"),
    ],
)
def test_what_lies_with_another_subject_or_is_left_over_is_found(
    gate: Gate, door: Path, path: str, text: str, complaint: str
) -> None:
    assert list(gate(door)) == []
    add(door, path, text)
    faults = list(gate(door))
    assert len(faults) == 1, faults
    assert complaint in faults[0]

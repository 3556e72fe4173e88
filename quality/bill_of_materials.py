"""The bill of materials: what is installed to run eztong, as CycloneDX, written to dist/.

``cyclonedx-py`` reads the environment, which holds what developing needs, too; what is kept is what the lock for
running pins, and only if it is installed in that very version. What only builds the program is marked as excluded: the
image does not have it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from eztong import __version__

ROOT: Final = Path(__file__).parents[1]
LOCK: Final = ROOT / "requirements" / "runtime.txt"
TOOLS: Final = ROOT / ".venv.deploy" / "bin"
WRITTEN: Final = ROOT / "dist" / f"eztong-{__version__}.cdx.json"
_PIN: Final = re.compile(r"^[A-Za-z0-9][^\s#\\]*==[^\\\n]*", re.MULTILINE)
_VALID: Final = (
    "import sys; from cyclonedx.schema import SchemaVersion; "
    "from cyclonedx.validation.json import JsonStrictValidator; "
    "fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(sys.stdin.read()); sys.exit(fault and str(fault))"
)


class NotAsLocked(Exception):
    """What is installed is not what the lock pins."""


def pins(lock: str, *, here: bool = True) -> dict[str, str]:
    """Return the version of each package that a lock pins, by its normalised name; ``here``: for this machine only."""
    found = [Requirement(line.strip()) for line in _PIN.findall(lock)]
    kept = (one for one in found if not here or one.marker is None or one.marker.evaluate())
    return {canonicalize_name(one.name): next(iter(one.specifier)).version for one in kept}


def needed_by(*names: str) -> set[str]:
    """Return packages that are installed, with all that they need here; extras that nobody asked for are left out."""
    found, waiting = set[str](), [(name, frozenset({""})) for name in names]
    asked = set[tuple[str, frozenset[str]]]()
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in asked:
            continue
        asked.add((name, extras))
        found.add(canonicalize_name(name))
        needs = map(Requirement, requires(name) or [])
        waiting.extend(
            (one.name, frozenset({"", *one.extras}))
            for one in needs
            if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in extras)
        )
    return found


def narrowed(bill: dict[str, Any], pinned: dict[str, str], *, needed: set[str]) -> dict[str, Any]:
    """Return the bill with what is pinned alone; ``required`` is what the program needs, ``excluded`` what builds it.

    Raises:
        NotAsLocked: a package is missing or has another version.
    """
    named: dict[str, dict[str, Any]] = {canonicalize_name(one["name"]): one for one in bill["components"]}
    wrong = sorted(f"{name} {version}" for name, version in pinned.items() if _version(named.get(name)) != version)
    if wrong:
        raise NotAsLocked(f"not installed as locked: {', '.join(wrong)}. Run make setup.")
    refs = {named[name]["bom-ref"] for name in pinned}
    root = bill["metadata"]["component"]
    leads_to = {one["ref"]: [ref for ref in one.get("dependsOn", []) if ref in refs] for one in bill["dependencies"]}
    components = [named[name] | {"scope": "required" if name in needed else "excluded"} for name in sorted(pinned)]
    dependencies = [
        {"ref": ref} | ({"dependsOn": found} if found else {})
        for ref, found in sorted(leads_to.items())
        if ref in refs | {root["bom-ref"]}
    ]
    metadata = bill["metadata"] | {"component": root | {"version": __version__}}
    return bill | {"metadata": metadata, "components": components, "dependencies": dependencies}


def _version(component: dict[str, Any] | None) -> str | None:
    return None if component is None else component["version"]


def installed() -> dict[str, Any]:
    """Return what ``cyclonedx-py`` says of this environment."""
    command = [str(TOOLS / "cyclonedx-py"), "environment", "--pyproject", "pyproject.toml", "--mc-type", "application"]
    command += ["--sv", "1.6", "--output-reproducible", "--of", "JSON", sys.executable]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def check_valid(text: str) -> None:
    """Ask CycloneDX's own library whether this is a bill of materials.

    Raises:
        subprocess.CalledProcessError: it is none; the library has said why.
    """
    subprocess.run([str(TOOLS / "python"), "-c", _VALID], input=text, check=True, encoding="utf-8")


def main() -> None:
    """Write the bill, and say what is in it."""
    try:
        bill = narrowed(installed(), pins(LOCK.read_text("utf-8")), needed=needed_by("eztong"))
    except NotAsLocked as error:
        sys.exit(f"==> {error}")
    text = json.dumps(bill, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    check_valid(text)
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(text, "utf-8")
    scopes = [one["scope"] for one in bill["components"]]
    print(
        f"==> {WRITTEN.relative_to(ROOT)}: {scopes.count('required')} packages that the service runs on, "
        f"{scopes.count('excluded')} that only build it. Not in it: Python, its libraries in C, the system."
    )


if __name__ == "__main__":
    main()

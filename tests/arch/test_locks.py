"""The locks pin every package by version and hash, and name no place to fetch it from."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCKS = sorted(lock for lock in ROOT.glob("*/*/package-lock.json") if "node_modules" not in lock.parts)

PINNED = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==[^\s;]+( ; [^\\]+)?$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")
EXACT = re.compile(r"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$")
INTEGRITY = re.compile(r"^sha512-[A-Za-z0-9+/]{86}==$")
ADDRESS = re.compile(
    r"://|^\s*-(-index|-extra-index|-find-links|-trusted|i |f )|\s@\s|file:"
    r"|(^|\s)[/~]\S|\b[\w-]+\.(org|com|net|io|cn|dev)\b",
)


def logical_lines(text: str) -> Iterator[str]:
    """Yield each requirement as one line, without comments."""
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    yield from filter(None, (line.strip() for line in kept.replace("\\\n", " ").splitlines()))


def locked_names(lock: Path) -> set[str]:
    """Return the normalised names of the packages that a lock pins."""
    names = (line.split("==")[0] for line in logical_lines(lock.read_text(encoding="utf-8")))
    return {normalised(name) for name in names}


def normalised(name: str) -> str:
    """Return a package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def declared_names(requirements: list[Any]) -> set[str]:
    """Return the normalised names of requirements, leaving included groups aside."""
    texts = (entry for entry in requirements if isinstance(entry, str))
    return {normalised(re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0]) for text in texts}


def faults(text: str) -> Iterator[str]:
    """Say what is wrong with a lock: an address, a loose pin or a missing hash."""
    yield from (f"address: {line}" for line in text.splitlines() if ADDRESS.search(line))
    for line in logical_lines(text):
        pin, *hashes = (part.strip() for part in re.split(r"\s(?=--hash)", line))
        if not PINNED.match(pin):
            yield f"not pinned: {pin}"
        if not hashes or not all(HASH.match(value) for value in hashes):
            yield f"no hash: {pin}"


def test_there_is_a_lock_for_running_one_for_developing_and_one_for_what_checks_deploy() -> None:
    assert [lock.name for lock in LOCKS] == ["deploy.txt", "dev.txt", "runtime.txt"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_pins_by_hash_and_names_no_place(lock: Path) -> None:
    assert list(faults(lock.read_text(encoding="utf-8"))) == []


def test_running_installs_nothing_that_developing_does_not() -> None:
    runtime, dev = (ROOT / "requirements" / f"{name}.txt" for name in ("runtime", "dev"))
    assert set(logical_lines(runtime.read_text(encoding="utf-8"))) <= set(
        logical_lines(dev.read_text(encoding="utf-8"))
    )


def test_everything_declared_is_locked() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = declared["dependency-groups"]
    runtime = declared_names(declared["project"]["dependencies"] + groups["build"])
    assert runtime - locked_names(ROOT / "requirements" / "runtime.txt") == set()
    developing = runtime | declared_names(groups["dev"])
    assert developing - locked_names(ROOT / "requirements" / "dev.txt") == set()
    assert declared_names(groups["deploy"]) - locked_names(ROOT / "requirements" / "deploy.txt") == set()


def npm_faults(manifest: str, lock: str) -> Iterator[str]:
    """Say what is wrong with an npm lock: an address, a loose pin, a missing hash, or not what was declared."""
    declared, packages = json.loads(manifest).get("dependencies", {}), json.loads(lock)["packages"]
    yield from (f"not pinned: {name} {version}" for name, version in declared.items() if not EXACT.match(version))
    if packages[""].get("dependencies", {}) != declared:
        yield "not what package.json declares"
    for name, package in packages.items():
        if "resolved" in package:
            yield f"address: {package['resolved']}"
        if name and not (EXACT.match(package.get("version", "")) and INTEGRITY.match(package.get("integrity", ""))):
            yield f"no version or hash: {name}"


def test_every_folder_with_packages_of_npm_has_a_lock() -> None:
    folders = {"bench/peer", "tests/browser", "tests/node"}
    assert {lock.parent.relative_to(ROOT).as_posix() for lock in NPM_LOCKS} == folders


@pytest.mark.parametrize("lock", NPM_LOCKS, ids=lambda lock: lock.parent.name)
def test_an_npm_lock_pins_by_hash_and_names_no_place(lock: Path) -> None:
    manifest = lock.with_name("package.json").read_text(encoding="utf-8")
    assert list(npm_faults(manifest, lock.read_text(encoding="utf-8"))) == []


GOOD = f"click==8.1.0 ; sys_platform != 'win32' \\\n    --hash=sha256:{'0' * 64}\n"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ("--index-url mirror\n" + GOOD, "address: --index-url mirror"),
        ("--find-links wheels\n" + GOOD, "address: --find-links wheels"),
        (f"click @ a.whl --hash=sha256:{'0' * 64}", "address: click @ a.whl"),
        ("# from packages.example.com\n" + GOOD, "address: # from packages.example.com"),
        ("#    uv pip compile /home/me/pyproject.toml\n" + GOOD, "address: #    uv pip compile"),
        ("click==8.1.0", "no hash: click==8.1.0"),
        (f"click>=8 \\\n --hash=sha256:{'0' * 64}", "not pinned: click>=8"),
    ],
)
def test_a_bad_lock_is_refused(bad: str, fault: str) -> None:
    assert list(faults(GOOD)) == []
    assert any(found.startswith(fault) for found in faults(bad))


KOA = {"version": "3.2.1", "integrity": f"sha512-{'A' * 86}=="}


@pytest.mark.parametrize(
    ("declared", "package", "fault"),
    [
        ("^3.2.1", {}, "not pinned: koa ^3.2.1"),
        ("3.2.2", {}, "not what package.json declares"),
        ("3.2.1", {"resolved": "place/koa.tgz"}, "address: place/koa.tgz"),
        ("3.2.1", {"integrity": "sha1-AAAA"}, "no version or hash: node_modules/koa"),
        ("3.2.1", {"version": "^3"}, "no version or hash: node_modules/koa"),
    ],
)
def test_a_bad_npm_lock_is_refused(declared: str, package: dict[str, str], fault: str) -> None:
    def found(version: str, more: dict[str, str]) -> list[str]:
        lock = {"packages": {"": {"dependencies": {"koa": "3.2.1"}}, "node_modules/koa": KOA | more}}
        return list(npm_faults(json.dumps({"dependencies": {"koa": version}}), json.dumps(lock)))

    assert found("3.2.1", {}) == []
    assert fault in found(declared, package)

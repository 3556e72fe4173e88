"""The root key is changed in two steps; at every moment the settings in force open the ring, also after kill -9."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.keys.keyring_file import root_key_id_of
from eztong.adapters.keys.problems import KeyringMissing, RootChangeRefused, RootKeyWrong, TokenMissing
from eztong.adapters.keys.root_change import add_root, keep_only, opening_roots
from eztong.adapters.keys.root_file import FileRoot, create_root_key
from eztong.adapters.keys.root_token import TokenRoot
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.keys import SignPurpose
from eztong.ports.root_key import RootKey, RootKind
from tests.contract.keys.conftest import HOUR, START
from tests.simulators.outside.softhsm import ROOT_LABEL, SoftHsm

ENTROPY = SystemEntropy()
PLACE = ("jobs", "job_1", "sealed")
STEPS = ("before the name", "after the name")


class Ring:
    """A keyring under a file, with something sealed and signed by it."""

    def __init__(self, folder: Path) -> None:
        self.path, self.folder = folder / "data" / "keyring.json", folder
        self.file = FileRoot(folder / "root" / "root.key")
        keys = create_keyring(self.path, self.file, entropy=ENTROPY, now=START)
        self.sealed = keys.seal(b"words", nonce=SystemEntropy().token(NONCE_BYTES), place=PLACE)
        self.signed = keys.sign(SignPurpose.RESULTS, b"root")

    def new_file(self, name: str) -> FileRoot:
        (self.folder / name).mkdir(mode=0o700)
        create_root_key(self.folder / name / "root.key", entropy=ENTROPY)
        return FileRoot(self.folder / name / "root.key")

    def check(self, root: RootKey) -> FileKeyring:
        """Everything of before opens and verifies under ``root``."""
        keys = FileKeyring(self.path, root)
        assert keys.open(self.sealed, place=PLACE) == b"words"
        keys.published()[0].public_key.verify(self.signed.signature, b"root")
        return keys


@pytest.fixture
def ring(tmp_path: Path) -> Ring:
    return Ring(tmp_path)


@pytest.fixture
def in_token(softhsm: SoftHsm) -> TokenRoot:
    return TokenRoot(softhsm.token(f"t-{SystemEntropy().token(6).hex()}"), ROOT_LABEL)


def test_the_root_goes_from_a_file_into_a_token_and_back(ring: Ring, in_token: TokenRoot) -> None:
    name = root_key_id_of(ring.path.read_bytes())
    add_root(ring.path, ring.file, in_token, entropy=ENTROPY)
    ring.check(ring.file)
    ring.check(in_token)
    keep_only(ring.path, in_token, entropy=ENTROPY)
    ring.check(in_token)
    with pytest.raises(RootKeyWrong):
        FileKeyring(ring.path, ring.file)
    back = ring.new_file("back")
    add_root(ring.path, in_token, back, entropy=ENTROPY)
    keep_only(ring.path, back, entropy=ENTROPY)
    ring.check(back)
    with pytest.raises(RootKeyWrong):
        FileKeyring(ring.path, in_token)
    assert root_key_id_of(ring.path.read_bytes()) == name


def test_a_stolen_ring_of_before_does_not_help_with_the_one_after(ring: Ring) -> None:
    new = ring.new_file("new")
    add_root(ring.path, ring.file, new, entropy=ENTROPY)
    before = {key["sealed"] for key in _entries(ring.path)}
    keep_only(ring.path, new, entropy=ENTROPY)
    assert before.isdisjoint(key["sealed"] for key in _entries(ring.path))
    assert [one.kind for one in opening_roots(ring.path, new)] == [RootKind.FILE]


def test_a_ring_that_two_root_keys_open_is_rotated_under_either(ring: Ring, in_token: TokenRoot) -> None:
    add_root(ring.path, ring.file, in_token, entropy=ENTROPY)
    ring.check(ring.file).rotate("results", entropy=ENTROPY, now=START + HOUR)
    ring.check(in_token).rotate("session", entropy=ENTROPY, now=START + HOUR)
    assert [key.key_id for key in ring.check(ring.file).published()] == ["results-1", "results-2"]
    assert len(opening_roots(ring.path, ring.file)) == 2


def test_a_running_server_takes_over_what_was_changed(ring: Ring, in_token: TokenRoot) -> None:
    running = ring.check(ring.file)
    add_root(ring.path, ring.file, in_token, entropy=ENTROPY)
    assert running.reload_if_changed()
    assert running.open(ring.sealed, place=PLACE) == b"words"


def test_a_dry_run_changes_nothing_and_meets_what_the_real_one_would(ring: Ring, in_token: TokenRoot) -> None:
    before = ring.path.read_bytes()
    told = add_root(ring.path, ring.file, in_token, entropy=ENTROPY, apply=False)
    assert [one.kind for one in told.roots] == [RootKind.FILE, RootKind.TOKEN]
    assert told.keys > 10
    with pytest.raises(RootChangeRefused):
        keep_only(ring.path, ring.file, entropy=ENTROPY, apply=False)
    with pytest.raises(TokenMissing):
        add_root(ring.path, ring.file, TokenRoot(in_token.token, "other"), entropy=ENTROPY, apply=False)
    with pytest.raises(KeyringMissing):
        add_root(ring.path, ring.file, FileRoot(ring.folder / "none"), entropy=ENTROPY, apply=False)
    assert ring.path.read_bytes() == before


def test_the_same_step_twice_is_refused_in_words(ring: Ring) -> None:
    new = ring.new_file("new")
    add_root(ring.path, ring.file, new, entropy=ENTROPY)
    with pytest.raises(RootChangeRefused, match="--finish"):
        add_root(ring.path, ring.file, new, entropy=ENTROPY)
    keep_only(ring.path, new, entropy=ENTROPY)
    with pytest.raises(RootChangeRefused, match="nothing to finish"):
        keep_only(ring.path, new, entropy=ENTROPY)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("finish", [False, True])
def test_a_kill_at_any_moment_leaves_a_ring_that_opens_and_the_same_call_goes_on(
    ring: Ring, step: str, finish: bool
) -> None:
    new = ring.new_file("new")
    if finish:
        add_root(ring.path, ring.file, new, entropy=ENTROPY)
    root = new if finish else ring.file
    _killed(step, "finish" if finish else "add", ring.path, root.path, new.path)
    ring.check(root)
    try:
        if finish:
            keep_only(ring.path, new, entropy=ENTROPY)
        else:
            add_root(ring.path, ring.file, new, entropy=ENTROPY)
    except RootChangeRefused:
        assert step == "after the name"
    ring.check(new)
    assert len(opening_roots(ring.path, new)) == (1 if finish else 2)


def _killed(step: str, what: str, path: Path, root: Path, new: Path) -> None:
    """Do a step in a process of its own that is killed just before, or just after, the new file gets its name."""
    done = subprocess.run([sys.executable, "-c", _CHILD, step, what, str(path), str(root), str(new)], check=False)
    assert done.returncode == -signal.SIGKILL


_CHILD = """
import os, signal, sys
from pathlib import Path
from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.root_change import add_root, keep_only
from eztong.adapters.keys.root_file import FileRoot

step, what, path, root, new = sys.argv[1:]
replace = Path.replace

def replaced(self, target):
    if step == "after the name":
        replace(self, target)
    os.kill(os.getpid(), signal.SIGKILL)

Path.replace = replaced
if what == "add":
    add_root(Path(path), FileRoot(Path(root)), FileRoot(Path(new)), entropy=SystemEntropy())
else:
    keep_only(Path(path), FileRoot(Path(root)), entropy=SystemEntropy())
"""


def _entries(path: Path) -> list[dict[str, str]]:
    entries: list[dict[str, str]] = json.loads(path.read_text())["keys"]
    return entries

"""The file keyring's own promises: private, whole, atomic, shared with other processes."""

from __future__ import annotations

import base64
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring, load_keyring
from eztong.adapters.keys.keyring_file import read_ring, write_ring
from eztong.adapters.keys.problems import (
    KeyringDamaged,
    KeyringExists,
    KeyringExposed,
    KeyringMissing,
    KeyringProblem,
    KeyringRolledBack,
    RootKeyWrong,
)
from eztong.adapters.keys.rotation import EFFECTS, PURPOSES, first_keys, rotated
from eztong.domain.keys.rotation import STABLE, RotationRefused
from eztong.ports.keys import InputPurpose, MacPurpose, SignPurpose
from tests.contract.keys.conftest import HOUR, START, make_file_keyring, ring_in

ENTROPY = SystemEntropy()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a keyring and its root key lie."""

    ring: Path
    root: Path

    def load(self) -> FileKeyring:
        """Load the keyring."""
        return load_keyring(self.ring, self.root)

    def edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change the keyring's JSON as an intruder would."""
        document = json.loads(self.ring.read_text())
        change(document)
        self.ring.write_text(json.dumps(document))


@pytest.fixture
def place(made: Mapping[str, Path], tmp_path: Path) -> Place:
    """A copy of a new keyring."""
    return Place(*ring_in(shutil.copytree(made["file"], tmp_path, dirs_exist_ok=True)))


@pytest.fixture
def new_place(tmp_path: Path) -> Place:
    """A keyring that was made here."""
    make_file_keyring(tmp_path)
    return Place(*ring_in(tmp_path))


def mode_of(path: Path) -> int:
    """Return the permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


def test_files_are_for_their_owner_only(new_place: Place) -> None:
    """0600 in 0700, whatever the umask; nothing else is left behind."""
    assert [mode_of(path) for path in (new_place.ring, new_place.root)] == [0o600, 0o600]
    assert [mode_of(path.parent) for path in (new_place.ring, new_place.root)] == [0o700, 0o700]
    assert [path.name for path in new_place.ring.parent.iterdir()] == ["keyring.json"]


def test_loading_gives_the_same_keys(place: Place) -> None:
    """A restart changes nothing."""
    first, second = place.load(), place.load()
    assert first.mac(MacPurpose.LOOKUP, b"data") == second.mac(MacPurpose.LOOKUP, b"data")
    assert first.describe() == second.describe()
    assert first.public_key(SignPurpose.RESULTS) == second.public_key(SignPurpose.RESULTS)


def test_no_secret_is_in_the_file_in_clear(place: Place) -> None:
    """The file without the root key says nothing but names and dates."""
    entries = json.loads(place.ring.read_text())["keys"]
    assert {len(base64.b64decode(entry["sealed"])) for entry in entries if entry["purpose"] == "kek"} == {1 + 12 + 32}
    root = base64.b64decode(place.root.read_text())
    assert root not in place.ring.read_bytes()
    assert root.hex() not in place.ring.read_text()


def test_nothing_shows_a_secret_when_printed(place: Place) -> None:
    """A debugger, a log line or a traceback may print any of these."""
    ring = place.load()
    shown = repr((ring, ring.describe(), ring.published(), ring.__dict__))
    assert "secret=" not in shown
    assert "b'" not in shown
    assert 'b"' not in shown


def test_an_existing_keyring_is_never_overwritten(place: Place) -> None:
    """A second init would erase everybody's data."""
    before = place.ring.read_bytes()
    with pytest.raises(KeyringExists):
        create_keyring(place.ring, place.root, entropy=ENTROPY, now=START)
    assert place.ring.read_bytes() == before


def test_a_root_key_that_is_there_is_used(place: Place, tmp_path: Path) -> None:
    """The operator may prepare it on another volume."""
    other = tmp_path / "other" / "keyring.json"
    before = place.root.read_bytes()
    create_keyring(other, place.root, entropy=ENTROPY, now=START)
    assert place.root.read_bytes() == before
    load_keyring(other, place.root)


@pytest.mark.parametrize("which", ["ring", "root"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o601])
def test_loose_files_are_refused(place: Place, which: str, mode: int) -> None:
    """The error says which file and what to run."""
    path: Path = getattr(place, which)
    path.chmod(mode)
    with pytest.raises(KeyringExposed, match=f"chmod 600 .*{path.name}"):
        place.load()


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o755, 0o711])
def test_a_loose_folder_is_refused(place: Place, mode: int) -> None:
    """Who may look into the folder may exchange or list its files; refused for old and new keyrings."""
    place.ring.parent.chmod(mode)
    with pytest.raises(KeyringExposed, match="chmod 700"):
        place.load()
    place.ring.unlink()
    with pytest.raises(KeyringExposed, match="chmod 700"):
        create_keyring(place.ring, place.root, entropy=ENTROPY, now=START)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_files_of_another_user_are_refused(place: Place) -> None:
    """What another user owns, that user can change."""
    os.chown(place.ring, 12345, 12345)
    with pytest.raises(KeyringExposed, match="another user"):
        place.load()


@pytest.mark.parametrize("which", ["ring", "root"])
def test_a_missing_file_is_named(place: Place, which: str) -> None:
    """The error says which one, and what to do."""
    path: Path = getattr(place, which)
    path.unlink()
    with pytest.raises(KeyringMissing, match=path.name):
        place.load()


def test_a_folder_in_place_of_a_file_is_refused(place: Place) -> None:
    """A mistake in a mount does not end in a stack trace."""
    place.root.unlink()
    place.root.mkdir(0o700)
    with pytest.raises(KeyringDamaged):
        place.load()


def test_another_root_key_is_told_from_damage(place: Place) -> None:
    """The operator mixed up backups: the answer says so."""
    place.root.write_bytes(base64.b64encode(bytes(16)))
    with pytest.raises(RootKeyWrong, match="another root key"):
        place.load()


@pytest.mark.parametrize("content", [b"", b"not base64!", base64.b64encode(bytes(15)), base64.b64encode(bytes(32))])
def test_a_malformed_root_key_is_refused(place: Place, content: bytes) -> None:
    """Sixteen bytes in base64, nothing else."""
    place.root.write_bytes(content)
    with pytest.raises(RootKeyWrong):
        place.load()


TAMPERINGS: dict[str, Callable[[dict[str, Any]], object]] = {
    "state": lambda d: d["keys"][2].update(state="retired"),
    "date": lambda d: d["keys"][-1].update(created_at="2020-01-01T00:00:00.000Z"),
    "end": lambda d: d["keys"][-1].update(retired_at="2030-01-01T00:00:00.000Z"),
    "number": lambda d: d["keys"][2].update(number=2),
    "swapped secrets": lambda d: d["keys"][0].update(sealed=d["keys"][1]["sealed"]),
    "left out": lambda d: d["keys"].pop(3),
    "twice": lambda d: d["keys"].append(d["keys"][0]),
    "order": lambda d: d["keys"].reverse(),
    "extra member": lambda d: d["keys"][0].update(note="x"),
    "top member": lambda d: d.update(note="x"),
    "format": lambda d: d.update(format="eztong/keyring/v2"),
    "no check": lambda d: d.pop("check"),
    "check type": lambda d: d.update(check=7),
    "keys type": lambda d: d.update(keys={"a": 1}),
    "float": lambda d: d["keys"][0].update(number=1.5),
}


@pytest.mark.parametrize("tampering", sorted(TAMPERINGS))
def test_an_edited_keyring_is_refused(place: Place, tampering: str) -> None:
    """Names, states and dates are protected like the secrets."""
    place.edit(TAMPERINGS[tampering])
    with pytest.raises(KeyringDamaged):
        place.load()


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_a_damaged_keyring_never_ends_in_another_error(place: Place, data: st.DataObject) -> None:
    """Cut off or with any byte changed, it is refused in the keyring's own words, or it is the same JSON."""
    good = place.ring.read_bytes()
    position = data.draw(st.integers(0, len(good) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != good[position]))
    try:
        for bad in (good[:position], good[:position] + bytes([byte]) + good[position + 1 :]):
            place.ring.write_bytes(bad)
            try:
                place.load()
            except KeyringProblem:
                continue
            assert json.loads(bad) == json.loads(good)
    finally:
        place.ring.write_bytes(good)


def test_a_running_server_notices_a_rotation(place: Place) -> None:
    """The command line rotates, the server takes the key over, and nothing that it made is lost."""
    server, command = place.load(), place.load()
    assert not server.reload_if_changed()
    command.rotate("session", entropy=ENTROPY, now=START + HOUR)
    before = server.mac(MacPurpose.SESSION, b"data")
    assert server.reload_if_changed()
    assert not server.reload_if_changed()
    assert server.macs(MacPurpose.SESSION, b"data") == [command.mac(MacPurpose.SESSION, b"data"), before]


def test_a_rotation_of_ones_own_needs_no_reload(place: Place) -> None:
    """The keyring that rotated has the new key already."""
    ring = place.load()
    assert ring.rotate("results", entropy=ENTROPY, now=START + HOUR).key_id == "results-2"
    assert not ring.reload_if_changed()
    assert ring.sign(SignPurpose.RESULTS, b"note").key_id == "results-2"


def test_rotations_of_two_processes_do_not_undo_each_other(place: Place) -> None:
    """Each reads the file again before it writes."""
    one, two = place.load(), place.load()
    one.rotate("results", entropy=ENTROPY, now=START + HOUR)
    two.rotate("session", entropy=ENTROPY, now=START + HOUR)
    numbers = {info.key_id for info in place.load().describe()}
    assert {"results-2", "session-2"} <= numbers


def test_rotations_at_the_same_moment_take_turns(place: Place) -> None:
    """Six processes, six new keys: none is lost."""
    program = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from eztong.adapters.entropy import SystemEntropy\n"
        "from eztong.adapters.keys.keyring import load_keyring\n"
        "ring = load_keyring(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "ring.rotate('kek', entropy=SystemEntropy(), now=datetime.fromisoformat(sys.argv[3]))\n"
    )
    command = [sys.executable, "-c", program, str(place.ring), str(place.root), (START + HOUR).isoformat()]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    running = [subprocess.Popen(command, env=environment) for _ in range(6)]
    assert [process.wait(30) for process in running] == [0] * 6
    assert sum(info.purpose == "kek" for info in place.load().describe()) == 7


def test_an_older_copy_does_not_replace_keys_in_use(place: Place) -> None:
    """A restored backup without the newest keys would lose what they sealed; the server keeps its keys."""
    ring, backup = place.load(), place.ring.read_bytes()
    ring.rotate("kek", entropy=ENTROPY, now=START + HOUR)
    wrapped = ring.wrap(bytes(16), nonce=bytes(12), owner="hld_a")
    place.ring.write_bytes(backup)
    for _ in range(2):
        with pytest.raises(KeyringRolledBack, match="kek-2"):
            ring.reload_if_changed()
    assert ring.unwrap(wrapped, owner="hld_a") == bytes(16)


def test_a_file_that_became_unreadable_leaves_the_keys_in_use(place: Place) -> None:
    """The server goes on, the operator is told each time, and a repair is noticed."""
    ring, good = place.load(), place.ring.read_bytes()
    place.ring.write_bytes(b"{}")
    with pytest.raises(KeyringDamaged):
        ring.reload_if_changed()
    assert ring.mac(MacPurpose.LOOKUP, b"data")
    place.ring.unlink()
    with pytest.raises(KeyringMissing):
        ring.reload_if_changed()
    place.ring.touch(0o600)
    place.ring.write_bytes(good)
    assert ring.reload_if_changed()


def test_what_a_crash_left_behind_is_no_obstacle(place: Place) -> None:
    """A draft from an interrupted write is replaced."""
    draft = place.ring.with_name("keyring.json.new")
    draft.write_bytes(b"half of a ri")
    place.load().rotate("results", entropy=ENTROPY, now=START + HOUR)
    assert not draft.exists()
    assert mode_of(place.ring) == 0o600


def test_a_refused_rotation_leaves_the_file_alone(place: Place) -> None:
    """Nothing is written before the decision."""
    before = place.ring.read_bytes()
    with pytest.raises(RotationRefused):
        place.load().rotate("lookup", entropy=ENTROPY, now=START + HOUR)
    assert place.ring.read_bytes() == before


def test_numbers_end_at_999() -> None:
    """The QR payload has three digits for the number; the rotation that would need a fourth is refused."""
    keys = [replace(key, number=998) for key in first_keys(entropy=ENTROPY, now=START) if key.purpose == "kek"]
    keys = rotated(keys, "kek", entropy=ENTROPY, now=START + HOUR)
    assert keys[-1].key_id == "kek-999"
    with pytest.raises(RotationRefused, match="no numbers left"):
        rotated(keys, "kek", entropy=ENTROPY, now=START + 2 * HOUR)


def test_every_rotation_has_its_effect_explained() -> None:
    """The operator can be told before it happens."""
    assert set(EFFECTS) == set(PURPOSES) - STABLE


def test_a_ring_of_an_earlier_version_gets_its_input_keys_by_a_first_rotation(tmp_path: Path) -> None:
    """It loads without them, so that an upgrade needs no downtime; then nothing encrypted opens until they are made."""
    made = make_file_keyring(tmp_path)
    path, root = tmp_path / "data" / "keyring.json", tmp_path / "root" / "root.key"
    earlier = [key for key in read_ring(path, root) if key.purpose not in set(InputPurpose)]
    write_ring(path, root, earlier, entropy=SystemEntropy())
    ring = FileKeyring(path, root)
    assert (ring.input_keys(), ring.open_input(InputPurpose.RSA, b"x")) == ([], [])
    ring.complete(entropy=SystemEntropy(), now=START)
    assert [key.key_id for key in ring.input_keys()] == [key.key_id for key in made.input_keys()]
    ring.complete(entropy=SystemEntropy(), now=START)
    assert len(ring.input_keys()) == 2

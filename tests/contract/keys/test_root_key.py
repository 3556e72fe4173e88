"""The root key port, over a file and over a PKCS#11 token: what each wraps, only it opens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.keys.keyring_file import read_ring, root_key_id_of
from eztong.adapters.keys.problems import RootKeyWrong
from eztong.adapters.keys.root_file import FileRoot, create_root_key
from eztong.adapters.keys.root_token import TokenRoot
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.keys import MacPurpose, SignPurpose
from eztong.ports.root_key import SECRET_BYTES, RootKey
from tests.contract.keys.conftest import HOUR, START
from tests.simulators.outside.softhsm import ROOT_LABEL, SoftHsm

ENTROPY = SystemEntropy()
SECRET = b"sixteen  secrets"
PLACE = ("jobs", "job_1", "sealed")
MakeRoot = Callable[[str], RootKey]


@pytest.fixture(params=["file", "token"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> MakeRoot:
    """Make root keys of each kind, by a name."""

    def in_file(name: str) -> RootKey:
        (tmp_path / name).mkdir(mode=0o700)
        create_root_key(tmp_path / name / "root.key", entropy=ENTROPY)
        return FileRoot(tmp_path / name / "root.key")

    def in_token(name: str) -> RootKey:
        softhsm: SoftHsm = request.getfixturevalue("softhsm")
        return TokenRoot(softhsm.token(f"{name} {SystemEntropy().token(4).hex()}"), ROOT_LABEL)

    return in_file if request.param == "file" else in_token


def nonce() -> bytes:
    return SystemEntropy().token(NONCE_BYTES)


def test_what_a_root_key_wraps_it_opens_and_the_secret_is_not_in_it(make: MakeRoot) -> None:
    root = make("one")
    wrapped = root.wrap(SECRET, nonce=nonce())
    assert root.unwrap(wrapped) == SECRET
    assert len(SECRET) == SECRET_BYTES
    assert SECRET not in wrapped
    assert root.is_there()
    assert root.name() == root.name()


def test_another_root_key_of_the_same_kind_does_not_open_it(make: MakeRoot) -> None:
    wrapped = make("one").wrap(SECRET, nonce=nonce())
    with pytest.raises(RootKeyWrong):
        make("two").unwrap(wrapped)


@pytest.mark.parametrize("at", [0, 7, -1])
def test_a_changed_byte_does_not_open(make: MakeRoot, at: int) -> None:
    root = make("one")
    wrapped = bytearray(root.wrap(SECRET, nonce=nonce()))
    wrapped[at] ^= 1
    with pytest.raises(RootKeyWrong):
        root.unwrap(bytes(wrapped))


@pytest.mark.parametrize("cut", [0, 1, 8, 16])
def test_what_is_too_short_does_not_open(make: MakeRoot, cut: int) -> None:
    root = make("one")
    with pytest.raises(RootKeyWrong):
        root.unwrap(root.wrap(SECRET, nonce=nonce())[:cut])


def test_a_ring_under_a_root_key_opens_again_is_rotated_and_does_what_it_did(make: MakeRoot, tmp_path: Path) -> None:
    root, path = make("one"), tmp_path / "data" / "keyring.json"
    keys = create_keyring(path, root, entropy=ENTROPY, now=START)
    sealed = keys.seal(b"words", nonce=nonce(), place=PLACE)
    signed, ring = keys.sign(SignPurpose.RESULTS, b"root"), root_key_id_of(path.read_bytes())
    keys.rotate("results", entropy=ENTROPY, now=START + HOUR)
    again = FileKeyring(path, root)
    assert again.open(sealed, place=PLACE) == b"words"
    assert again.mac(MacPurpose.LOOKUP, b"number") == keys.mac(MacPurpose.LOOKUP, b"number")
    again.published()[0].public_key.verify(signed.signature, b"root")
    assert root_key_id_of(path.read_bytes()) == ring, "backups of before are still known as this deployment's"
    assert all(key.secret not in path.read_bytes() for key in read_ring(path, root))


def test_a_ring_does_not_open_by_another_root_key(make: MakeRoot, tmp_path: Path) -> None:
    path = tmp_path / "data" / "keyring.json"
    create_keyring(path, make("one"), entropy=ENTROPY, now=START)
    with pytest.raises(RootKeyWrong):
        FileKeyring(path, make("two"))

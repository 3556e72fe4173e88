"""A token that cannot be used says why, in a sentence; a wrong PIN is tried once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pkcs11
import pytest

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring, create_keyring
from eztong.adapters.keys.problems import (
    KeyringExists,
    KeyringExposed,
    TokenMechanismMissing,
    TokenMissing,
    TokenPinWrong,
    TokenProblem,
)
from eztong.adapters.keys.root_token import TokenRoot, make_root
from eztong.adapters.keys.token import Token, TokenConfig
from eztong.domain.sealing import NONCE_BYTES
from tests.contract.keys.conftest import START
from tests.simulators.outside.softhsm import PIN, ROOT_LABEL, SoftHsm, module_path

SECRET = b"sixteen  secrets"
TRIES_OF_A_CAREFUL_TOKEN = 3


@pytest.fixture
def label() -> str:
    """A token that no other test has."""
    return f"t-{SystemEntropy().token(6).hex()}"


def wrap(token: Token, key: str = ROOT_LABEL) -> bytes:
    return TokenRoot(token, key).wrap(SECRET, nonce=SystemEntropy().token(NONCE_BYTES))


def test_a_wrong_pin_is_told_and_never_tried_again(softhsm: SoftHsm, label: str) -> None:
    softhsm.token(label)
    wrong = softhsm.open(label, pin="000000")
    with pytest.raises(TokenPinWrong, match="does not take the PIN"):
        wrap(wrong)
    for _ in range(TRIES_OF_A_CAREFUL_TOKEN):
        with pytest.raises(TokenPinWrong, match="not tried again"):
            wrap(wrong)


def test_a_service_that_is_started_again_and_again_leaves_the_token_alone_until_a_person_gave_the_right_pin(
    softhsm: SoftHsm, label: str
) -> None:
    softhsm.token(label)
    with pytest.raises(TokenPinWrong):
        wrap(softhsm.open(label, pin="000000"))
    for pin in ("000000", PIN):
        with pytest.raises(TokenPinWrong, match="left alone"):
            wrap(softhsm.open(label, pin=pin))
    softhsm.open(label).check_pin()
    softhsm.look_again()
    assert wrap(softhsm.open(label))


def test_a_person_with_a_wrong_pin_is_told_so(softhsm: SoftHsm, label: str) -> None:
    softhsm.token(label)
    with pytest.raises(TokenPinWrong, match="does not take the PIN"):
        softhsm.open(label, pin="000000").check_pin()


def test_neither_the_pin_nor_the_secret_stands_in_what_is_printed(softhsm: SoftHsm, label: str) -> None:
    token = softhsm.token(label)
    root = TokenRoot(token, ROOT_LABEL)
    assert PIN not in f"{token!r} {token.config!r} {root!r} {root.place()}"
    assert label in root.place()
    assert label in token.describe()


def test_the_pin_comes_from_a_file_that_is_for_its_owner_alone(softhsm: SoftHsm, label: str, tmp_path: Path) -> None:
    softhsm.token(label)
    file = tmp_path / "pin"
    file.write_text(f"{PIN}\n")
    config = TokenConfig(module=module_path(), label=label, pin_file=file)
    file.chmod(0o640)
    with pytest.raises(KeyringExposed):
        wrap(Token(config))
    file.chmod(0o600)
    assert wrap(Token(config))


def test_without_a_pin_nothing_is_tried(softhsm: SoftHsm, label: str) -> None:
    softhsm.token(label)
    with pytest.raises(TokenPinWrong, match="EZTONG_TOKEN_PIN_FILE"):
        wrap(Token(TokenConfig(module=module_path(), label=label)))


def test_a_token_a_key_or_a_module_that_is_not_there_is_named(softhsm: SoftHsm, label: str) -> None:
    token = softhsm.token(label)
    with pytest.raises(TokenMissing, match="no token with label nobody"):
        wrap(softhsm.open("nobody"))
    with pytest.raises(TokenMissing, match="no AES key other"):
        wrap(token, "other")
    with pytest.raises(TokenMissing, match=r"none\.so cannot be loaded"):
        wrap(Token(TokenConfig(module=Path("/none.so"), label=label, pin=PIN)))


def test_a_token_is_found_by_its_serial_number(softhsm: SoftHsm, label: str) -> None:
    serial = softhsm.token(label).describe().rpartition("serial ")[2].rstrip(")")
    assert wrap(Token(TokenConfig(module=module_path(), serial=serial, pin=PIN)))
    with pytest.raises(TokenMissing, match="serial 00"):
        wrap(Token(TokenConfig(module=module_path(), serial="00", pin=PIN)))


def test_a_root_key_is_made_once_and_cannot_be_taken_out(softhsm: SoftHsm, label: str) -> None:
    token = softhsm.token(label)
    with pytest.raises(KeyringExists):
        make_root(token, ROOT_LABEL)

    def value(session: pkcs11.Session) -> object:
        key = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label=ROOT_LABEL)
        return key[pkcs11.Attribute.VALUE]

    with pytest.raises(TokenProblem, match="AttributeSensitive"):
        token.use(value)


def test_what_the_token_does_not_do_is_said(softhsm: SoftHsm, label: str) -> None:
    token = softhsm.token(label)

    def encrypt(session: pkcs11.Session) -> bytes:
        root = session.get_key(object_class=pkcs11.ObjectClass.SECRET_KEY, label=ROOT_LABEL)
        made: bytes = root.wrap_key(root, mechanism=pkcs11.Mechanism.DES3_ECB)  # type: ignore[attr-defined]
        return made

    with pytest.raises(TokenMechanismMissing, match="MechanismInvalid"):
        token.use(encrypt)


def test_a_session_that_was_lost_is_opened_once_more(softhsm: SoftHsm, label: str) -> None:
    token = softhsm.token(label)
    wrapped = wrap(token)
    # What a token does that was taken out and put back: every session ends.
    token.use(lambda session: session.close())
    assert TokenRoot(token, ROOT_LABEL).unwrap(wrapped) == SECRET
    softhsm.look_again()
    assert TokenRoot(token, ROOT_LABEL).unwrap(wrapped) == SECRET


def test_a_session_that_stays_lost_is_told_and_the_next_use_tries_again(softhsm: SoftHsm, label: str) -> None:
    token = softhsm.token(label)
    tried = []

    def lost(_session: pkcs11.Session) -> None:
        tried.append(1)
        raise pkcs11.exceptions.DeviceRemoved

    with pytest.raises(TokenProblem, match="DeviceRemoved"):
        token.use(lost)
    assert len(tried) == 2
    assert wrap(token)


def test_a_service_refuses_to_start_without_its_token(softhsm: SoftHsm, label: str, tmp_path: Path) -> None:
    root = TokenRoot(softhsm.token(label), ROOT_LABEL)
    path = tmp_path / "data" / "keyring.json"
    create_keyring(path, root, entropy=SystemEntropy(), now=START)
    gone = replace(root, token=softhsm.open("taken out"))
    with pytest.raises(TokenMissing, match="taken out"):
        FileKeyring(path, gone)

"""A rotation of the keyring ends nothing at once: what was made under the key before is still found under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from eztong.adapters.keys.keyring import FileKeyring, create_keyring, load_keyring
from eztong.domain.codes.presentation_code import parse_presented
from eztong.domain.errors import KeyUnknown
from eztong.domain.identifiers import PartnerId
from eztong.domain.keys.rotation import ROTATION_PAUSE
from eztong.domain.partners.partner import Scope
from eztong.domain.recovery import RecoveryOver
from eztong.ports.act import SYSTEM
from eztong.ports.keys import MacPurpose
from eztong.usecases.access.find_session import hash_session, known_hash
from eztong.usecases.access.open_session import Opening
from eztong.usecases.codes.verify_code import check_genuine
from eztong.usecases.partners.authenticate_partner import IssueApiKey, authenticate_partner, issue_api_key
from eztong.usecases.recovery.waiting_recovery import begin_waiting, find_by_link, terms_of
from tests.unit.usecases.codes.asking import answered, asking, qr_of, show
from tests.unit.usecases.fakes import START, CountedEntropy
from tests.unit.usecases.recovery.acts import link_token
from tests.unit.usecases.stage import Stage, copy_of, make_template

COOKIE = "cookie"
RING, ROOT_KEY = "keyring.json", "root.key"


@pytest.fixture(scope="module")
def with_ring(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A template with its keyring beside it, since every other test relies on the keys that all share."""
    folder = tmp_path_factory.mktemp("with-ring")
    keys = create_keyring(folder / RING, folder / ROOT_KEY, entropy=CountedEntropy("turning"), now=START)
    return make_template(folder, keys)


@pytest.fixture
def stage(with_ring: Path, tmp_path: Path) -> Iterator[Stage]:
    folder = copy_of(with_ring, tmp_path)
    made = Stage(folder, load_keyring(folder / RING, folder / ROOT_KEY))
    yield made
    made.close()


def turn(stage: Stage, *purposes: MacPurpose) -> None:
    """Give the purposes a new key each."""
    assert isinstance(stage.keys, FileKeyring)
    for purpose in purposes:
        stage.keys.rotate(purpose, entropy=stage.services.entropy, now=stage.clock.now())


def rotate(stage: Stage, purpose: MacPurpose) -> None:
    """Give the purpose a new key as soon as that is allowed again."""
    stage.clock.pass_by(seconds=ROTATION_PAUSE.total_seconds())
    turn(stage, purpose)


def seen(stage: Stage, cookie: str) -> bytes:
    """Return the look-up hash under which a browser with this cookie is known."""
    return stage.act(known_hash, cookie, store=stage.store)


def fresh(stage: Stage, cookie: str) -> bytes:
    """Return the look-up hash that a new session of this cookie gets."""
    return stage.act(hash_session, cookie)


def test_a_browser_keeps_its_session_until_the_second_rotation(stage: Stage) -> None:
    hashed = fresh(stage, COOKIE)
    session = replace(stage.session(), session_hash=hashed)
    stage.write(lambda uow: uow.sessions.add(session))
    rotate(stage, MacPurpose.SESSION)
    assert seen(stage, COOKIE) == hashed != fresh(stage, COOKIE)
    assert seen(stage, "another") == fresh(stage, "another")
    rotate(stage, MacPurpose.SESSION)
    assert seen(stage, COOKIE) == fresh(stage, COOKIE) != hashed


def test_a_browser_whose_recovery_waits_is_known_as_before_and_so_is_the_link(stage: Stage) -> None:
    hashed = fresh(stage, COOKIE)
    opening = Opening(session_hash=b"new", fresh_hash=hashed, device_label="Phone")
    recovery = stage.act(begin_waiting, stage.holder(), opening, terms=terms_of(stage.services.deployment))
    rotate(stage, MacPurpose.SESSION)
    assert seen(stage, COOKIE) == hashed
    assert stage.act(find_by_link, link_token(stage)) == recovery
    rotate(stage, MacPurpose.SESSION)
    with pytest.raises(RecoveryOver):
        stage.act(find_by_link, link_token(stage))


def test_an_api_key_is_known_until_the_second_rotation(stage: Stage) -> None:
    command = IssueApiKey(
        partner_id=PartnerId("hotel"), label="till", scopes=frozenset({Scope.VERIFY}), live=False, life=None
    )
    key, text = stage.act(issue_api_key, command, by=SYSTEM)
    rotate(stage, MacPurpose.API_KEY)
    assert stage.act(authenticate_partner, text).key == key
    rotate(stage, MacPurpose.API_KEY)
    with pytest.raises(KeyUnknown):
        stage.act(authenticate_partner, text)


def test_a_code_that_is_on_a_screen_while_its_keys_turn_passes(stage: Stage) -> None:
    stage.clock.pass_by(seconds=ROTATION_PAUSE.total_seconds())
    stage.unlock()
    shown = show(stage)
    turn(stage, MacPurpose.CODE_HANDLE, MacPurpose.QR_TAG)
    stage.act(check_genuine, parse_presented(qr_of(shown)))
    assert answered(stage, asking(stage, qr_of(shown))).verification.holder_id == stage.holder_id()

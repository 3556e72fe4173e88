"""What the keys port promises, whatever keeps the keys."""

from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eztong.adapters.entropy import SystemEntropy
from eztong.adapters.keys.keyring import FileKeyring
from eztong.adapters.keys.problems import PurposeUnknown
from eztong.domain.errors import NotFound
from eztong.domain.evidence.signed_note import key_hash
from eztong.domain.holder import WrappedKey
from eztong.domain.keys.rotation import KeyState, RotationRefused
from eztong.gm.errors import DecryptionFailed, SignatureInvalid
from eztong.gm.sm2 import PublicKey
from eztong.ports.keys import InputPurpose, MacPurpose, SignPurpose
from tests.contract.keys.conftest import HOUR, START

DATA_KEY = bytes(range(16))
NONCE = bytes(12)
PLACE = ("outbox", "msg_1", "sealed")
ROTATABLE_MACS = sorted(set(MacPurpose) - {MacPurpose.LOOKUP, MacPurpose.PARTNER_CODE})


def rotate(keys: FileKeyring, purpose: str, *, hours: int) -> None:
    """Rotate so many hours after the keys were made."""
    keys.rotate(purpose, entropy=SystemEntropy(), now=START + hours * HOUR)


@pytest.mark.parametrize("purpose", MacPurpose)
def test_every_purpose_has_a_key_of_its_own(keys: FileKeyring, purpose: MacPurpose) -> None:
    """The same data gives another value for each purpose."""
    others = {keys.mac(other, b"data") for other in MacPurpose if other is not purpose}
    assert keys.mac(purpose, b"data") not in others
    assert len(keys.mac(purpose, b"data")) == 32
    assert keys.macs(purpose, b"data") == [keys.mac(purpose, b"data")]


@pytest.mark.parametrize("purpose", MacPurpose)
def test_a_key_is_found_by_its_number(keys: FileKeyring, purpose: MacPurpose) -> None:
    """The active number names the key that mac uses."""
    number = keys.active_number(purpose)
    assert number == 1
    assert keys.mac_with(purpose, number, b"data") == keys.mac(purpose, b"data")


@pytest.mark.parametrize("number", [0, 2, 999, 1000, -1])
def test_a_number_that_was_never_given_is_not_found(keys: FileKeyring, number: int) -> None:
    """A forged QR payload may name any number."""
    with pytest.raises(NotFound):
        keys.mac_with(MacPurpose.QR_TAG, number, b"data")


def test_a_data_key_comes_back_for_its_owner(keys: FileKeyring) -> None:
    """Wrapped and unwrapped, it is the same."""
    wrapped = keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a")
    assert wrapped.kek_id == "kek-1"
    assert DATA_KEY not in wrapped.wrapped
    assert keys.unwrap(wrapped, owner="hld_a") == DATA_KEY


def test_a_data_key_does_not_open_for_another_owner(keys: FileKeyring) -> None:
    """A row's key copied to another row is useless."""
    with pytest.raises(DecryptionFailed):
        keys.unwrap(keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a"), owner="hld_b")


@pytest.mark.parametrize("kek_id", ["", "kek", "kek-2", "kek-01", "service_seal-1", "lookup-1", "results-1"])
def test_a_data_key_opens_under_its_own_key_only(keys: FileKeyring, kek_id: str) -> None:
    """A renamed key id reaches no other key, least of all one of another purpose."""
    wrapped = msgspec.structs.replace(keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a"), kek_id=kek_id)
    with pytest.raises(DecryptionFailed):
        keys.unwrap(wrapped, owner="hld_a")


@given(position=st.integers(0, 44), flip=st.integers(1, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_data_key_does_not_open(keys: FileKeyring, position: int, flip: int) -> None:
    """No byte can be changed."""
    wrapped = bytearray(keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a").wrapped)
    wrapped[position] ^= flip
    with pytest.raises(DecryptionFailed):
        keys.unwrap(WrappedKey(kek_id="kek-1", wrapped=bytes(wrapped)), owner="hld_a")


def test_a_sealed_value_comes_back_in_its_place(keys: FileKeyring) -> None:
    """Sealed and opened, it is the same; also if it is empty."""
    for plain in (b"", b"text", "中文".encode()):
        assert keys.open(keys.seal(plain, nonce=NONCE, place=PLACE), place=PLACE) == plain


@pytest.mark.parametrize("part", range(3))
def test_a_sealed_value_opens_in_its_place_only(keys: FileKeyring, part: int) -> None:
    """Another table, row or column: refused."""
    place = list(PLACE)
    place[part] = "other"
    with pytest.raises(DecryptionFailed):
        keys.open(keys.seal(b"text", nonce=NONCE, place=PLACE), place=(place[0], place[1], place[2]))


@pytest.mark.parametrize("length", range(35))
def test_a_sealed_value_that_was_cut_off_does_not_open(keys: FileKeyring, length: int) -> None:
    """Every shorter beginning is refused in the same way."""
    sealed = keys.seal(b"text", nonce=NONCE, place=PLACE)
    assert len(sealed) == 35
    with pytest.raises(DecryptionFailed):
        keys.open(sealed[:length], place=PLACE)


@given(position=st.integers(0, 34), flip=st.integers(1, 255))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_changed_sealed_value_does_not_open(keys: FileKeyring, position: int, flip: int) -> None:
    """No byte can be changed, the key's number neither."""
    sealed = bytearray(keys.seal(b"text", nonce=NONCE, place=PLACE))
    sealed[position] ^= flip
    with pytest.raises(DecryptionFailed):
        keys.open(bytes(sealed), place=PLACE)


def test_wrapping_and_sealing_use_different_keys(keys: FileKeyring) -> None:
    """What was sealed for the service is no holder's data key, and the other way round."""
    sealed = keys.seal(DATA_KEY, nonce=NONCE, place=("data_key", "hld_a", "kek-1"))
    with pytest.raises(DecryptionFailed):
        keys.unwrap(WrappedKey(kek_id="kek-1", wrapped=sealed[2:]), owner="hld_a")
    wrapped = keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a").wrapped
    with pytest.raises(DecryptionFailed):
        keys.open(b"\x00\x01" + wrapped, place=("data_key", "hld_a", "kek-1"))


def test_a_signature_fits_the_published_key(keys: FileKeyring) -> None:
    """Whoever has the published key can check, and the note hash is that of the key."""
    made = keys.sign(SignPurpose.RESULTS, b"note")
    (published,) = keys.published()
    published.public_key.verify(made.signature, b"note")
    assert made.key_id == published.key_id == "results-1"
    assert made.key_hash == key_hash(key_name="results-1", spki=published.public_key.to_spki())
    assert (published.not_before, published.retired_at) == (START.replace(microsecond=123_000), None)


def test_signing_purposes_do_not_stand_in_for_each_other(keys: FileKeyring) -> None:
    """A message to the authority is no signed result."""
    made = keys.sign(SignPurpose.AUTHORITY_CLIENT, b"note")
    with pytest.raises(SignatureInvalid):
        keys.published()[0].public_key.verify(made.signature, b"note")
    PublicKey.from_spki(keys.public_key(SignPurpose.AUTHORITY_CLIENT)).verify(made.signature, b"note")


@pytest.mark.parametrize("purpose", ROTATABLE_MACS)
def test_a_rotated_hash_key_still_checks_once(keys: FileKeyring, purpose: MacPurpose) -> None:
    """Active first, then retiring; after the next rotation the oldest is gone."""
    first = keys.mac(purpose, b"data")
    rotate(keys, purpose, hours=1)
    second = keys.mac(purpose, b"data")
    assert second != first
    assert (keys.macs(purpose, b"data"), keys.active_number(purpose)) == ([second, first], 2)
    assert keys.mac_with(purpose, 1, b"data") == first
    rotate(keys, purpose, hours=2)
    assert keys.macs(purpose, b"data") == [keys.mac(purpose, b"data"), second]
    with pytest.raises(NotFound):
        keys.mac_with(purpose, 1, b"data")


@pytest.mark.parametrize("purpose", ["lookup", "partner_code"])
def test_what_must_stay_stable_is_not_rotated(keys: FileKeyring, purpose: str) -> None:
    """Partner codes and blind indexes would change for everybody."""
    before = keys.describe()
    with pytest.raises(RotationRefused, match="cannot be rotated"):
        rotate(keys, purpose, hours=1)
    assert keys.describe() == before


def test_an_unknown_purpose_is_not_rotated(keys: FileKeyring) -> None:
    """A slip of the operator makes no key; the answer names what there is."""
    with pytest.raises(PurposeUnknown, match="results"):
        rotate(keys, "result", hours=1)


def test_two_rotations_need_a_pause(keys: FileKeyring) -> None:
    """A key must not end while a server that has not noticed may still sign with it."""
    rotate(keys, "results", hours=1)
    with pytest.raises(RotationRefused, match="10 minutes"):
        rotate(keys, "results", hours=1)
    rotate(keys, "session", hours=1)
    rotate(keys, "results", hours=2)


@pytest.mark.parametrize("purpose", ["kek", "service_seal"])
def test_what_was_sealed_opens_after_any_number_of_rotations(keys: FileKeyring, purpose: str) -> None:
    """Keys that seal stay for as long as something may be sealed with them."""
    wrapped = keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a")
    sealed = keys.seal(b"text", nonce=NONCE, place=PLACE)
    for hours in range(1, 5):
        rotate(keys, purpose, hours=hours)
    assert keys.unwrap(wrapped, owner="hld_a") == DATA_KEY
    assert keys.open(sealed, place=PLACE) == b"text"
    assert keys.unwrap(keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a"), owner="hld_a") == DATA_KEY
    states = [info.state for info in keys.describe() if info.purpose == purpose]
    assert states == [KeyState.RETIRING] * 4 + [KeyState.ACTIVE]


def test_retired_signing_keys_stay_published_with_their_end(keys: FileKeyring) -> None:
    """Old proofs must verify for ever, new ones with an old key must not."""
    old = keys.sign(SignPurpose.RESULTS, b"old")
    rotate(keys, "results", hours=1)
    assert [key.retired_at for key in keys.published()] == [None, None]
    rotate(keys, "results", hours=2)
    published = {key.key_id: key for key in keys.published()}
    assert list(published) == ["results-1", "results-2", "results-3"]
    published[old.key_id].public_key.verify(old.signature, b"old")
    assert published["results-1"].retired_at == (START + 2 * HOUR).replace(microsecond=123_000)
    assert (published["results-2"].retired_at, published["results-3"].retired_at) == (None, None)
    assert keys.sign(SignPurpose.RESULTS, b"new").key_id == "results-3"


def test_descriptions_tell_everything_but_the_key(keys: FileKeyring) -> None:
    """Each purpose once, number one, active."""
    described = keys.describe()
    assert {info.purpose for info in described} == {*MacPurpose, *SignPurpose, *InputPurpose, "kek", "service_seal"}
    assert {(info.number, info.state, info.retired_at) for info in described} == {(1, KeyState.ACTIVE, None)}
    assert all(info.key_id == f"{info.purpose}-1" for info in described)


def test_keys_can_be_used_from_many_threads_while_they_are_rotated(keys: FileKeyring) -> None:
    """Every value that a thread made can be checked by another, at any moment."""
    wrapped = keys.wrap(DATA_KEY, nonce=NONCE, owner="hld_a")
    lookup = keys.mac(MacPurpose.LOOKUP, b"data")

    def use(_round: int) -> None:
        assert keys.unwrap(wrapped, owner="hld_a") == DATA_KEY
        assert hmac.compare_digest(keys.mac(MacPurpose.LOOKUP, b"data"), lookup)
        assert keys.open(keys.seal(b"text", nonce=NONCE, place=PLACE), place=PLACE) == b"text"
        made = keys.sign(SignPurpose.RESULTS, b"note")
        published = {key.key_id: key.public_key for key in keys.published()}
        published[made.key_id].verify(made.signature, b"note")

    with ThreadPoolExecutor(8) as pool:
        rounds = pool.map(use, range(400))
        for hours in range(1, 9):
            for purpose in ("results", "service_seal", "kek", "session"):
                rotate(keys, purpose, hours=hours)
        assert len(list(rounds)) == 400

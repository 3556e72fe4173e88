"""Certificate requests: who signed, for which name, in which encoding."""

import subprocess
from pathlib import Path

import pytest
from asn1crypto.csr import CertificationRequest

from eztong.gm import _der
from eztong.gm.csr import UserIdMissing, build_csr, verify_csr
from eztong.gm.errors import EncodingInvalid, GmError, SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey

KEY = PrivateKey.generate()
NAME = "示例银行 Example Bank"
CSR = build_csr(KEY, NAME)

Attribute = tuple[str, int, bytes]
CN, ORGANISATION = "550403", "55040a"


def _signed(*attributes: Attribute, signer: PrivateKey = KEY, key: PublicKey | None = None) -> bytes:
    """Build a request with any subject, signed by anybody."""
    names = (
        _der.encode(
            _der.SET,
            _der.encode(
                _der.SEQUENCE,
                _der.encode(_der.OBJECT_IDENTIFIER, bytes.fromhex(oid)),
                _der.encode(tag, value),
            ),
        )
        for oid, tag, value in attributes
    )
    info = _der.encode(
        _der.SEQUENCE,
        _der.encode_integer(0),
        _der.encode(_der.SEQUENCE, *names),
        (key or signer.public_key()).to_spki(),
        _der.encode(_der.CONTEXT_0),
    )
    algorithm = bytes.fromhex("300a06082a811ccf55018375")
    signature = _der.encode_bit_string(signer.sign(info))
    return _der.encode(_der.SEQUENCE, info, algorithm, signature)


def test_request_returns_name_and_key() -> None:
    """What was asked for is what is read."""
    name, key = verify_csr(CSR)
    assert name == NAME
    assert key == KEY.public_key()


def test_request_is_read_alike_by_asn1crypto() -> None:
    """A second parser sees the same subject, key and algorithm."""
    info = CertificationRequest.load(CSR, strict=True)["certification_request_info"]
    assert info["subject"].native == {"common_name": NAME}
    assert info["subject_pk_info"].dump() == KEY.public_key().to_spki()
    assert info["version"].native == "v1"


def test_request_with_other_attributes_is_read() -> None:
    """Country and organisation beside the common name do no harm; PrintableString is text."""
    csr = _signed((ORGANISATION, _der.UTF8_STRING, "机构".encode()), (CN, _der.PRINTABLE_STRING, b"Bank"))
    assert verify_csr(csr).common_name == "Bank"


def test_request_for_somebody_elses_key_is_refused() -> None:
    """Whoever lacks the private key cannot have the public key certified."""
    victim = PrivateKey.generate().public_key()
    with pytest.raises(SignatureInvalid):
        verify_csr(_signed((CN, _der.UTF8_STRING, b"Bank"), key=victim))


def test_request_with_renamed_subject_is_refused() -> None:
    """The name is under the signature."""
    with pytest.raises(SignatureInvalid):
        verify_csr(CSR.replace(b"Example Bank", b"Example Tank"))


@pytest.mark.parametrize(
    "attributes",
    [
        (),
        ((ORGANISATION, _der.UTF8_STRING, b"Bank"),),
        ((CN, _der.UTF8_STRING, b"Bank"), (CN, _der.UTF8_STRING, b"Tank")),
        ((CN, _der.UTF8_STRING, b""),),
        ((CN, _der.UTF8_STRING, b"x" * 65),),
        ((CN, _der.UTF8_STRING, b"Bank\x00.evil"),),
        ((CN, _der.UTF8_STRING, "Bank\u202eknat".encode()),),
        ((CN, _der.UTF8_STRING, b"\xff\xfe"),),
        ((CN, 0x1E, b"\x00B"),),
    ],
    ids=["none", "no-cn", "two", "empty", "long", "nul", "bidi", "not-utf8", "bmpstring"],
)
def test_request_with_ambiguous_name_is_refused(attributes: tuple[Attribute, ...]) -> None:
    """One printable common name, or none of our business."""
    with pytest.raises(EncodingInvalid):
        verify_csr(_signed(*attributes))


def test_request_signed_with_another_algorithm_is_refused() -> None:
    """ecdsa-with-SHA256 over an SM2 key is not SM2-with-SM3."""
    forged = CSR.replace(bytes.fromhex("2a811ccf55018375"), bytes.fromhex("2a8648ce3d040302"))
    with pytest.raises(EncodingInvalid):
        verify_csr(forged)


def test_every_damaged_byte_is_refused() -> None:
    """No byte of a request can change unnoticed."""
    for position in range(len(CSR)):
        forged = bytearray(CSR)
        forged[position] ^= 0x01
        with pytest.raises(GmError):
            verify_csr(bytes(forged))


@pytest.mark.parametrize("damage", [CSR + b"\x00", CSR[:-1], b"", b"\x30\x80"])
def test_request_in_another_encoding_is_refused(damage: bytes) -> None:
    """Strict DER throughout."""
    with pytest.raises(EncodingInvalid):
        verify_csr(damage)


@pytest.mark.parametrize("name", ["", "x" * 65, "line\nbreak"])
def test_unprintable_name_is_not_requested(name: str) -> None:
    """We do not make what we would refuse."""
    with pytest.raises(EncodingInvalid):
        build_csr(KEY, name)


def test_openssls_default_user_id_is_told_apart(tmp_path: Path) -> None:
    """Without ``distid`` OpenSSL signs under an empty user id: the request is genuine, and cannot be taken."""
    key, request = tmp_path / "key.pem", tmp_path / "request.csr"
    make = ["openssl", "genpkey", "-algorithm", "SM2", "-out", str(key)]
    subprocess.run(make, check=True, capture_output=True)
    ask = [
        "openssl",
        "req",
        "-new",
        "-sm3",
        "-key",
        str(key),
        "-subj",
        "/CN=hotel",
        "-outform",
        "DER",
        "-out",
        str(request),
    ]
    subprocess.run(ask, check=True, capture_output=True)
    with pytest.raises(UserIdMissing):
        verify_csr(request.read_bytes())
    subprocess.run([*ask, "-sigopt", "distid:1234567812345678"], check=True, capture_output=True)
    assert verify_csr(request.read_bytes()).common_name == "hotel"
    with pytest.raises(SignatureInvalid) as caught:
        verify_csr(_signed((CN, _der.UTF8_STRING, b"hotel"), key=PrivateKey.generate().public_key()))
    assert not isinstance(caught.value, UserIdMissing)

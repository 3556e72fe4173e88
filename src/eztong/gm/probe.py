"""The self-test that runs before the first key is touched.

Some OpenSSL builds lack SM2 and some distributions patch it, so presence is not enough: the
published examples are computed and compared.
"""

from dataclasses import dataclass
from typing import Final

from eztong.gm import _libcrypto, dangerous, sm2_encrypt
from eztong.gm.errors import BackendUnavailable, GmError, SignatureInvalid
from eztong.gm.sm2 import PrivateKey, PublicKey
from eztong.gm.sm3 import sm3

# GB/T 32918.5-2017 appendix A: key pair, signature of "message digest" under the default user id,
# ciphertext of "encryption standard" in C1C3C2.
_SCALAR: Final = 0x3945208F_7B2144B1_3F36E38A_C6D39F95_88939369_2860B51A_42FB81EF_4DF7C5B8
_POINT: Final = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
_MESSAGE: Final = b"message digest"
_SIGNATURE: Final = bytes.fromhex(
    "3046022100f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
    "022100b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"
)
_PLAINTEXT: Final = b"encryption standard"
_CIPHERTEXT: Final = bytes.fromhex(
    "0404ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "21886ca989ca9c7d58087307ca93092d651efa"
)
# GB/T 32905-2016 appendix A.1 and GB/T 32907-2016 appendix A.1.
_SM3_OF_ABC: Final = bytes.fromhex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")
_SM4_BLOCK: Final = bytes.fromhex("0123456789abcdeffedcba9876543210")
_SM4_RESULT: Final = bytes.fromhex("681edf34d206965e86b3e94f536e4246")


@dataclass(frozen=True, slots=True)
class BackendReport:
    """Which library does SM2 here.

    Attributes:
        name: The kind of backend.
        version: The library's own version text.
    """

    name: str
    version: str


def check_backend() -> BackendReport:
    """Compute the published SM2, SM3 and SM4 examples; takes a few milliseconds.

    Raises:
        BackendUnavailable: Something is missing or computes another result; says what to do.
    """
    library = _libcrypto.libcrypto()
    try:
        _check_sm3_and_sm4()
        _check_signatures()
        _check_encryption()
    except BackendUnavailable:
        raise
    except GmError as error:
        raise BackendUnavailable("OpenSSL fails the published SM2 example") from error
    return BackendReport("OpenSSL libcrypto", _libcrypto.version(library))


def _check_sm3_and_sm4() -> None:
    if sm3(b"abc") != _SM3_OF_ABC:
        raise BackendUnavailable("SM3 computes a wrong digest")
    if dangerous.dangerous_sm4_ecb_encrypt(_SM4_BLOCK, _SM4_BLOCK) != _SM4_RESULT:
        raise BackendUnavailable("SM4 computes a wrong block")


def _check_signatures() -> None:
    """Accept the published signature, refuse it for another message, sign and verify anew."""
    private_key = PrivateKey.from_scalar(_SCALAR)
    if private_key.public_key() != PublicKey.from_point(_POINT):
        raise BackendUnavailable("SM2 computes a wrong public key")
    private_key.public_key().verify(_SIGNATURE, _MESSAGE)
    private_key.public_key().verify(private_key.sign(_MESSAGE), _MESSAGE)
    try:
        private_key.public_key().verify(_SIGNATURE, _PLAINTEXT)
    except SignatureInvalid:
        return
    raise BackendUnavailable("SM2 accepts the signature of another message")


def _check_encryption() -> None:
    private_key = PrivateKey.from_scalar(_SCALAR)
    fresh = sm2_encrypt.encrypt(private_key.public_key(), _PLAINTEXT)
    for ciphertext in (sm2_encrypt.raw_to_der(_CIPHERTEXT), fresh):
        if sm2_encrypt.decrypt(private_key, ciphertext) != _PLAINTEXT:
            raise BackendUnavailable("SM2 decrypts to a wrong plaintext")

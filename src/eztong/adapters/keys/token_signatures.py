"""Signatures by keys inside a PKCS#11 token: ES256, Ed25519, and SM2 by a mechanism of its maker's."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import pkcs11
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import MultipleObjectsReturned, NoSuchKey
from typing_extensions import override

from eztong.adapters.keys.problems import KeyringExists, TokenMechanismMissing, TokenMissing, TokenProblem
from eztong.adapters.keys.token import Token
from eztong.gm.errors import GmError
from eztong.gm.sm2 import DEFAULT_USER_ID, PublicKey
from eztong.ports.signing_token import SigningToken, TokenAlgorithm

_P256: Final = bytes.fromhex("06082a8648ce3d030107")
_ED25519: Final = bytes.fromhex("130c656477617264733235353139")
_HALF: Final = 32
_OCTETS: Final = 0x04
"""The tag of an OCTET STRING, in which a token keeps a point."""


class Pkcs11SigningToken(SigningToken):
    """Keys of one token, by their labels."""

    def __init__(self, token: Token, *, sm2_mechanism: int | None = None) -> None:
        """Sign in ``token``; ``sm2_mechanism`` is the number by which it signs an SM3 digest with SM2."""
        self._token = token
        self._sm2 = None if sm2_mechanism is None else vendor_mechanism(sm2_mechanism)

    @override
    def public_key(self, label: str, algorithm: TokenAlgorithm) -> bytes:
        point = self._token.use(lambda session: bytes(_key(session, ObjectClass.PUBLIC_KEY, label)[Attribute.EC_POINT]))
        try:
            return _spki(_content(point), algorithm)
        except (ValueError, UnsupportedAlgorithm, GmError) as error:
            raise TokenProblem(f"The key {label} of the token is none for {algorithm.value}.") from error

    @override
    def sign(self, label: str, algorithm: TokenAlgorithm, message: bytes) -> bytes:
        if algorithm is TokenAlgorithm.ED25519:
            return self._sign(label, message, Mechanism.EDDSA)
        if algorithm is TokenAlgorithm.ES256:
            return self._sign(label, sha256(message).digest(), Mechanism.ECDSA)
        if self._sm2 is None:
            raise TokenMechanismMissing("Set EZTONG_TOKEN_VENDOR_MECHANISM to the number that the token's maker gives.")
        public = PublicKey.from_spki(self.public_key(label, algorithm))
        raw = self._sign(label, public.digest_to_sign(message, DEFAULT_USER_ID), self._sm2)
        return encode_dss_signature(int.from_bytes(raw[:_HALF]), int.from_bytes(raw[_HALF:]))

    def make(self, label: str, algorithm: TokenAlgorithm) -> None:
        """Make a key pair that stays in the token. Those of SM2 are made by the tool of the token's maker.

        Raises:
            KeyringExists: there is one of this label.
            TokenMechanismMissing: SM2, or the token does not make such keys.
            TokenProblem: the token cannot be used.
        """
        kinds = {TokenAlgorithm.ES256: (KeyType.EC, _P256), TokenAlgorithm.ED25519: (KeyType.EC_EDWARDS, _ED25519)}
        if algorithm not in kinds:
            raise TokenMechanismMissing("Keys for SM2 are made by the tool of the token's maker.")
        kind, curve = kinds[algorithm]

        def made(session: pkcs11.Session) -> None:
            if any(True for _one in session.get_objects({Attribute.LABEL: label})):
                raise KeyringExists(f"There is a key {label} in the token already. {KeyringExists.advice}")
            parameters = session.create_domain_parameters(kind, {Attribute.EC_PARAMS: curve}, local=True)
            parameters.generate_keypair(
                store=True,
                label=label,
                private_template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
            )

        self._token.use(made)

    def _sign(self, label: str, content: bytes, mechanism: Mechanism) -> bytes:
        def signed(session: pkcs11.Session) -> bytes:
            key = _key(session, ObjectClass.PRIVATE_KEY, label)
            return bytes(key.sign(content, mechanism=mechanism))  # type: ignore[attr-defined]  # it signs

        signature = self._token.use(signed)
        if len(signature) != 2 * _HALF:
            raise TokenProblem(f"The token's signature has {len(signature)} bytes, and not 64.")
        return signature


def _key(session: pkcs11.Session, of: ObjectClass, label: str) -> pkcs11.Object:
    try:
        return session.get_key(object_class=of, label=label)
    except NoSuchKey as error:
        raise TokenMissing(f"There is no {of.name.lower().replace('_', ' ')} {label} in the token.") from error
    except MultipleObjectsReturned as error:
        raise TokenMissing(f"There is more than one key {label} in the token: give each its own label.") from error


def _content(point: bytes) -> bytes:
    """Return the point, which stands in an OCTET STRING; some tokens leave that out."""
    return point[2:] if point[:1] == bytes([_OCTETS]) and len(point) == point[1] + 2 else point


def _spki(point: bytes, algorithm: TokenAlgorithm) -> bytes:
    if algorithm is TokenAlgorithm.SM2:
        return PublicKey.from_point(point).to_spki()
    if algorithm is TokenAlgorithm.ES256:
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Ed25519PublicKey.from_public_bytes(point).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def vendor_mechanism(number: int) -> Mechanism:
    """Return a mechanism that the library has no name for; it takes members of its enumeration only."""
    made = int.__new__(Mechanism, number)
    made._name_, made._value_ = f"VENDOR_{number:#010x}", number
    return made

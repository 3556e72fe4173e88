"""Everything that can go wrong in the cryptography room.

The messages never contain keys, plaintext or message bytes.
"""


class GmError(Exception):
    """Base of every error that `eztong.gm` raises on purpose."""


class SignatureInvalid(GmError):
    """A signature or keyed digest does not belong to this message, key and user id."""


class DecryptionFailed(GmError):
    """A ciphertext was not made with this key and context, or was altered; no plaintext exists."""


class KeyInvalid(GmError):
    """Key material has a wrong size, is out of range, or is a point off the curve."""


class EncodingInvalid(GmError):
    """Bytes are not the one canonical encoding of a structure, or have a wrong length."""


class BackendUnavailable(GmError):
    """The OpenSSL found on this host cannot do SM2, SM3 or SM4 correctly; says what to do."""

    ADVICE = (
        "Use a Python linked with OpenSSL 3.0 or later built with SM2, SM3 and SM4 "
        "(Debian 12+, Ubuntu 22.04+, Alpine 3.17+ and the official python images have it; "
        "RHEL-family builds may lack SM2). "
        "Check with: openssl genpkey -algorithm SM2 && openssl dgst -sm3 /dev/null"
    )

    def __init__(self, reason: str) -> None:
        """Say what is missing; the advice is appended.

        Args:
            reason: One sentence without a final full stop.
        """
        super().__init__(f"{reason}. {self.ADVICE}")
        self.reason = reason

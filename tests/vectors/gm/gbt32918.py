"""The example of GB/T 32918.5-2017 appendix A (GM/T 0003.5-2012 annexes A to C), curve sm2p256v1.

Both annexes use the same key pair, and the same nonce k, which OpenSSL cannot be told to use:
the published signature is verified and the published ciphertext decrypted instead.
"""

from typing import Final

SCALAR: Final = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
POINT: Final = bytes.fromhex(
    "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020"
    "ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
)
USER_ID: Final = b"1234567812345678"
MESSAGE: Final = b"message digest"
Z: Final = bytes.fromhex("b2e14c5c79c6df5b85f4fe7ed8db7a262b9da7e07ccb0ea9f4747b8ccda8a4f3")
E: Final = bytes.fromhex("f0b43e94ba45accaace692ed534382eb17e6ab5a19ce7b31f4486fdfc0d28640")
R: Final = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S: Final = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
SIGNATURE: Final = bytes.fromhex(f"3046022100{R:064x}022100{S:064x}")

PLAINTEXT: Final = b"encryption standard"
C1: Final = bytes.fromhex(
    "04ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
)
"""C1 without its point format byte. Its x begins with 0x04, which catches guessing strippers."""
C3: Final = bytes.fromhex("59983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766")
C2: Final = bytes.fromhex("21886ca989ca9c7d58087307ca93092d651efa")
RAW_WITHOUT_04: Final = C1 + C3 + C2
RAW_WITH_04: Final = b"\x04" + RAW_WITHOUT_04
DER: Final = bytes.fromhex(
    "307c"
    "022004ebfc718e8d1798620432268e77feb6415e2ede0e073c0f4f640ecd2e149a73"
    "022100e858f9d81e5430a57b36daab8f950a3c64e6ee6a63094d99283aff767e124df0"
    "042059983c18f809e262923c53aec295d30383b54e39d609d160afcb1908d0bd8766"
    "041321886ca989ca9c7d58087307ca93092d651efa"
)

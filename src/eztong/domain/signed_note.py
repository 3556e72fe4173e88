"""The signed root of a batch: a text in the shape of C2SP signed-note and tlog-checkpoint.

::

    eztong/batch/v1 <origin>
    <size>
    <base64 root>
    batch <batch id>
    time <RFC 3339, UTC, milliseconds>

    U+2014 <key name> <base64(4-byte key hash || DER SM2 signature)>

The signature covers everything up to and including the newline before the empty line. docs/specs/proof.md is the
specification; this module is one of its two implementations.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.canonical_json import DocumentMalformed, parse_time, render_time
from eztong.domain.errors import ProofInvalid
from eztong.domain.merkle import HASH_BYTES
from eztong.gm.sm3 import sm3

_HEAD = "eztong/batch/v1 "
_SIGNATURE_MARK = "\u2014 "
_BATCH_ID = re.compile(r"bat_[0-9A-HJKMNP-TV-Z]{26}")
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.:_-]{0,99}")
_KEY_NAME = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_SIZE = re.compile(r"[1-9][0-9]{0,8}")
_NOTE_LINES = 8
_MAX_NOTE_CHARS = 2000
KEY_HASH_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoot:
    """What one signature says: this many leaves with this root, made by this origin at this time."""

    origin: str
    size: int
    root: bytes
    batch_id: str
    time: datetime

    def text(self) -> str:
        """Return the signed part of the note."""
        root = base64.b64encode(self.root).decode()
        return f"{_HEAD}{self.origin}\n{self.size}\n{root}\nbatch {self.batch_id}\ntime {render_time(self.time)}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """A parsed note. ``unverified_root`` says what it claims; nothing of it is checked yet."""

    signed_text: bytes
    unverified_root: BatchRoot
    key_name: str
    key_hash: bytes
    signature: bytes


def key_hash(*, key_name: str, spki: bytes) -> bytes:
    """Return the four bytes that tie a note to a public key: ``SM3(name || LF || 0xff || alg || 0x00 || SPKI)``."""
    return sm3(key_name.encode() + b"\n\xffeztong/sm2-sm3/v1\x00" + spki)[:KEY_HASH_BYTES]


def render_note(root: BatchRoot, *, key_name: str, key_hash: bytes, signature: bytes) -> str:
    """Return the whole note."""
    blob = base64.b64encode(key_hash + signature).decode()
    return f"{root.text()}\n{_SIGNATURE_MARK}{key_name} {blob}\n"


def parse_note(note: str) -> SignedNote:
    """Read a note strictly.

    Raises:
        ProofInvalid: any deviation from the form above, naming the line.
    """
    lines = note.split("\n") if len(note) <= _MAX_NOTE_CHARS else []
    if len(lines) != _NOTE_LINES or lines[5] or lines[7]:
        raise ProofInvalid("note: it must have five lines, an empty line and one signature line")
    root = _parse_root(lines)
    key_name, hash_bytes, signature = _parse_signature(lines[6])
    return SignedNote(
        signed_text=root.text().encode(),
        unverified_root=root,
        key_name=key_name,
        key_hash=hash_bytes,
        signature=signature,
    )


def _parse_root(lines: list[str]) -> BatchRoot:
    origin = _after(lines[0], _HEAD, "origin line")
    if not _ORIGIN.fullmatch(origin):
        raise ProofInvalid("note: the origin is malformed")
    if not _SIZE.fullmatch(lines[1]):
        raise ProofInvalid("note: the size is malformed")
    batch_id = _after(lines[3], "batch ", "batch line")
    if not _BATCH_ID.fullmatch(batch_id):
        raise ProofInvalid("note: the batch id is malformed")
    try:
        time = parse_time(_after(lines[4], "time ", "time line"))
    except DocumentMalformed as error:
        raise ProofInvalid("note: the time is malformed") from error
    root = decode_base64(lines[2], part="note root")
    if len(root) != HASH_BYTES:
        raise ProofInvalid("note root: it must have 32 bytes")
    return BatchRoot(origin=origin, size=int(lines[1]), root=root, batch_id=batch_id, time=time)


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    key_name, _, blob_text = _after(line, _SIGNATURE_MARK, "signature line").partition(" ")
    if not _KEY_NAME.fullmatch(key_name):
        raise ProofInvalid("note: the key name is malformed")
    blob = decode_base64(blob_text, part="signature")
    if len(blob) <= KEY_HASH_BYTES:
        raise ProofInvalid("signature: too short")
    return key_name, blob[:KEY_HASH_BYTES], blob[KEY_HASH_BYTES:]


def _after(line: str, start: str, what: str) -> str:
    if not line.startswith(start):
        raise ProofInvalid(f"note: the {what} is missing")
    return line[len(start) :]


def decode_base64(text: str, *, part: str) -> bytes:
    """Decode canonical base64, so that no second spelling of the same bytes is accepted.

    Raises:
        ProofInvalid: not base64, or not in its canonical spelling.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ProofInvalid(f"{part}: not base64") from error
    if base64.b64encode(data).decode() != text:
        raise ProofInvalid(f"{part}: not in canonical base64")
    return data

"""The signed root of a batch: a text in the shape of C2SP signed-note and tlog-checkpoint.

::

    eztong/batch/v2 <origin>
    <size>
    <base64 root>
    batch <batch id>
    time <RFC 3339, UTC, milliseconds>
    writer <writer id>
    number <how many batches this writer has signed, this one included>
    previous <base64 root of the batch before; 32 zero bytes if there was none>

    U+2014 <key name> <base64(4-byte key hash || DER SM2 signature)>

The signature covers everything up to and including the newline before the empty line. Notes of version 1 end with the
line of the time and stand in no chain; they are read, and no longer made. docs/specs/proof.md is the specification;
this module is one of its two implementations.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from datetime import datetime

from eztong.domain.canonical_json import DocumentMalformed, parse_time, render_time
from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.merkle import HASH_BYTES
from eztong.gm.sm3 import sm3

_HEADS = {1: "eztong/batch/v1 ", 2: "eztong/batch/v2 "}
_SIGNATURE_MARK = "\u2014 "
_BATCH_ID = re.compile(r"bat_[0-9A-HJKMNP-TV-Z]{26}")
_WRITER_ID = re.compile(r"wri_[0-9A-HJKMNP-TV-Z]{26}")
_NUMBER = re.compile(r"[1-9][0-9]{0,14}")
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.:_-]{0,99}")
_KEY_NAME = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_SIZE = re.compile(r"[1-9][0-9]{0,8}")
_ROOT_LINES = {1: 5, 2: 8}
_AFTER_ROOT = 3
_MAX_NOTE_CHARS = 2000
KEY_HASH_BYTES = 4
NO_ROOT = bytes(HASH_BYTES)
"""What the very first batch of a store names as the one before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainPlace:
    """Where a batch stands: whose it is, the how manieth, and the root of the batch before it."""

    writer: str
    number: int
    previous: bytes

    def text(self) -> str:
        """Return the lines of the note."""
        return f"writer {self.writer}\nnumber {self.number}\nprevious {base64.b64encode(self.previous).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRoot:
    """What one signature says: this many leaves with this root, made by this origin at this time."""

    origin: str
    size: int
    root: bytes
    batch_id: str
    time: datetime
    place: ChainPlace | None = None
    """None in notes of version 1."""

    @property
    def version(self) -> int:
        """Return the version of the note's form."""
        return 1 if self.place is None else 2

    def text(self) -> str:
        """Return the signed part of the note."""
        head, root = _HEADS[self.version], base64.b64encode(self.root).decode()
        place = "" if self.place is None else self.place.text()
        return (
            f"{head}{self.origin}\n{self.size}\n{root}\nbatch {self.batch_id}\ntime {render_time(self.time)}\n{place}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedNote:
    """A parsed note. ``unverified_root`` says what it claims; nothing of it is checked yet."""

    signed_text: bytes
    unverified_root: BatchRoot
    key_name: str
    key_hash: bytes
    signature: bytes


def is_writer(name: str) -> bool:
    """Say whether a note can name its writer so."""
    return _WRITER_ID.fullmatch(name) is not None


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
    root = _parse_root(lines)
    key_name, hash_bytes, signature = _parse_signature(lines[-2])
    return SignedNote(
        signed_text=root.text().encode(),
        unverified_root=root,
        key_name=key_name,
        key_hash=hash_bytes,
        signature=signature,
    )


def _parse_root(lines: list[str]) -> BatchRoot:
    version = next((number for number, head in _HEADS.items() if lines and lines[0].startswith(head)), None)
    if version is None:
        raise ProofInvalid("note: the origin line is missing, or of an unknown version")
    counted = _ROOT_LINES[version]
    if len(lines) != counted + _AFTER_ROOT or lines[counted] or lines[-1]:
        raise ProofInvalid("note: it must have its lines, an empty line and one signature line")
    origin = _after(lines[0], _HEADS[version], "origin line")
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
    return BatchRoot(
        origin=origin,
        size=int(lines[1]),
        root=_parse_hash(lines[2], part="note root"),
        batch_id=batch_id,
        time=time,
        place=None if version == 1 else _parse_place(lines[5:counted]),
    )


def _parse_place(lines: list[str]) -> ChainPlace:
    writer = _after(lines[0], "writer ", "writer line")
    if not _WRITER_ID.fullmatch(writer):
        raise ProofInvalid("note: the writer is malformed")
    number = _after(lines[1], "number ", "number line")
    if not _NUMBER.fullmatch(number):
        raise ProofInvalid("note: the number is malformed")
    previous = _parse_hash(_after(lines[2], "previous ", "previous line"), part="note previous")
    return ChainPlace(writer=writer, number=int(number), previous=previous)


def _parse_hash(text: str, *, part: str) -> bytes:
    value = decode_base64(text, part=part)
    if len(value) != HASH_BYTES:
        raise ProofInvalid(f"{part}: it must have 32 bytes")
    return value


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

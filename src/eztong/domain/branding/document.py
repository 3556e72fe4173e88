"""A brand as a document: one format with a version, every text by its name, the mark in base64."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any, Final

from eztong.domain.branding.brand import Brand, BrandInvalid, parse_brand
from eztong.domain.branding.mark import MOST_BYTES as MOST_MARK
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.gm.sm3 import sm3

BRANDING_FORMAT: Final = "eztong/branding/v1"
_MOST_BYTES: Final = 2 * MOST_MARK


def describe_brand(brand: Brand) -> dict[str, Any]:
    """Return the brand as a document has it, without the format."""
    return brand.texts() | {"mark": base64.b64encode(brand.mark).decode()}


def render_brand(brand: Brand) -> str:
    """Return the document."""
    document = {"format": BRANDING_FORMAT} | describe_brand(brand)
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def parse_brand_document(content: bytes) -> Brand:
    """Read a document; a text that it does not have is empty.

    Raises:
        BrandInvalid: it is none, or has what no brand has.
        AccentInvalid, AccentUnreadable, MarkInvalid: as :func:`~eztong.domain.branding.brand.parse_brand` says.
    """
    if len(content) > _MOST_BYTES:
        raise BrandInvalid("document", f"It has at most {_MOST_BYTES // 1024} KiB.")
    try:
        said = parse_document(content)
    except DocumentMalformed as error:
        raise BrandInvalid("document", error.detail) from error
    if said.get("format") != BRANDING_FORMAT:
        raise BrandInvalid("format", f'A document begins with "format": "{BRANDING_FORMAT}".')
    return brand_of({name: value for name, value in said.items() if name != "format"})


def brand_of(said: Mapping[str, Any]) -> Brand:
    """Read what :func:`describe_brand` writes.

    Raises:
        BrandInvalid, AccentInvalid, AccentUnreadable, MarkInvalid: as :func:`parse_brand_document` says.
    """
    for name, value in said.items():
        if not isinstance(value, str):
            raise BrandInvalid(name, "A text is needed.")
    try:
        mark = base64.b64decode(said.get("mark", ""), validate=True)
    except (binascii.Error, ValueError):
        raise BrandInvalid("mark", "Base64 of a PNG is needed.") from None
    return parse_brand({name: value for name, value in said.items() if name != "mark"}, mark)


def brand_hash(brand: Brand) -> str:
    """Return the SM3 of the document in hex: what evidence says of a published brand."""
    return sm3(render_brand(brand).encode()).hex()

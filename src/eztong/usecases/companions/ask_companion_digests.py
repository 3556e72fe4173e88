"""Ask about a line, name and number that the partner sends as digests only."""

from __future__ import annotations

import re
from typing import Final

from eztong.domain.companions import CompanionOutcome, Finding
from eztong.domain.errors import Unavailable
from eztong.ports.companion_source import DigestAlgorithm
from eztong.usecases.companions.ask_companion import Sources

_HEX: Final = {
    DigestAlgorithm.MD5: re.compile("[0-9a-f]{32}"),
    DigestAlgorithm.SHA256: re.compile("[0-9a-f]{64}"),
    DigestAlgorithm.SM3: re.compile("[0-9a-f]{64}"),
}


def ask_digests(mode: str, *, name: str, number: str, phone: str, sources: Sources) -> CompanionOutcome:
    """Say whether three digests belong together; capital letters are read, too.

    1. Check that each has the form of a digest of ``mode``.
    2. Ask the register of lines.

    Raises:
        ValueError: ``mode`` is no digest algorithm of the contract (the caller's mistake).
    """
    algorithm = DigestAlgorithm(mode)
    sent = {Finding.NUMBER_INVALID: number, Finding.NAME_INVALID: name, Finding.PHONE_INVALID: phone}
    for finding, text in sent.items():
        if _HEX[algorithm].fullmatch(text.lower()) is None:
            return CompanionOutcome(finding=finding)
    try:
        return sources.companions.match_digests(
            algorithm, number=number.lower(), name=name.lower(), phone=phone.lower()
        )
    except Unavailable:
        return CompanionOutcome(finding=Finding.SOURCE_ERROR)

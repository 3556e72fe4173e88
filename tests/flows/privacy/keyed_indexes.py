"""Every index that the service can make of a person with its own keys: by what keys alone find, nobody is to be found.

The keys are read from the service's folder. This is the one place outside the program that computes what it computes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, product
from pathlib import Path
from typing import Final

from eztong.adapters.keys.keyring import load_keyring
from eztong.domain.access import otp
from eztong.domain.budget import Budget
from eztong.domain.contact import phone_change
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.identity.phone import parse_phone
from eztong.domain.identity.real_name import parse_real_name
from eztong.domain.own_data import correction
from eztong.domain.registration import APPLICATIONS_BY_NUMBER, APPLICATIONS_BY_PHONE, SECOND_APPLICATION_NOTICES
from eztong.ports.keys import Keys, MacPurpose
from eztong.usecases.own_notices.add_email import PROOFS
from eztong.usecases.spend_budget import budget_subject
from eztong.usecases.vault import ended_index, number_index, phone_index
from tests.simulators.cast import Person

_BYTES: Final = 32
_HEX: Final = re.compile(rb"[0-9a-f]{64,}")
_BASE_64: Final = re.compile(rb"[A-Za-z0-9+/_-]{43,}")
BUDGETS: Final = (
    *(found for found in vars(otp).values() if isinstance(found, Budget)),
    *(found for found in vars(phone_change).values() if isinstance(found, Budget)),
    *(found for found in vars(correction).values() if isinstance(found, Budget)),
    APPLICATIONS_BY_NUMBER,
    APPLICATIONS_BY_PHONE,
    SECOND_APPLICATION_NOTICES,
    PROOFS,
)
"""Whatever is counted for a person."""


def keys_of(data_dir: Path) -> Keys:
    """Return the service's own keys."""
    return load_keyring(data_dir / "keyring.json", data_dir / "root.key")


def indexes_of(person: Person, *, keys: Keys) -> dict[str, bytes]:
    """Return what leads to a person, each under a name that tells nothing of it."""
    numbers = {f"{kind}": number_index(kind.value, person.number, keys=keys) for kind in DocumentType}
    phone = phone_index(parse_phone(person.phone).value, keys=keys)
    key = parse_real_name(person.name).same_name_key.encode()
    claims = {kind: keys.mac(MacPurpose.LOOKUP, b"claim\x00" + index + key) for kind, index in numbers.items()}
    ended = {kind.value: ended_index(kind.value, person.number, keys=keys) for kind in DocumentType}
    found = {f"number as {kind}": index for kind, index in numbers.items()}
    found |= {f"claim as {kind}": index for kind, index in claims.items()}
    found |= {f"ban as {kind}": index for kind, index in ended.items()}
    found["phone"] = phone
    known = [*numbers.values(), *claims.values(), phone]
    for number, (budget, subject) in enumerate(product(BUDGETS, _subjects(known))):
        found[f"budget {budget.name} {number}"] = budget_subject(budget, subject, keys=keys)
    return {f"{person.key} {what}": index for what, index in found.items()}


def _subjects(known: Iterable[bytes]) -> list[tuple[bytes, ...]]:
    purposes = [purpose.value.encode() for purpose in otp.OtpPurpose]
    return list(chain.from_iterable([(one,), *((purpose, one) for purpose in purposes)] for one in known))


@dataclass
class Indexes:
    """What leads to somebody, and where it stands: a look at each place of a file, however many indexes there are."""

    known: dict[bytes, str] = field(default_factory=dict)

    def add(self, indexes: Mapping[str, bytes]) -> None:
        """Search for these, too: as bytes, in hex, and in base 64."""
        for what, index in indexes.items():
            self.known[index] = f"{what} (bytes)"
            self.known[index.hex().encode()] = f"{what} (hex)"
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                self.known[encode(index).rstrip(b"=")] = f"{what} (base 64)"

    def found_in(self, places: Mapping[str, bytes]) -> list[str]:
        """Return what was found where. Parts of an archive stand in the archive, and are not looked at twice."""
        return sorted(
            {
                f"{self.known[window]} in {place}"
                for place, data in places.items()
                if "!" not in place
                for window in chain(_windows(data, _BYTES), _of_runs(data, _HEX, 64), _of_runs(data, _BASE_64, 43))
                if window in self.known
            }
        )


def _of_runs(data: bytes, run: re.Pattern[bytes], size: int) -> Iterator[bytes]:
    return chain.from_iterable(_windows(found, size) for found in run.findall(data))


def _windows(data: bytes, size: int) -> Iterator[bytes]:
    return (data[at : at + size] for at in range(len(data) - size + 1))

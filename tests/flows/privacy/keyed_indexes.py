"""Every index that the service can make of a person with its own keys: by what keys alone find, nobody is to be found.

The keys are read from the service's folder. This is the one place outside the program that computes what it computes.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
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


def spelled(indexes: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Return each index as it may stand in a file: its bytes, in hex, and in base 64."""
    for what, index in indexes.items():
        yield f"{what} (bytes)", index
        yield f"{what} (hex)", index.hex().encode()
        yield f"{what} (base 64)", base64.b64encode(index).rstrip(b"=")
        yield f"{what} (base 64 for addresses)", base64.urlsafe_b64encode(index).rstrip(b"=")

"""Compare whom the merchant expects with whom the account belongs to."""

from __future__ import annotations

from datetime import date

from eztong.domain.eid.eid_flow import (
    REASON_NAME_DIFFERS,
    REASON_NAME_INVALID,
    REASON_NUMBER_DIFFERS,
    REASON_NUMBER_INVALID,
    ExpectedPerson,
)
from eztong.domain.identity.citizen_number import NumberInvalid, parse_number_of_any_kind
from eztong.domain.identity.real_name import NameInvalid, NameOutcome, compare_names, parse_real_name
from eztong.usecases.vault import Vault


def find_difference(
    expected: ExpectedPerson, *, vault: Vault, sealed_number: bytes, sealed_name: bytes, today: date
) -> str | None:
    """Return the reason why the account is not the expected person's, or None if nothing speaks against it.

    The number decides first: another number is another person, whatever the name. A name that neither side can
    write down fully is no difference.
    """
    if expected.number is not None:
        try:
            number = parse_number_of_any_kind(expected.number, today=today)
        except NumberInvalid:
            return REASON_NUMBER_INVALID
        if number.value != vault.open("sealed_number", sealed_number).decode():
            return REASON_NUMBER_DIFFERS
    if expected.name is not None:
        try:
            name = parse_real_name(expected.name)
        except NameInvalid:
            return REASON_NAME_INVALID
        on_file = parse_real_name(vault.open("sealed_name", sealed_name).decode())
        if compare_names(name, on_file).outcome is NameOutcome.MISMATCH:
            return REASON_NAME_DIFFERS
    return None

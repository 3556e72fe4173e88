"""The settings that stand in the agreements: what they were when the texts in force were made (clauses P-1, 5.3).

The texts are made once, because people accept exactly these. A setting that is changed later would let the pages name
one operator and the agreements another, so it is noticed at every start. What was printed is remembered; for texts of
before that, and where what is remembered is damaged or stands in none of them, it is looked for in the texts
themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import Final

from eztong.adapters.storage.stored.facts import agreements_in_force, setting_as_bytes, store_anew
from eztong.domain.canonical_json import DocumentMalformed, parse_document
from eztong.domain.errors import StateConflict
from eztong.ports.keys import Keys
from eztong.usecases.agreement_sets.publish_set import PRINTED_SETTING
from eztong.wiring.checks.findings import say
from eztong.wiring.settings import PREFIX, Settings

VALUES_SETTING: Final = PRINTED_SETTING
PRINTED: Final = ("operator_name", "operator_contact", "place_of_signing", "authority_name")


class AgreementsNameOthers(StateConflict):
    """Settings that stand in the agreements were changed after the agreements were made."""

    code = "agreements_name_others"

    def __init__(self, names: Sequence[str]) -> None:
        """Say which settings (:data:`PRINTED`) were changed."""
        variables = ", ".join(f"{PREFIX}{name.upper()}" for name in names)
        self.said = say("finding.agreements.changed_do", settings=variables)
        super().__init__(self.said.english)


def values_to_print(settings: Settings) -> dict[str, str]:
    """Return the values that go into the texts, by the names of their places."""
    return {name: getattr(settings, name) for name in PRINTED}


def printed_values(settings: Settings, instead: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the values that go into the texts, in the form that is stored; ``instead`` are some that differ."""
    return json.dumps(values_to_print(settings) | dict(instead), ensure_ascii=False, sort_keys=True)


def changed_values(settings: Settings) -> list[str]:
    """Return the names of settings that the agreements in force know otherwise; none in a new installation.

    Raises:
        DatabaseDamaged, Unavailable: the database cannot be read.
    """
    now = json.loads(printed_values(settings))
    then = _values_then(setting_as_bytes(settings.stored_at, VALUES_SETTING))
    differ = [name for name in PRINTED if then is None or then.get(name) != now[name]]
    texts = agreements_in_force(settings.stored_at) if differ else ()
    return [name for name in differ if texts and not _is_said(now[name], texts, instead_of=then and then.get(name))]


def _is_said(value: str, texts: Sequence[str], *, instead_of: object) -> bool:
    """Say whether the texts hold a value, and not the one that is remembered ``instead_of`` it: that is damaged."""
    is_remembered = isinstance(instead_of, str) and any(instead_of in text for text in texts)
    return not is_remembered and any(value in text for text in texts)


def _values_then(stored: bytes | None) -> Mapping[str, object] | None:
    """Return the values that were printed; None if they are not known, or no more."""
    with suppress(DocumentMalformed):
        return None if stored is None else parse_document(stored)
    # One damaged cell: the check of the database names it.
    return None


def remember_again(settings: Settings, keys: Keys) -> bool:
    """Remember what was printed once more where that is damaged, if the texts say it; return whether it was so.

    Raises:
        DatabaseDamaged, Unavailable: the database cannot be read or written.
    """
    stored = setting_as_bytes(settings.stored_at, VALUES_SETTING)
    if stored is None or stored == printed_values(settings).encode() or changed_values(settings):
        return False
    store_anew(settings.stored_at, VALUES_SETTING, printed_values(settings), keys)
    return True


def check_values(settings: Settings) -> None:
    """Refuse settings that contradict the agreements in force.

    Raises:
        AgreementsNameOthers: naming them.
    """
    names = changed_values(settings)
    if names:
        raise AgreementsNameOthers(names)

"""Two names turn out to be one person's: a passkey of one answered under the other."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.errors import StateConflict
from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.operator import PASSKEY_MARK
from eztong.domain.operators.passkey import OperatorPasskey
from eztong.ports.act import Act
from eztong.ports.keys import MacPurpose
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act

_CONTEXT = b"operator_passkey\x00"


def note_one_person(act: Act, passkey: OperatorPasskey, name: str) -> None:
    """Let the passkey's operator and the one of this name count as one person from now on, for good.

    The mark is the keyed hash of the credential, beside the keyed numbers of the persons whom an operator is: whatever
    takes two people compares those.

    Raises:
        StateConflict: a link was added at the same moment.
    """
    mark = PASSKEY_MARK + act.keys.mac(MacPurpose.LOOKUP, _CONTEXT + passkey.credential_id)
    for one in sorted({passkey.operator, name}):
        operator = act.uow.operators.get(one)
        if operator is None or mark in operator.persons:
            continue
        if not act.uow.operators.link(replace(operator, persons=operator.persons | {mark}), seen=operator.persons):
            raise StateConflict("A link was added at the same moment. Try again.")
        attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_LINKED, subject=one, facts={"by": "passkey"}))

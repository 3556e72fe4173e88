"""Backup codes of operators: drawn at once, shown once, and each used once instead of the app's digits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from eztong.domain.evidence.attested_act import ActKind
from eztong.domain.operators.backup_code import CODE_LENGTH, CODES, LETTERS, BackupCode, plain_code
from eztong.domain.operators.permission import Permission
from eztong.ports.act import Act
from eztong.ports.entropy import Entropy
from eztong.ports.keys import MacPurpose
from eztong.usecases.evidence.attest_act import WhatWasDone, attest_act
from eztong.usecases.operators.check_operator import check_operator, check_proven

_CONTEXT: Final = b"operator-backup\x00"


def draw_codes(*, entropy: Entropy) -> list[str]:
    """Return new codes, which are shown once."""
    return ["".join(LETTERS[entropy.below(len(LETTERS))] for _ in range(CODE_LENGTH)) for _ in range(CODES)]


def set_backup_codes(act: Act, codes: Sequence[str]) -> None:
    """Keep these codes of the operator who acts, instead of all of before.

    Raises:
        OperatorNeeded, OperatorRefused: nobody acts who may.
        ProofNeeded: the session was not proven lately.
    """
    operator = check_operator(act, Permission.CONSOLE)
    check_proven(act)
    hashes = [act.keys.mac(MacPurpose.SESSION, _place(operator.name, code)) for code in codes]
    kept = [BackupCode(code_hash=one, operator=operator.name, created_at=act.now) for one in hashes]
    act.uow.operator_passkeys.set_codes(operator.name, kept)
    attest_act(act, WhatWasDone(kind=ActKind.OPERATOR_BACKUP_CODES_MADE, subject=operator.name))


def use_backup_code(act: Act, name: str, typed: str) -> bool:
    """Use up a backup code of the operator; return whether it was one that was left."""
    code = plain_code(typed)
    hashes = act.keys.macs(MacPurpose.SESSION, _place(name, code)) if code else ()
    return any(act.uow.operator_passkeys.use_code(name, one, now=act.now) for one in hashes)


def _place(name: str, code: str) -> bytes:
    return _CONTEXT + name.encode() + b"\x00" + code.encode()

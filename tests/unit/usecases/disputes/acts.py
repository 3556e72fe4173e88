"""Records of the stage, and whoever asks for their evidence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from eztong.domain.claims import Claim
from eztong.domain.disputes.dispute import Bundle, LegalRequest
from eztong.domain.disputes.verify_bundle import VerifiedBundle, verify_bundle
from eztong.domain.holder import FreezeCause, WrappedKey
from eztong.domain.identifiers import VerificationId
from eztong.usecases.disputes.give_evidence import (
    AuthorityAsks,
    Given,
    HolderAsks,
    give_to_authority,
    give_to_holder,
    give_to_partner,
)
from eztong.usecases.freezing.freeze_holder import FreezeHolder, freeze_holder
from tests.unit.usecases.codes.asking import (
    PERSON_ONLY,
    answered,
    asking,
    at_library,
    attempts,
    refused,
    show,
)
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.stage import FILE, LI, Stage

LEGAL = LegalRequest(
    document_number="京公调证 12", legal_basis="刑事诉讼法 54", operator="li.na", approved_by="wang.wu"
)


def use(stage: Stage, *claims: Claim) -> VerificationId:
    """Let the hotel verify a code of LI, and return the record."""
    shown = show(stage)
    return answered(stage, asking(stage, shown.number, wants=PERSON_ONLY | set(claims))).verification.verification_id


def replay(stage: Stage) -> str:
    """Let the library try a code of LI that the hotel used, and return the record."""
    shown = show(stage)
    answered(stage, asking(stage, shown.number))
    refused(stage, at_library(stage, shown.number))
    return attempts(stage)[0].attempt_id


def for_holder(stage: Stage, record_id: str, *, takes: bool = True) -> Given:
    asks = HolderAsks(session_hash=LI.session, record_id=record_id, takes=takes)
    return give_to_holder(asks, services=stage.services)


def for_partner(stage: Stage, record_id: str, partner_id: str = "hotel") -> Given:
    return give_to_partner(stage.caller(partner_id), VerificationId(record_id), services=stage.services)


def for_authority(stage: Stage, record_id: str, legal: LegalRequest = LEGAL, **of: Any) -> Given:  # noqa: ANN401 - ids
    for name in ("li.na", "wang.wu"):
        operator(stage, name)
    whose = {"holder_id": None, "partner_id": None} | (of or {"holder_id": stage.holder_id()})
    return give_to_authority(AuthorityAsks(record_id=record_id, legal=legal, **whose), services=stage.services)


def verified(stage: Stage, given: Given) -> VerifiedBundle:
    return verify_bundle(given.file, keys={key.key_id: key for key in stage.keys.published()})


def kept(stage: Stage) -> int:
    return stage.rows()["bundles"]


def newest(stage: Stage, given: Given) -> Bundle:
    found = stage.read(lambda stored: stored.bundles.newest(given.bundle.key))
    assert found is not None
    return found


def by_hand(stage: Stage, sql: str) -> None:
    """Change the file as nobody but an upgrade or a sweep would."""
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute(sql)


def freeze(stage: Stage) -> None:
    command = FreezeHolder(holder_id=stage.holder_id(), cause=FreezeCause.SELF, channel="lost")
    stage.act(freeze_holder, command)


def erase(stage: Stage) -> None:
    stage.change(data_key=WrappedKey(kek_id="", wrapped=b""))

"""One value of each kind of disputes: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from eztong.domain.disputes.dispute import Bundle, Dispute, Party
from tests.contract.storage.stage import at, batch_id, holder_id, make, partner_id, verification_id


def dispute(number: int = 1, *, of_holder: int = 1) -> Dispute:
    return Dispute(
        holder_id=holder_id(of_holder),
        record_id=verification_id(number),
        ticket_id=make("tkt", number),
        opened_at=at(number),
    )


def bundle(number: int = 1, *, full: bool = False, party: Party = Party.PARTNER, of_record: int = 1) -> Bundle:
    return Bundle(
        bundle_id=make("bdl", number),
        record_id=verification_id(of_record),
        party=party,
        holder_id=holder_id() if full else None,
        partner_id=partner_id(),
        asked_by="key_1" if full else None,
        contents_hash=bytes([number]) * 32,
        sealed_basis=b"\x00basis" if full else None,
        document=b"{}",
        batch_id=batch_id(),
        leaf_index=number,
        salt=b"\x01" * 16,
        created_at=at(number),
        downloaded_at=at(number + 1) if full else None,
    )

"""Give whoever asked the evidence of talks in one file: the same format as of a record (clauses 2.15, 5.2)."""

from __future__ import annotations

from eztong.domain.disputes.dispute import Bundle, BundleKey, Party
from eztong.domain.disputes.evidence_bundle import NO_PARTNER
from eztong.ports.act import HOLDER, Act
from eztong.ports.services import Services
from eztong.usecases.disputes.give_evidence import Given, KeepBundle, given_file, keep_bundle
from eztong.usecases.feedback.find_ticket import TicketProof, find_ticket
from eztong.usecases.talks.collect_talk import Court, collect_talk
from eztong.usecases.talks.move_talk import talk_of


def give_talk_evidence(proof: TicketProof, *, services: Services) -> Given:
    """Give the asker's own file, at whatever stage the talks are; asked again, it is the same as long as they are.

    Raises:
        TicketUnknown, SessionMissing, HolderNotActive, DeviceNotBound: the proof opens nothing.
        TalkUnknown: it is about something else.
    """
    deployment = services.deployment
    court = Court(operator=deployment.operator_name, place_of_signing=deployment.place_of_signing)
    with services.store.snapshot() as stored:
        ticket = find_ticket(proof, stored=stored, keys=services.keys, now=services.clock.now())
        talk = talk_of(ticket, stored=stored)
        contents = collect_talk(ticket, talk, court, stored=stored, keys=services.keys)
    command = KeepBundle(
        key=BundleKey(record_id=ticket.ticket_id, party=Party.HOLDER, partner_id=NO_PARTNER),
        holder_id=ticket.holder_id,
        contents=contents,
        environment=deployment.mode.value,
    )
    return given_file(services.perform(HOLDER, _keep, command, proof), contents, services=services)


def _keep(act: Act, command: KeepBundle, proof: TicketProof) -> Bundle:
    """Keep the bundle, if the proof still opens the ticket: whoever asked may have signed out since it was read."""
    find_ticket(proof, stored=act.uow, keys=act.keys, now=act.now)
    return keep_bundle(act, command)

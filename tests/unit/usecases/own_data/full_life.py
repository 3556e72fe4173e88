"""LI leaves a row in every table that can name an account: what a copy of all data, and its erasure, are tried on."""

from __future__ import annotations

from datetime import datetime, timedelta

from eztong.domain.assistance.assistance import Assistance, AssistanceEnd, AssistanceState
from eztong.domain.claims import Claim
from eztong.domain.eid.eid_flow import EidEnding, EidFlow
from eztong.domain.guardianship.guardianship import CareEnd, DecidedBy, Guardianship, GuardianshipState
from eztong.domain.guardianship.relation import Relation
from eztong.domain.identifiers import HolderId, PartnerId
from eztong.domain.identity.email_address import parse_email
from eztong.domain.notices import FreezeLink, Topic
from eztong.domain.registration import StepKind
from eztong.domain.requests.request import Request
from eztong.domain.restrictions.mark import Cause, Ceiling
from eztong.domain.working_days import WorkCalendar
from eztong.ports.act import SYSTEM, Act
from eztong.usecases.deregistration.undo_deregistration import undo_from_session
from eztong.usecases.disputes.open_dispute import OpenDispute, open_dispute
from eztong.usecases.eid.open_eid_flow import Confirmed, seal_confirmed
from eztong.usecases.grants.switch_partner import SwitchPartner, switch_partner
from eztong.usecases.notices.warn_holder import tell_holder
from eztong.usecases.own_data.correct_name import CorrectName, correct_name
from eztong.usecases.own_data.own_phrase import ChoosePhrase, choose_phrase
from eztong.usecases.own_notices.add_email import AddEmail, add_email
from eztong.usecases.own_notices.choose_notices import choose_per_use
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me
from eztong.usecases.registration.application_words import add_step
from eztong.usecases.restrictions.change_marks import NewMark, change_marks
from tests.unit.usecases.access.ways import give_passkey, give_pin
from tests.unit.usecases.cases.acts import Staff
from tests.unit.usecases.codes.asking import attempts, grant
from tests.unit.usecases.contact.acts import ask as ask_new_phone
from tests.unit.usecases.deregistration.leaving import ask as ask_to_leave
from tests.unit.usecases.disputes.acts import for_holder, replay, use
from tests.unit.usecases.recovery.acts import wait as wait_to_recover
from tests.unit.usecases.requests.acts import answer, approving
from tests.unit.usecases.requests.acts import ask as ask_of_holder
from tests.unit.usecases.stage import LI, Stage
from tests.unit.usecases.talks.acts import open_one, propose

CONFIRMED = "我自愿签署这份合同。"
EXPECTED = "sealed settings of the merchant"


def live_fully(stage: Stage) -> None:
    """Let LI do all that leaves something, and undo what would end the account."""
    give_pin(stage)
    give_passkey(stage)
    grant(stage, Claim.MASKED_NAME, number=7)
    used = use(stage, Claim.MASKED_NAME)
    replay(stage)
    for_holder(stage, used)
    _ask_and_answer(stage)
    report = ReportNotMe(session_hash=LI.session, record_id=attempts(stage)[0].attempt_id, freeze=False, note="不是我")
    stage.act(report_not_me, report, calendar=WorkCalendar())
    stage.act(open_dispute, OpenDispute(session_hash=LI.session, record_id=used, words="?"), calendar=WorkCalendar())
    propose(stage, open_one(stage, secret="7" * 16, records=(used,)))
    Staff(stage).warned(evidence=True)
    stage.act(switch_partner, SwitchPartner(session_hash=LI.session, partner_id=PartnerId("library"), on=False))
    stage.act(choose_per_use, LI.session, is_on=True)
    stage.act(choose_phrase, ChoosePhrase(session_hash=LI.session, phrase="桂花糕"))
    email = AddEmail(session_hash=LI.session, address=parse_email("li@example.org"), consents=True)
    stage.act(add_email, email, public_url="https://eztong.example")
    correct_name(CorrectName(session_hash=LI.session, name="李新名", words="!"), services=stage.services)
    ask_new_phone(stage)
    wait_to_recover(stage)
    stage.act(_appeal)
    doubt = NewMark(cause=Cause.DATA_DOUBT, ceiling=Ceiling.LOW, rule="R41")
    stage.act(change_marks, stage.holder(), by=SYSTEM, new=doubt)
    stage.unlock()
    ask_to_leave(stage)
    stage.act(undo_from_session, LI.session)
    stage.unlock()


def _ask_and_answer(stage: Stage) -> None:
    request = ask_of_holder(stage)
    answer(stage, approving(request))
    stage.act(_flow, request)


def _flow(act: Act, request: Request) -> None:
    token = "0" * 36
    confirmed = Confirmed(b"salt", (CONFIRMED,))
    ending = EidEnding(
        confirmed=True,
        sealed_confirmations=seal_confirmed(confirmed, token, keys=act.keys, entropy=act.entropy),
    )
    flow = EidFlow(
        partner_id=request.partner_id,
        eid_token=token,
        request_id=request.request_id,
        merchant_id="0NSJ0000",
        sealed_settings=EXPECTED.encode(),
        created_at=act.now,
        ending=ending,
    )
    act.uow.eid_flows.add(flow)
    act.uow.eid_flows.save(flow)


def _appeal(act: Act) -> None:
    session = act.uow.sessions.get(LI.session)
    assert session is not None
    assert session.holder_id is not None
    holder = act.uow.holders.get(session.holder_id)
    assert holder is not None
    add_step(act, holder, StepKind.APPEAL, "请再看一次", due=WorkCalendar().due_after(act.now, 15))
    tell_holder(act, holder, Topic.NAME_CORRECTED, {})
    link = FreezeLink(link_hash=b"link", holder_id=holder.holder_id, made_at=act.now, until=act.now + timedelta(days=1))
    act.uow.notice_choices.add_link(link)
    act.uow.guardianships.add(_guardianship(holder.holder_id, at=act.now))
    act.uow.assistances.add(_assistance(holder.holder_id, at=act.now))


def _guardianship(guardian_id: HolderId, *, at: datetime) -> Guardianship:
    return Guardianship(
        ward_id=HolderId("hld_ward"),
        guardianship_id="gdn_1",
        state=GuardianshipState.ENDED,
        asked_at=at,
        guardian_id=guardian_id,
        ward_relation=Relation.PARENT,
        relation=Relation.PARENT,
        declared_at=at,
        decided_at=at,
        decided_by=DecidedBy.AUTHORITY,
        ended_at=at,
        ended_by=CareEnd.AGE,
    )


def _assistance(helper_id: HolderId, *, at: datetime) -> Assistance:
    return Assistance(
        assistance_id="ast_1",
        elder_id=HolderId("hld_elder"),
        state=AssistanceState.ENDED,
        asked_at=at,
        days=7,
        helper_id=helper_id,
        accepted_at=at,
        began_at=at,
        until=at + timedelta(days=7),
        ended_at=at,
        ended_by=AssistanceEnd.ELDER,
    )

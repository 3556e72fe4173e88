"""Every id says by its first letters what it names: whoever reads it in a log or a letter knows where to look."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import MerchantOptions
from eztong.domain.partners.partner import Scope
from eztong.domain.portal.person import PortalRole
from eztong.domain.working_days import WorkCalendar
from eztong.gm.csr import build_csr
from eztong.gm.sm2 import PrivateKey
from eztong.ports.act import SYSTEM
from eztong.usecases.desks.check_at_desk import check_at_desk
from eztong.usecases.desks.manage_staff import create_staff
from eztong.usecases.desks.open_desk_request import issue_sign, open_desk_request
from eztong.usecases.desks.sign_in_staff import OnDuty, SignInStaff, find_on_duty, sign_in_staff, take_place
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.merchants.certify_merchant_key import request_certificate
from eztong.usecases.merchants.register_merchant import RegisterMerchant, register_merchant
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.usecases.portal.manage_people import AddPerson, add_person
from eztong.usecases.portal.sign_in_person import begin_portal_session
from eztong.usecases.records.report_not_me import ReportNotMe, report_not_me
from eztong.usecases.registration.appeal_application import AppealApplication, appeal_application
from eztong.usecases.talks.open_talk import OpenTalk, open_talk
from tests.unit.usecases.codes.asking import answered, asking, at_library, attempts, refused, show
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.recovery.acts import wait
from tests.unit.usecases.requests.acts import answer, approving, ask
from tests.unit.usecases.stage import FILE, LI, NETWORK, Stage

HOTEL = PartnerId("hotel")
PREFIXES = {
    ("acceptances", "acceptance_id"): "acc",
    ("acts", "act_id"): "act",
    ("api_keys", "key_id"): "key",
    ("application_steps", "step_id"): "stp",
    ("certificate_requests", "request_id"): "csr",
    ("code_attempts", "attempt_id"): "att",
    ("codes", "code_id"): "cod",
    ("desk_entries", "entry_id"): "dsk",
    ("desk_signs", "sign_id"): "sgn",
    ("devices", "device_id"): "dev",
    ("grants", "grant_id"): "grt",
    ("holder_events", "event_id"): "evt",
    ("holders", "holder_id"): "hld",
    ("jobs", "job_id"): "(?:job|msg)",
    ("otp_challenges", "challenge_id"): "otp",
    ("policy_decisions", "decision_id"): "dcn",
    ("portal_people", "person_id"): "ptp",
    ("portal_sessions", "session_id"): "pts",
    ("proposals", "proposal_id"): "prp",
    ("recoveries", "recovery_id"): "rcv",
    ("reports", "report_id"): "rep",
    ("requests", "request_id"): "req",
    ("staff", "staff_id"): "stf",
    ("talk_steps", "step_id"): "tlk",
    ("verifications", "verification_id"): "ver",
}


def duty(stage: Stage) -> OnDuty:
    """Let somebody be on duty at the hotel's first desk."""
    staff = stage.act(create_staff, HOTEL, login="shift-1", label="Day shift", password_hash="hash", by=SYSTEM)
    stage.act(sign_in_staff, SignInStaff(staff=staff, password_fits=True, token="cookie"))
    stage.act(
        take_place, stage.act(find_on_duty, "cookie").session.session_hash, desk="front-1", scene="hotel_check_in"
    )
    return stage.act(find_on_duty, "cookie")


def let_everything_happen(stage: Stage) -> None:
    """Bring one row of every kind into being."""
    shown, on_duty = show(stage), duty(stage)
    answered(stage, asking(stage, shown.number))
    refused(stage, at_library(stage, shown.number))
    stage.act(check_at_desk, asking(stage, show(stage).number), on_duty.session.session_hash)
    sign = stage.act(issue_sign, on_duty.session.session_hash)
    stage.act(open_desk_request, sign.token, LI.session)
    answer(stage, approving(ask(stage)))
    record = attempts(stage)[0].attempt_id
    reported = ReportNotMe(session_hash=LI.session, record_id=record, freeze=False, note="")
    stage.act(report_not_me, reported, calendar=WorkCalendar())
    stage.act(
        open_ticket,
        OpenTicket(session_hash=LI.session, network=NETWORK, kind=TicketKind.QUESTION, words="why?", secret="0" * 16),
        calendar=WorkCalendar(),
    )
    talk = OpenTicket(session_hash=LI.session, network=NETWORK, kind=TicketKind.TALKS, words="why?", secret="2" * 16)
    stage.act(open_talk, OpenTalk(ticket=talk), calendar=WorkCalendar())
    scopes = frozenset({Scope.VERIFY})
    stage.act(
        issue_api_key, IssueApiKey(partner_id=HOTEL, label="till", scopes=scopes, live=False, life=None), by=SYSTEM
    )
    merchant = RegisterMerchant(partner_id=HOTEL, scene="hotel_check_in", name="Hotel", options=MerchantOptions())
    made = stage.act(register_merchant, merchant, by=SYSTEM)
    csr = build_csr(PrivateKey.generate(), "Hotel")
    stage.act(request_certificate, made.merchant_id, csr, reason="by letter", by=operator(stage))
    adding = AddPerson(partner_id=HOTEL, name="li", role=PortalRole.AUDITOR, word="word")
    person = stage.act(add_person, adding, by=SYSTEM)
    stage.act(begin_portal_session, person, "portal", by=SYSTEM)
    wait(stage)
    stage.change(state=HolderState.REFUSED)
    stage.act(appeal_application, AppealApplication(session_hash=LI.session, words="why?"), calendar=WorkCalendar())


def ids(stage: Stage, table: str, column: str) -> list[str]:
    with closing(sqlite3.connect(stage.folder / FILE)) as connection:
        return [row for (row,) in connection.execute(f"SELECT {column} FROM {table}")]  # noqa: S608 - names of our own


def test_every_id_begins_with_what_it_names_and_none_is_given_twice(stage: Stage) -> None:
    let_everything_happen(stage)
    for (table, column), prefix in PREFIXES.items():
        found = ids(stage, table, column)
        assert found, table
        assert [one for one in found if not re.fullmatch(rf"{prefix}_[0-9A-Za-z]+", one)] == [], table
        assert len(set(found)) == len(found), table

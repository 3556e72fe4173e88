"""One value of each kind: ``full`` with every field filled, otherwise with as few as there can be."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.access.device import Device, DeviceState
from eztong.domain.access.otp import OtpChallenge, OtpPurpose
from eztong.domain.agreements import Acceptance, Agreement, AgreementKind, AgreementState, ChangeClass
from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import Channel, CodeState, Method, PresentationCode
from eztong.domain.codes.refused_try import CodeAttempt
from eztong.domain.codes.verification import Outcome, Verification
from eztong.domain.eid.eid_flow import EidCode, EidEnding, EidFlow, FlowTry
from eztong.domain.events import Actor, EventKind
from eztong.domain.feedback.report import Report
from eztong.domain.grants import Grant, GrantState
from eztong.domain.holder import Assurance, FreezeCause, Holder, HolderState, Stopped, WrappedKey
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.jobs.job import Job, JobKind
from eztong.domain.notices import Topic
from eztong.domain.partners.freshness import Freshness, WhenOld
from eztong.domain.partners.partner import ApiKey, Partner, PartnerStage, PartnerState, Scene, Scope
from eztong.domain.partners.quota import OverQuota, Quota
from eztong.domain.requests.request import Request, RequestState
from eztong.ports.storage.access.sessions import Session
from eztong.ports.storage.holders import HolderEvent, Person
from eztong.ports.storage.idempotency import IdempotencyRecord
from tests.contract.storage.stage import (
    acceptance_id,
    at,
    batch_id,
    code_id,
    device_id,
    grant_id,
    holder_id,
    make,
    partner_id,
    request_id,
    verification_id,
)

INDEX = bytes(range(32))
PERSONS = (
    Person(number_index=INDEX, holder_id=holder_id(), generation=b"1", service_ended=False),
    Person(number_index=INDEX, holder_id=None, generation=b"7", service_ended=True),
)


def holder(number: int = 1, *, full: bool = False) -> Holder:
    bare = Holder(
        holder_id=holder_id(number),
        state=HolderState.DRAFT,
        created_at=at(number),
        data_key=WrappedKey(kek_id="kek-1", wrapped=b"\x00wrapped"),
    )
    if not full:
        return bare
    return Holder(
        holder_id=bare.holder_id,
        state=HolderState.FROZEN,
        created_at=bare.created_at,
        data_key=WrappedKey(kek_id="kek-2", wrapped=b""),
        service_acceptance=acceptance_id(1),
        authorisation_acceptance=acceptance_id(2),
        freeze_cause=FreezeCause.SELF,
        stopped=(Stopped(HolderState.FROZEN, FreezeCause.RISK), Stopped(HolderState.DEREGISTERING)),
        document_type=DocumentType.RESIDENT_ID,
        number_index=INDEX,
        phone_index=INDEX[::-1],
        sealed_number=b"\x00number",
        sealed_name=b"\xffname",
        sealed_phone=b"phone",
        sealed_eid_mark=b"mark",
        generation=b"3",
        decision="approve",
        reason="manual_review",
        rules="R01 R40",
        policy_version="2026-01",
        authority_reference="case-1",
    )


def event(number: int = 1) -> HolderEvent:
    return HolderEvent(
        holder_id=holder_id(),
        event_id=make("evt", number),
        kind=EventKind.FROZEN,
        actor=Actor.HOLDER,
        detail="",
        at=at(number),
    )


def device(number: int = 1, *, full: bool = True, of_holder: int = 1) -> Device:
    return Device(
        holder_id=holder_id(of_holder),
        device_id=device_id(number),
        state=DeviceState.BOUND if full else DeviceState.PENDING,
        is_primary=full,
        label="Chrome on Android",
        created_at=at(number),
        bound_at=at(number + 1) if full else None,
    )


def session(number: int = 1, *, full: bool = True, of_holder: int = 1) -> Session:
    return Session(
        session_hash=number.to_bytes(32),
        holder_id=holder_id(of_holder) if full else None,
        device_id=device_id() if full else None,
        phone_index=INDEX if full else None,
        created_at=at(0),
        expires_at=at(3600 if full else 60),
        revoked_at=at(30) if full else None,
        unlocked_until=at(180) if full else None,
    )


def challenge(number: int = 1, *, full: bool = False, purpose: OtpPurpose = OtpPurpose.REGISTER) -> OtpChallenge:
    return OtpChallenge(
        challenge_id=make("otp", number),
        session_hash=b"session",
        purpose=purpose,
        phone_index=INDEX,
        code_hash=b"\x00code",
        tries=4 if full else 0,
        created_at=at(number),
        used_at=at(number + 9) if full else None,
        holder_id=holder_id() if full else None,
        is_sent=full,
        digits=10 if full else 6,
    )


def agreement(
    version: str = "1.0", *, state: AgreementState = AgreementState.IN_FORCE, language: str = "zh-CN"
) -> Agreement:
    return Agreement(
        kind=AgreementKind.SERVICE,
        version=version,
        language=language,
        title="服务协议",
        text="第一条\n**重点**",
        text_hash="ab" * 32,
        change_class=ChangeClass.B,
        state=state,
        in_force_from=at(0),
    )


def acceptance(number: int = 1, *, full: bool = False, kind: AgreementKind = AgreementKind.SERVICE) -> Acceptance:
    return Acceptance(
        acceptance_id=acceptance_id(number),
        holder_id=holder_id(),
        kind=kind,
        version="1.0",
        language="zh-CN",
        title="服务协议",
        text_hash="ab" * 32,
        shown_at=at(number),
        accepted_at=at(number + 20),
        act="ticked",
        salt=bytes(16),
        sealed_context=b"\x01context",
        withdrawn_at=at(number + 40) if full else None,
    )


def partner(number: int = 1, *, full: bool = False) -> Partner:
    return Partner(
        partner_id=partner_id(number),
        name="某某银行",
        name_en="Some Bank",
        sector_id="sector-1",
        state=PartnerState.APPROVED,
        created_at=at(number),
        stage=PartnerStage.LIVE if full else PartnerStage.SANDBOX,
        networks=("192.0.2.0/24", "2001:db8::/48") if full else (),
        redirects=("https://bank.example/back",) if full else (),
        per_minute=600 if full else None,
        wants_factor=full,
        quota=Quota(10_000_000_000, OverQuota.REFUSE) if full else None,
        quota_until=at(number + 9) if full else None,
    )


def scene(name: str = "open_account", *, full: bool = True) -> Scene:
    return Scene(
        scene=name,
        title="开户",
        title_en="Open an account",
        purpose="核验身份",
        purpose_en="Check identity",
        floor=Assurance.HIGH if full else Assurance.LOW,
        claims=frozenset(Claim) if full else frozenset(),
        freshness=Freshness(30, WhenOld.UNAVAILABLE) if full else None,
        application_id=make("pap", 1) if full else None,
    )


def api_key(number: int = 1, *, full: bool = False, of_partner: int = 1) -> ApiKey:
    return ApiKey(
        key_id=make("key", number),
        partner_id=partner_id(of_partner),
        label="till 1",
        scopes=frozenset(Scope) if full else frozenset(),
        created_at=at(number),
        expires_at=at(900) if full else None,
        revoked_at=at(60) if full else None,
    )


def code(number: int = 1, *, full: bool = False, of_device: int = 1, of_holder: int = 1) -> PresentationCode:
    return PresentationCode(
        code_id=code_id(number),
        holder_id=holder_id(of_holder),
        device_id=device_id(of_device),
        acceptance_id=acceptance_id(),
        channel=Channel.SPOKEN if full else Channel.SCREEN,
        state=CodeState.CONSUMED if full else CodeState.ISSUED,
        issued_at=at(number),
        expires_at=at(number + 60),
        verification_id=verification_id() if full else None,
        asking_hash=b"asked" if full else None,
    )


def attempt(number: int = 1, *, full: bool = True) -> CodeAttempt:
    return CodeAttempt(
        holder_id=holder_id(),
        attempt_id=make("att", number),
        code_id=code_id(),
        partner_id=partner_id(),
        scene="open_account",
        desk=f"desk-{number}" if full else None,
        reason="code_expired",
        at=at(number),
    )


def verification(number: int = 1, *, full: bool = True, of_partner: int = 1, of_holder: int = 1) -> Verification:
    return Verification(
        verification_id=verification_id(number),
        partner_id=partner_id(of_partner),
        holder_id=holder_id(of_holder) if full else None,
        code_id=code_id() if full else None,
        request_id=request_id() if full else None,
        outcome=Outcome.PASSED if full else Outcome.NOT_PASSED,
        reason="holder_frozen" if full else None,
        scene="open_account",
        desk="desk-1" if full else None,
        method=Method.QR,
        claims=(Claim.MASKED_NAME, Claim.AGE_OVER_18) if full else (),
        created_at=at(number),
        result=b'{"outcome":"passed"}' if full else None,
        sealed_result=b"\x00sealed" if full else None,
        batch_id=batch_id(),
        leaf_index=number,
        api_key_id=make("key", 1) if full else None,
    )


def idempotency() -> IdempotencyRecord:
    return IdempotencyRecord(
        partner_id=partner_id(),
        key_hash=INDEX,
        operation="verifications.create",
        body_hash=INDEX[::-1],
        resource_id=verification_id(),
        created_at=at(1),
    )


def request(number: int = 1, *, full: bool = False, of_partner: int = 1) -> Request:
    return Request(
        request_id=request_id(number),
        partner_id=partner_id(of_partner),
        scene="open_account",
        desk="desk-1" if full else None,
        claims=frozenset(Claim) if full else frozenset(),
        grant_days=180 if full else 0,
        match_number=42,
        state=RequestState.FINISHED if full else RequestState.INIT,
        created_at=at(number),
        expires_at=at(number + 600),
        reference="order 4711" if full else None,
        holder_id=holder_id() if full else None,
        verification_id=verification_id() if full else None,
    )


def eid_flow(number: int = 1, *, full: bool = False) -> EidFlow:
    bare = EidFlow(
        eid_token=f"0D9B6A1C-0000-4000-8000-{number:012d}",
        partner_id=partner_id(),
        request_id=request_id(number),
        merchant_id="0NSJ0000000000000001",
        sealed_settings=b"\x00settings",
        created_at=at(number),
    )
    if not full:
        return bare
    return replace(
        bare,
        tries=(
            FlowTry(at=at(number + 5), sequence="seq-1", code=EidCode.NOT_LIVE),
            FlowTry(at=at(number + 9), sequence="seq-2", code=EidCode.PASSED),
        ),
        ending=EidEnding(
            confirmed=True,
            eid_sign="MEQC",
            des_key="BAAA",
            user_info="AAAA",
            sealed_confirmations=b"\x00sealed",
            evidence=b"{}",
            evidence_batch=batch_id(),
            evidence_leaf=2,
        ),
    )


def grant(number: int = 1, *, full: bool = False) -> Grant:
    return Grant(
        grant_id=grant_id(number),
        holder_id=holder_id(),
        partner_id=partner_id(),
        scene="open_account",
        claims=frozenset(Claim) if full else frozenset(),
        purpose="核验身份",
        state=GrantState.WITHDRAWN if full else GrantState.GRANTED,
        granted_at=at(number),
        expires_at=at(number + 600),
        request_id=request_id() if full else None,
        withdrawn_at=at(number + 60) if full else None,
    )


def job(
    number: int = 1,
    *,
    kind: JobKind = JobKind.MESSAGE,
    key: str = "",
    due: float = 5,
    priority: int = 2,
    holder: int = 0,
    full: bool = False,
) -> Job:
    return Job(
        job_id=make("job", number),
        kind=kind,
        key=key or make("key", number),
        topic=Topic.CODE_USED.value if full else None,
        holder_id=holder_id(holder) if holder else None,
        sealed=b"\x00sealed",
        priority=priority,
        created_at=at(0),
        next_attempt_at=at(due),
        attempts=2,
        expires_at=at(due + 300) if full else None,
        leased_until=at(due) if full else None,
    )


def report(number: int = 1, *, full: bool = False, of_holder: int = 1) -> Report:
    return Report(
        holder_id=holder_id(of_holder),
        report_id=make("rep", number),
        record_id=verification_id(number),
        ticket_id=make("tkt", number),
        froze=full,
        created_at=at(number),
        sealed_note=b"\x00note" if full else None,
    )

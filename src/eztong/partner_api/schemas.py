"""The public contract of ``/v1``: bodies and answers. Fields are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from eztong.domain.claims import Claim
from eztong.domain.codes.verification import Outcome
from eztong.domain.deregistration.partner_event import ErasureAnswer, PartnerEventKind
from eztong.domain.incidents.incident import Affected, IncidentKind, Phase, Step
from eztong.domain.requests.request import MAX_GRANT_DAYS, RequestState

Wants = Annotated[tuple[Claim, ...], Field(max_length=10)]
CODE_EXAMPLE = "881234567890123458"
NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,63}$"
Name = Annotated[str, Field(pattern=NAME_PATTERN)]
NOTE_EXAMPLE = (
    "eztong/batch/v2 eztong.localhost\n1\nZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8=\n"
    "batch bat_01KF0000000000000000000000\ntime 2026-01-15T01:00:00.000Z\n"
    "writer wri_01KF0000000000000000000000\nnumber 1\nprevious AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n"
    "\u2014 results-1 AAAAAA==\n"
)


class Body(BaseModel):
    """A body; unknown fields are refused so that a misspelt one is not silently ignored."""

    model_config = ConfigDict(extra="forbid")


class VerificationBody(Body):
    """Ask for one authentication with a code that a holder shows."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"code": CODE_EXAMPLE, "scene": "hotel_check_in", "desk": "front-1", "wants": ["is_person"]}]
        },
    )

    code: Annotated[
        str,
        Field(min_length=1, max_length=200, description="the 18 digits, or the scanned QR payload, as they came"),
    ]
    scene: Annotated[Name, Field(description="one of your approved scenes")]
    wants: Annotated[Wants, Field(description="claims wanted; told only under a live grant")] = (Claim.IS_PERSON,)
    desk: Annotated[Name | None, Field(description="the desk where the code is shown")] = None


class ProofPart(BaseModel):
    """Where the result stands in the signed batch; see docs/specs/proof.md."""

    leaf_index: int
    path: list[str]
    note: Annotated[str, Field(examples=[NOTE_EXAMPLE])]


class Verification(BaseModel):
    """A verification. ``result`` is the signed document, ``proof`` proves it offline."""

    id: Annotated[str, Field(examples=["ver_01KF0000000000000000000000"])]
    outcome: Outcome
    result: Annotated[
        dict[str, Any],
        Field(
            examples=[
                {
                    "format": "eztong/result/v1",
                    "id": "ver_01KF0000000000000000000000",
                    "partner": "hotel",
                    "scene": "hotel_check_in",
                    "desk": "front-1",
                    "method": "qr",
                    "outcome": "passed",
                    "environment": "sandbox",
                    "at": "2026-01-15T01:00:00.000Z",
                    "partner_code": "3q2+7wAA" + "A" * 40,
                    "claims": {"is_person": True},
                    "withheld": {},
                }
            ]
        ),
    ]
    proof: ProofPart


class ProofFile(BaseModel):
    """A self-contained proof for ``eztong evidence verify``."""

    format: Literal["eztong/proof/v1", "eztong/proof/v2"]
    document: dict[str, Any]
    leaf_index: int
    path: list[str]
    note: str


class EvidenceBundle(BaseModel):
    """Evidence of one verification for one side, in canonical form, for ``eztong evidence verify``."""

    format: Literal["eztong/bundle/v1"]
    manifest: ProofFile
    parts: dict[str, dict[str, Any]]


class VerificationSummary(BaseModel):
    """A verification in a list."""

    id: str
    outcome: Outcome
    scene: str
    desk: str | None
    method: str
    created_at: datetime


class VerificationPage(BaseModel):
    """One page, newest first. ``next_cursor`` is null on the last."""

    data: list[VerificationSummary]
    next_cursor: str | None


class RequestBody(Body):
    """Open a request that a holder answers on an own device."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"scene": "game_age_check", "wants": ["is_person", "age_over_18"], "reference": "order-17"}]
        },
    )

    scene: Annotated[Name, Field(description="one of your approved scenes")]
    wants: Annotated[Wants, Field(description="claims wanted; the holder may refuse each")] = (Claim.IS_PERSON,)
    desk: Annotated[Name | None, Field(description="the desk where the QR is shown")] = None
    grant_days: Annotated[
        int, Field(ge=0, le=MAX_GRANT_DAYS, description="how long the grant shall live; 0 for this time only")
    ] = 0
    reference: Annotated[
        str | None,
        Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$", description="your own reference; no personal data"),
    ] = None


class PartnerRequest(BaseModel):
    """A request. Show ``url`` as a link or QR, and ``match_number`` beside it."""

    id: Annotated[str, Field(examples=["req_01KF0000000000000000000000"])]
    state: RequestState
    scene: str
    desk: str | None
    wants: list[Claim]
    grant_days: int
    reference: str | None
    match_number: Annotated[int, Field(description="two digits that the holder must find among three")]
    url: Annotated[str, Field(description="link for the holder's device")]
    qr_svg: Annotated[str, Field(description="the link as a QR, in SVG")]
    created_at: datetime
    expires_at: datetime
    verification: Annotated[Verification | None, Field(description="the answer, once finished")] = None


class RequestSummary(BaseModel):
    """A request in a list."""

    id: str
    state: RequestState
    scene: str
    reference: str | None
    created_at: datetime
    verification_id: str | None


class RequestPage(BaseModel):
    """One page, newest first. ``next_cursor`` is null on the last."""

    data: list[RequestSummary]
    next_cursor: str | None


class ErasureAnswerBody(Body):
    """Answer an erasure request: ``erased`` alone, or ``kept`` with law and day."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"answer": "erased"},
                {"answer": "kept", "law": "E-Commerce Law art. 31", "until": "2029-12-31"},
            ]
        },
    )

    answer: Annotated[ErasureAnswer, Field(description="`kept` if a law obliges you to keep anything of it")]
    law: Annotated[
        str | None,
        Field(min_length=2, max_length=120, description="act and article; the holder reads it; nothing of a person"),
    ] = None
    until: Annotated[date | None, Field(description="last day on which you keep it, at most 30 years from now")] = None


class ErasureRequest(BaseModel):
    """Erase what you have about the partner code, or say what law forbids it. Days are of Shanghai."""

    id: Annotated[str, Field(examples=["era_01KF0000000000000000000000"])]
    answer_by: Annotated[date, Field(description="fifteen working days after the day of the event")]
    answer: Annotated[ErasureAnswer | None, Field(description="null until you answer")]
    law: str | None
    until: date | None


class PartnerEventEntry(BaseModel):
    """What happened to one of your partner codes. ``day`` is the day on which you are told."""

    id: Annotated[str, Field(examples=["evt_01KF0000000000000000000000"])]
    type: PartnerEventKind
    day: date
    partner_code: Annotated[str, Field(examples=["3q2+7wAA" + "A" * 40])]
    erasure_request: ErasureRequest


class PartnerEventPage(BaseModel):
    """Events in the order in which you are told. Keep ``next_after`` for the next call; it is null before the first."""

    data: list[PartnerEventEntry]
    next_after: str | None
    has_more: Annotated[bool, Field(description="more is there now: call again at once")]


class PublishedKeyEntry(BaseModel):
    """A key that verifies batches."""

    key_id: str
    algorithm: Literal["SM2-SM3"]
    user_id: str
    spki: Annotated[str, Field(description="base64 SubjectPublicKeyInfo")]
    state: Literal["active", "retiring", "retired"]
    not_before: str
    retired_at: str | None


class PublishedKeys(BaseModel):
    """All keys that were ever used for batches, so that old proofs stay verifiable."""

    format: Literal["eztong/keys/v1"]
    origin: str
    keys: list[PublishedKeyEntry]


class IncidentText(BaseModel):
    """A text in both languages."""

    model_config = ConfigDict(populate_by_name=True)

    zh: Annotated[str, Field(alias="zh-CN")]
    en: str


class IncidentUpdateEntry(BaseModel):
    """What was done to an incident, and what people were told."""

    at: datetime
    step: Step
    text: IncidentText | None


class IncidentEntry(BaseModel):
    """An incident or announced work. ``until`` is when it is expected to end, ``ended_at`` when it did."""

    id: Annotated[str, Field(examples=["inc_01KF0000000000000000000000"])]
    kind: IncidentKind
    phase: Phase
    affects: list[Affected]
    refuses: Annotated[
        list[Affected],
        Field(description="what citizens cannot begin while planned work goes on; what they began is answered as ever"),
    ]
    starts_at: datetime
    until: datetime | None
    ended_at: datetime | None
    effect: IncidentText
    workaround: IncidentText | None
    updates: list[IncidentUpdateEntry]


class ServiceStatus(BaseModel):
    """What is out of order, announced and over; each list newest first."""

    at: datetime
    state: Annotated[Literal["ok", "incident"], Field(description="`incident` while anything is open")]
    current: list[IncidentEntry]
    announced: list[IncidentEntry]
    past: Annotated[list[IncidentEntry], Field(description="the last twenty")]


class FieldFaultEntry(BaseModel):
    """A field that cannot be understood."""

    field: str
    message: str


class ProblemDocument(BaseModel):
    """RFC 9457. ``code`` is stable: decide by it, not by ``detail``."""

    type: Annotated[str, Field(examples=["urn:eztong:problem:code_expired"])]
    title: str
    status: int
    code: Annotated[str, Field(examples=["code_expired"])]
    detail: str
    request_id: str
    errors: list[FieldFaultEntry] | None = None

"""Results: what is put together from kept parts is byte for byte the canonical document."""

from __future__ import annotations

from datetime import UTC, date, datetime

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from eztong.domain.claims import ONLY_A_PERSON, Claim, Release, Withheld
from eztong.domain.codes.presentation_code import Method
from eztong.domain.codes.verification import Outcome, Question, build_result, render_result
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId, RequestId, VerificationId
from eztong.domain.partners.partner import Partner, PartnerState, Scene
from eztong.domain.partners.partner_code import PartnerCode

NOW = datetime(2026, 1, 15, 1, 0, tzinfo=UTC)
# Whatever partners call their scenes and desks, those that look like a part of the document, too.
names = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12), st.sampled_from(['","id":"', "at", "\\"])
)


def _partner(name: str) -> Partner:
    return Partner(
        partner_id=PartnerId(name),
        name="酒店",
        name_en="Hotel",
        sector_id="hotels",
        state=PartnerState.APPROVED,
        created_at=NOW,
    )


def _scene(name: str) -> Scene:
    return Scene(
        scene=name,
        title="入住",
        title_en="Check-in",
        purpose="入住",
        purpose_en="Check-in",
        floor=Assurance.LOW,
        claims=frozenset(),
    )


questions = st.builds(
    Question,
    verification_id=st.sampled_from(["ver_01K", "ver_01M"]).map(VerificationId),
    partner=names.map(_partner),
    scene=names.map(_scene),
    desk=st.none() | names,
    method=st.sampled_from(Method),
    wants=st.just(frozenset({Claim.IS_PERSON})),
    environment=st.sampled_from(["sandbox", "live"]),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - hypothesis adds the zone
    request_id=st.none() | st.just(RequestId("req_01K")),
)
releases = st.sampled_from(
    [
        ONLY_A_PERSON,
        Release({Claim.IS_PERSON: True}, {}),
        Release({Claim.IS_PERSON: True}, {Claim.MASKED_NAME: Withheld.NOT_GRANTED}),
    ]
)


@given(questions, releases, st.none() | st.just(date(2026, 1, 1)), st.sampled_from(["YWJj", "ZGVm"]))
def test_what_passes_is_its_document(
    asked: Question, release: Release, unconfirmed_since: date | None, code: str
) -> None:
    rendered = render_result(
        asked,
        outcome=Outcome.PASSED,
        partner_code=PartnerCode(code),
        release=release,
        unconfirmed_since=unconfirmed_since,
    )
    document = build_result(
        asked,
        outcome=Outcome.PASSED,
        partner_code=PartnerCode(code),
        release=release,
        unconfirmed_since=unconfirmed_since,
    )
    assert rendered == rfc8785.dumps({**document, "outcome": "passed"})
    assert document["partner_code"] == code


@given(questions, st.sampled_from([one for one in Outcome if one is not Outcome.PASSED]))
def test_what_does_not_pass_is_its_document_and_tells_nothing(asked: Question, outcome: Outcome) -> None:
    rendered = render_result(asked, outcome=outcome)
    assert rendered == rfc8785.dumps({**build_result(asked, outcome=outcome), "outcome": outcome.value})
    assert b"partner_code" not in rendered

"""``/v1/verifications/{id}/bundle``: a partner's own side of one of its verifications, for a dispute (clause 2.15)."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from eztong.domain.identifiers import VerificationId
from eztong.partner_api import schemas
from eztong.partner_api.answers import JSON_HEADERS
from eztong.partner_api.context import ReadingCaller, services_of
from eztong.partner_api.problem_responses import problems
from eztong.partner_api.verifications import VerificationPath
from eztong.usecases.disputes.give_evidence import give_to_partner

router = APIRouter(tags=["Verifications"])


@router.get(
    "/v1/verifications/{verification_id}/bundle",
    summary="Download the evidence for a dispute",
    response_model=schemas.EvidenceBundle,
    responses=problems(401, 403, 404, 409, 422, 429, 503),
)
def get_bundle(request: Request, caller: ReadingCaller, verification_id: VerificationPath) -> Response:
    """Download one file with all that you were told in one of your verifications, for `eztong evidence verify`.

    Its manifest is signed and names every part. It holds nothing that you were not told: no reason, no grant, no
    receipt of the holder's. What is no longer there is named in the manifest's `missing`. The file is in canonical
    form: keep its bytes as they are. The holder sees in the account's history that it was made.
    """
    given = give_to_partner(caller, VerificationId(verification_id), services=services_of(request))
    named = {"content-disposition": f'attachment; filename="{given.file_name}"'}
    return Response(given.file, headers={**JSON_HEADERS, **named})

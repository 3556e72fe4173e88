"""Take in a merchant's certificate request, and carry out what two operators decided on it (design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.errors import NotFound, StateConflict
from eztong.domain.merchants.certificate_request import (
    CertificateRequest,
    CertificateState,
    OperatorDecision,
    parse_certificate_request,
)
from eztong.domain.operators.proposal import Proposal, ProposalKind, ProposalState
from eztong.ports.act import Act
from eztong.usecases.merchants.register_merchant import find_merchant
from eztong.usecases.naming import new_id
from eztong.usecases.operators.propose import Propose, propose


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A certificate request, and the proposal by which another operator decides it."""

    request: CertificateRequest
    proposal: Proposal


def request_certificate(act: Act, merchant_id: str, content: bytes, *, reason: str) -> TakenIn:
    """Take in a PEM or DER request, and propose it.

    1. Find the merchant.
    2. Check the request: an SM2 key, and a signature by it.
    3. Store it as pending and propose it; nothing is sealed to its key yet.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing: whoever acts may not propose certificates.
        ReasonInvalid: no reason.
        NotFound: no such merchant.
        CertificateRequestInvalid: not such a request.
    """
    find_merchant(merchant_id, stored=act.uow)
    document, verified = parse_certificate_request(content)
    request = CertificateRequest(
        request_id=new_id(act, "csr"),
        merchant_id=merchant_id,
        common_name=verified.common_name,
        public_key=verified.public_key.to_spki(),
        document=document,
        requested_by=act.by.name,
        requested_at=act.now,
    )
    proposal = propose(act, Propose(kind=ProposalKind.CERTIFICATE, subject=request.request_id, reason=reason))
    act.uow.merchants.add_certificate_request(request)
    return TakenIn(request, proposal)


def settle_certificate(act: Act, proposal: Proposal) -> None:
    """Do what became of the proposal: an approval makes the request's key the merchant's, anything else nothing.

    An earlier approved key is used no more.

    Raises:
        ValueError: the proposal has not ended (programmer's mistake).
        NotFound: no such request, or its merchant is gone.
        StateConflict: it is decided already.
    """
    if proposal.ended is None:
        raise ValueError("a proposal is carried out once it has ended")
    request = act.uow.merchants.certificate_request(proposal.subject)
    if request is None:
        raise NotFound("There is no such certificate request.")
    approved = proposal.state is ProposalState.APPROVED
    decision = OperatorDecision(operator=proposal.ended.by, reason=proposal.ended.reason, at=proposal.ended.at)
    state = CertificateState.APPROVED if approved else CertificateState.REJECTED
    if not act.uow.merchants.decide_certificate_request(replace(request, state=state, decision=decision)):
        raise StateConflict("The certificate request is decided already.")
    if approved:
        merchant = find_merchant(request.merchant_id, stored=act.uow)
        act.uow.merchants.update(replace(merchant, certified_key=request.public_key))

"""Take in a merchant's certificate request, and decide it: two operators, a reason (design rule 8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.merchants.certificate_request import (
    CertificateRequest,
    CertificateState,
    OperatorDecision,
    check_second_operator,
    parse_certificate_request,
)
from eztong.ports.act import Act
from eztong.usecases.merchants.register_merchant import find_merchant
from eztong.usecases.naming import new_id


def request_certificate(act: Act, merchant_id: str, content: bytes, *, operator: str) -> CertificateRequest:
    """Take in a PEM or DER request.

    1. Find the merchant.
    2. Check the request: an SM2 key, and a signature by it.
    3. Store it as pending; nothing is sealed to its key yet.

    Raises:
        InputInvalid: no operator is named.
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
        requested_by=_named(operator),
        requested_at=act.now,
    )
    act.uow.merchants.add_certificate_request(request)
    return request


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideCertificate:
    """A decision by a named operator, with the reason that goes on record."""

    request_id: str
    approve: bool
    operator: str
    reason: str


def decide_certificate(act: Act, command: DecideCertificate) -> CertificateRequest:
    """Approve or reject a pending request.

    1. Find the request; check that another operator took it in.
    2. Move it by one conditional UPDATE, with operator, reason and time.
    3. An approval makes its key the merchant's; an earlier approved key is used no more.

    Raises:
        InputInvalid: operator or reason is empty.
        NotFound: no such request.
        SameOperator: who asked may not decide.
        StateConflict: it is decided already.
    """
    request = act.uow.merchants.certificate_request(command.request_id)
    if request is None:
        raise NotFound("There is no such certificate request.")
    operator = _named(command.operator)
    check_second_operator(request, operator)
    if not command.reason.strip():
        raise InputInvalid("Give the reason; it goes on record.")
    state = CertificateState.APPROVED if command.approve else CertificateState.REJECTED
    decided = replace(
        request, state=state, decision=OperatorDecision(operator=operator, reason=command.reason.strip(), at=act.now)
    )
    if not act.uow.merchants.decide_certificate_request(decided):
        raise StateConflict("The certificate request is decided already.")
    if command.approve:
        merchant = find_merchant(request.merchant_id, stored=act.uow)
        act.uow.merchants.update(replace(merchant, certified_key=request.public_key))
    return decided


def _named(operator: str) -> str:
    if not operator.strip():
        raise InputInvalid("Name the operator.")
    return operator.strip()

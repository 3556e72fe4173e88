"""Certificate requests are kept as they are, and decided once."""

from dataclasses import replace

from eztong.domain.merchants.certificate_request import CertificateRequest, CertificateState, OperatorDecision
from eztong.ports.storage.store import Store
from tests.contract.storage.stage import at


def taken_in(request_id: str = "csr_1", *, merchant_id: str = "0NSJ0001") -> CertificateRequest:
    return CertificateRequest(
        request_id=request_id,
        merchant_id=merchant_id,
        common_name="Demo Hotel",
        public_key=b"spki",
        document=b"request",
        requested_by="li",
        requested_at=at(0),
    )


def test_a_certificate_request_is_decided_once(store: Store) -> None:
    approved = replace(
        taken_in(),
        state=CertificateState.APPROVED,
        decision=OperatorDecision(operator="wang", reason="form checked", at=at(9)),
    )
    rejected = replace(approved, state=CertificateState.REJECTED)
    store.write(lambda uow: uow.merchants.add_certificate_request(taken_in()))
    store.write(lambda uow: uow.merchants.add_certificate_request(taken_in("csr_2")))
    store.write(lambda uow: uow.merchants.add_certificate_request(taken_in("csr_3", merchant_id="0NSJ0002")))
    with store.read() as stored:
        assert stored.merchants.certificate_request("csr_1") == taken_in()
        assert stored.merchants.certificate_request("csr_9") is None
    assert store.write(lambda uow: uow.merchants.decide_certificate_request(approved)).value
    assert not store.write(lambda uow: uow.merchants.decide_certificate_request(rejected)).value
    with store.read() as stored:
        assert list(stored.merchants.certificate_requests("0NSJ0001")) == [approved, taken_in("csr_2")]

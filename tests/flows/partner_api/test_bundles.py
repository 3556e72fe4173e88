"""A partner downloads the evidence of its own verification: what it was told, in one file that holds (2.15)."""

from __future__ import annotations

from pathlib import Path

from eztong.domain.disputes.verify_bundle import verify_bundle
from eztong.domain.evidence.proof import parse_published_keys
from tests.simulators.evidence import check_independently, published
from tests.simulators.problems import expect_problem
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"


def used(service: Service, hotel: Partner) -> dict[str, object]:
    answer: dict[str, object] = hotel.verify(service.code(service.somebody())["qr"], SCENE, desk="front-1").json()
    return answer


def test_the_bundle_holds_what_was_told_and_is_the_same_each_time(
    service: Service, hotel: Partner, tmp_path: Path
) -> None:
    verification = used(service, hotel)
    answer = hotel.get(f"/v1/verifications/{verification['id']}/bundle")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    keys = published(service)
    bundle = verify_bundle(answer.content, keys=parse_published_keys(keys))
    assert bundle.proofs["result"].document == verification["result"]
    assert list(bundle.proofs) == ["result"]
    assert check_independently(answer.content, keys, tmp_path).stdout.startswith("valid:")
    assert hotel.get(f"/v1/verifications/{verification['id']}/bundle").content == answer.content


def test_a_stranger_and_another_partner_get_nothing(service: Service, hotel: Partner, library: Partner) -> None:
    address = f"/v1/verifications/{used(service, hotel)['id']}/bundle"
    expect_problem(library.get(address), 404, "not_found")
    expect_problem(service.http.get(address), 401, "key_missing")
    expect_problem(hotel.get("/v1/verifications/ver_1/bundle"), 422, "input_invalid")

"""Clause 2.2, the mark: rooted in the citizen number, shown to nobody; each partner knows a person by another code."""

from __future__ import annotations

import base64

from tests.simulators.cast import everybody
from tests.simulators.own_copy import copy_of, signed_in
from tests.simulators.problems import expect_outcome
from tests.simulators.secrets_scan import Secrets, places_of
from tests.simulators.service import Partner, Service

SCENE = "hotel_check_in"


def seen(service: Service, partner: Partner, scene: str, holder: str) -> str:
    """Verify a fresh code; return by which code the partner knows the holder."""
    answered = expect_outcome(partner.verify(service.code(holder)["qr"], scene), "passed")
    return str(answered["result"]["partner_code"])


def test_the_same_partner_sees_the_same_code_for_a_person_and_another_partner_sees_another(
    service: Service, hotel: Partner, library: Partner
) -> None:
    one, other = service.somebody(), service.somebody()
    assert seen(service, hotel, SCENE, one) == seen(service, hotel, SCENE, one)
    assert seen(service, hotel, SCENE, one) != seen(service, library, "library_entry", one)
    assert seen(service, hotel, SCENE, one) != seen(service, hotel, SCENE, other)


def test_a_code_at_a_partner_has_the_form_of_the_specification_and_shares_no_stretch_with_another(
    service: Service, hotel: Partner, library: Partner
) -> None:
    holder = service.somebody()
    here, there = (
        base64.b64decode(seen(service, partner, scene, holder), validate=True)
        for partner, scene in ((hotel, SCENE), (library, "library_entry"))
    )
    assert len(here) == len(there) == 36
    assert here[32:] == there[32:] == b"1000", "the version of the derivation"
    # Three bytes stand in both by chance once in some twenty thousand runs.
    assert not any(here[at : at + 4] in there[:32] for at in range(29))


def test_the_number_that_it_is_rooted_in_lies_nowhere_in_clear(service: Service, hotel: Partner) -> None:
    holder = str(service.holder("P01")["id"])
    seen(service, hotel, SCENE, holder)
    secrets = Secrets()
    secrets.add_people(everybody(service))
    assert secrets.found_in(places_of(service.database, service.log)) == []


def test_the_mark_is_shown_to_nobody_not_even_to_its_holder(service: Service, hotel: Partner) -> None:
    holder = service.somebody()
    code = seen(service, hotel, SCENE, holder)
    copy, page = copy_of(service, holder), signed_in(service, holder).open("/me").text
    assert "eid_mark" not in str(copy)
    assert code not in page
    held = str(hotel.get("/v1/verifications").json())
    assert "eid_mark" not in held

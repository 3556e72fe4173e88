"""What of an account's history says that somebody saw the data."""

from __future__ import annotations

import pytest

from eztong.domain.claims import Claim
from eztong.domain.events import Actor, EventKind
from eztong.domain.own_data.sighting import VIEWERS, Occasion, StaffReads, items_told, occasions_of

K, Seen = EventKind, Occasion
SAID = [
    (K.STAFF_READ, Actor.OPERATOR, "what=application operator=li.na", (Seen.APPLICATION_READ,)),
    (K.STAFF_READ, Actor.OPERATOR, "what=ticket ticket=1", (Seen.TICKET_READ,)),
    (K.STAFF_READ, Actor.OPERATOR, "what=guardianship", (Seen.FAMILY_READ,)),
    (K.STAFF_READ, Actor.OPERATOR, "what=of_a_later_version", ()),
    (K.REGISTRATION_APPROVE, Actor.SYSTEM, "", (Seen.REGISTRATION_CHECKED,)),
    (K.REGISTRATION_APPROVE, Actor.OPERATOR, "operator=li", (Seen.APPLICATION_DECIDED, Seen.REGISTRATION_CHECKED)),
    (K.REGISTRATION_REFUSE, Actor.OPERATOR, "decided_by_person operator=li", (Seen.APPLICATION_DECIDED,)),
    (K.REGISTRATION_REFUSE, Actor.SYSTEM, "no_record", (Seen.REGISTRATION_CHECKED,)),
    (K.REGISTRATION_SUPPLEMENT, Actor.SYSTEM, "guardian_must_apply", ()),
    (K.REGISTRATION_REVIEW, Actor.SYSTEM, "name_needs_person", (Seen.REGISTRATION_CHECKED,)),
    (K.IDENTITY_CHECKED, Actor.SYSTEM, "result=confirmed rule=R41", (Seen.IDENTITY_CHECKED,)),
    (K.NAME_CORRECTED, Actor.HOLDER, "", ()),
    (K.CORRECTION_REFUSED, Actor.HOLDER, "reason=mismatch ticket=1", (Seen.NAME_CHECKED,)),
    (K.RECOVERY_STARTED, Actor.HOLDER, "how=authority", (Seen.RECOVERY_CHECKED,)),
    (K.RECOVERY_STARTED, Actor.HOLDER, "how=pin", ()),
    (K.PHONE_CHANGE_WAITING, Actor.HOLDER, "how=identity", (Seen.PHONE_CHECKED,)),
    (K.PHONE_CHANGE_WAITING, Actor.OPERATOR, "how=appeal", (Seen.NUMBER_APPEALED, Seen.PHONE_CHECKED)),
    (K.GUARDIAN_DECLARED, Actor.GUARDIAN, "guardianship=gdn_1 role=ward", (Seen.RELATION_CHECKED,)),
    (K.GUARDIAN_CONFIRMED, Actor.SYSTEM, "guardianship=gdn_1 role=ward decided_by=authority", ()),
    (K.GUARDIAN_CONFIRMED, Actor.OPERATOR, "guardianship=gdn_1 role=ward decided_by=staff", (Seen.FAMILY_DECIDED,)),
    (K.GUARDIAN_REFUSED, Actor.HOLDER, "role=guardian decided_by=authority", (Seen.RELATION_CHECKED,)),
    (K.GUARDIAN_REFUSED, Actor.SYSTEM, "guardianship=gdn_1 role=ward decided_by=authority", ()),
    (K.BUNDLE_MADE, Actor.HOLDER, "bundle=b record=ver_1", (Seen.OWN_EVIDENCE,)),
    (K.BUNDLE_MADE, Actor.PARTNER, "bundle=b record=ver_1 partner=hotel", (Seen.PARTNER_EVIDENCE,)),
    (K.TICKET_ANSWERED, Actor.OPERATOR, "ticket=1", (Seen.TICKET_ANSWERED,)),
    (K.TALK_FAILED, Actor.SYSTEM, "ticket=1", ()),
    (K.FROZEN, Actor.OPERATOR, "reason=phone_lost", (Seen.STAFF_ACTED,)),
    (K.FROZEN, Actor.HOLDER, "", ()),
    (K.RESTRICTED, Actor.SYSTEM, "cause=data_doubt", ()),
    (K.IDENTITY_REVEALED, Actor.HOLDER, "", (Seen.OWN_REVEALED,)),
    (K.DATA_EXPORTED, Actor.HOLDER, "", (Seen.OWN_COPY,)),
    (K.SIGNED_IN, Actor.HOLDER, "", ()),
]


def facts(detail: str, name: str) -> str | None:
    found = (word.partition("=") for word in detail.split(" "))
    return next((value for key, _, value in found if key == name), None)


@pytest.mark.parametrize(("kind", "actor", "detail", "seen"), SAID)
def test_an_event_says_what_was_seen(kind: EventKind, actor: Actor, detail: str, seen: tuple[Occasion, ...]) -> None:
    assert occasions_of(kind, actor, lambda name: facts(detail, name), detail) == seen


def test_whatever_staff_can_be_shown_is_said_and_every_occasion_has_its_viewer() -> None:
    for what in StaffReads:
        assert occasions_of(K.STAFF_READ, Actor.OPERATOR, {"what": what.value}.get, "") != ()
    assert set(VIEWERS) == set(Occasion)


def test_what_everybody_is_told_is_no_item_and_sealed_identity_is() -> None:
    told = (Claim.IS_PERSON, Claim.AGE_OVER_18)
    assert items_told(told, gave_identity=False) == ("age_over_18",)
    assert items_told((Claim.IS_PERSON,), gave_identity=True) == ("name", "number")

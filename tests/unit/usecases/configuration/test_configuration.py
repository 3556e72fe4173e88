"""What is set up as a document: exported, compared, applied to an empty deployment, and never taken away by silence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from eztong.domain.branding.brand import Brand
from eztong.domain.configuration.difference import ConfigurationBlocked, Difference, DifferenceKind
from eztong.domain.configuration.document import Configuration, parse_configuration, render_configuration
from eztong.domain.configuration.partner_part import PartnerPart
from eztong.domain.configuration.reach_part import MerchantPart, ReachPart
from eztong.domain.errors import InputInvalid
from eztong.domain.identifiers import PartnerId
from eztong.domain.merchants.merchant import MerchantOptions, MerchantState
from eztong.domain.operators.operator import OperatorNeeded, OperatorRole, RoleMissing
from eztong.domain.operators.proposal import LIFE, ReasonInvalid
from eztong.domain.partners.freshness import Freshness, WhenOld
from eztong.domain.partners.partner import PartnerState
from eztong.domain.policy.policy import BUILT_IN
from eztong.domain.registration import Verdict
from eztong.ports.act import OPERATOR, Acting
from eztong.ports.keys import Keys
from eztong.ports.services import Mode
from eztong.usecases.configuration.apply_configuration import ApplyConfiguration, apply_configuration
from eztong.usecases.configuration.compare_configuration import (
    ConfigurationUnreadable,
    compare_configuration,
    read_configuration,
)
from eztong.usecases.partners.register_desk import register_desk
from eztong.usecases.policy.publish_policy import find_open_proposal
from eztong.wiring.seed import seed
from eztong.wiring.settings import Settings
from tests.simulators.quick_files import folder_in_memory, new_database
from tests.unit.domain.policy.cases import setting
from tests.unit.usecases.operators.acts import operator
from tests.unit.usecases.policy.acts import decided, published
from tests.unit.usecases.stage import FILE, Stage

HOTEL = PartnerId("hotel")
STRICT = setting("R34", Verdict.REVIEW, number=120)


@pytest.fixture
def empty(keys: Keys) -> Iterator[Stage]:
    """A deployment as live mode begins: agreements, and nobody."""
    with folder_in_memory("empty-") as folder:
        new_database(folder / FILE)
        made = Stage(folder, keys, seed="empty")
        made.write(lambda uow: seed(Settings(mode=Mode.LIVE), uow=uow, now=made.clock.now()))
        yield made
        made.close()
        assert made.left_out == []


def exported(stage: Stage) -> Configuration:
    return stage.act(read_configuration)


def compared(stage: Stage, wanted: Configuration) -> dict[str, str]:
    return {one.path: one.kind.value for one in stage.act(compare_configuration, wanted)}


def apply(stage: Stage, wanted: Configuration, *, by: Acting | None = None, reason: str = "why") -> list[Difference]:
    command = ApplyConfiguration(wanted=wanted, reason=reason)
    return [*stage.act(apply_configuration, command, by=by or operator(stage, "configurer"))]


def with_partner(wanted: Configuration, part: PartnerPart, partner_id: str = "hotel") -> Configuration:
    return replace(wanted, partners={**wanted.partners, partner_id: part})


def test_what_was_exported_makes_an_empty_deployment_the_same(stage: Stage, empty: Stage) -> None:
    published(stage, STRICT)
    wanted = exported(stage)
    assert compared(stage, wanted) == {}
    by = operator(empty)
    done = apply(empty, wanted, by=by)
    assert {one.kind for one in done} == {DifferenceKind.ADD, DifferenceKind.CHANGE}
    assert compared(empty, wanted) == {"policy": "waits"}
    decided(empty, empty.act(find_open_proposal, "2027-01"))
    assert render_configuration(exported(empty)) == render_configuration(wanted)
    rows = empty.rows()
    apply(empty, wanted, by=by)
    assert empty.rows() == rows, "applying it again changes nothing"


def test_each_partner_that_changes_has_an_audit_entry_and_an_attested_act(stage: Stage) -> None:
    wanted = exported(stage)
    part = wanted.partners["hotel"]
    scene = part.scenes["hotel_check_in"]
    limited = replace(scene, freshness=Freshness(90, WhenOld.UNAVAILABLE))
    changed = replace(part, state=PartnerState.SUSPENDED, scenes={scene.scene: limited}, desks={"front-9": "前台九"})
    done = apply(stage, with_partner(wanted, changed))
    assert {one.path: one.kind.value for one in done} == {
        "partners.hotel.desks.front-9": "add",
        "partners.hotel.desks.front-1": "left",
        "partners.hotel.desks.front-2": "left",
        "partners.hotel.scenes.hotel_check_in.fresh_days": "change",
        "partners.hotel.state": "change",
    }
    assert stage.partner().state is PartnerState.SUSPENDED
    assert stage.read(lambda stored: stored.partners.scene(HOTEL, scene.scene)) == limited
    assert stage.read(lambda stored: len(stored.partners.desks(HOTEL))) == 3, "a desk that is not named stays"
    assert stage.select("SELECT kind, subject FROM acts ORDER BY act_id DESC LIMIT 1") == [
        ("configuration_applied", "hotel")
    ]
    assert stage.select("SELECT count(*) FROM audit_entries WHERE what = 'partners.configure'") == [(1,)]


def test_a_partner_that_the_document_does_not_name_is_told_and_stays(stage: Stage) -> None:
    wanted = exported(stage)
    rest = {name: part for name, part in wanted.partners.items() if name != "hotel"}
    assert compared(stage, replace(wanted, partners=rest)) == {"partners.hotel": "left"}
    apply(stage, replace(wanted, partners=rest))
    assert stage.partner().state is PartnerState.APPROVED


def test_what_no_command_does_blocks_the_whole(stage: Stage) -> None:
    wanted = exported(stage)
    part = wanted.partners["hotel"]
    scene = part.scenes["hotel_check_in"]
    by = operator(stage)
    for changed in (
        replace(part, name="别的酒店"),
        replace(part, sector="sector-other"),
        replace(part, state=PartnerState.CLOSED),
        replace(part, desks={"front-1": "后台"}),
        replace(part, scenes={scene.scene: replace(scene, purpose="别的目的")}),
        replace(part, scenes={scene.scene: replace(scene, claims=frozenset())}),
    ):
        asked = with_partner(with_partner(wanted, changed), replace(part, sector="sector-new"), "hotel-2")
        with pytest.raises(ConfigurationBlocked, match=r"partners\.hotel"):
            apply(stage, asked, by=by)
    assert stage.read(lambda stored: stored.partners.get(PartnerId("hotel-2"))) is None


def test_the_policy_waits_for_another_operator_and_a_name_means_one_thing(stage: Stage) -> None:
    wanted = replace(exported(stage), policy=STRICT)
    assert compared(stage, wanted) == {"policy": "change"}
    apply(stage, wanted)
    assert compared(stage, wanted) == {"policy": "waits"}
    other = replace(wanted, policy=setting("R34", Verdict.REVIEW, number=110))
    assert compared(stage, other) == {"policy": "blocked"}
    stage.clock.pass_by(seconds=LIFE.total_seconds() + 1)
    assert compared(stage, wanted) == {"policy": "change"}
    published(stage, replace(STRICT, version="2027-02"))
    assert compared(stage, replace(wanted, policy=BUILT_IN)) == {"policy": "blocked"}


def test_it_takes_an_operator_of_the_role_and_a_reason(stage: Stage) -> None:
    wanted = exported(stage)
    asked = with_partner(wanted, replace(wanted.partners["hotel"], state=PartnerState.SUSPENDED))
    with pytest.raises(OperatorNeeded):
        apply(stage, asked, by=OPERATOR)
    with pytest.raises(RoleMissing):
        apply(stage, asked, by=operator(stage, "wang.wei", OperatorRole.CASES))
    with pytest.raises(ReasonInvalid):
        apply(stage, asked, reason=" ")


def test_what_cannot_be_read_is_not_left_out(stage: Stage) -> None:
    stage.damage("scenes", "floor", of="hotel")
    with pytest.raises(ConfigurationUnreadable):
        exported(stage)


def test_a_suspension_is_lifted_by_two_operators_and_no_document(stage: Stage) -> None:
    wanted = exported(stage)
    suspended = replace(wanted.partners["hotel"], state=PartnerState.SUSPENDED)
    by = operator(stage)
    apply(stage, with_partner(wanted, suspended), by=by)
    assert compared(stage, wanted) == {"partners.hotel.state": "left"}
    apply(stage, wanted, by=by)
    assert stage.partner().state is PartnerState.SUSPENDED


def test_a_closed_partner_is_no_part_of_a_document_and_its_id_stays_taken(stage: Stage) -> None:
    wanted = exported(stage)
    closed = replace(stage.partner(), state=PartnerState.CLOSED)
    stage.write(lambda uow: uow.partners.move(closed, expected=PartnerState.APPROVED))
    assert "hotel" not in exported(stage).partners
    assert compared(stage, wanted) == {"partners.hotel.state": "blocked"}


def test_a_desk_has_an_id_of_its_own(stage: Stage) -> None:
    by = operator(stage)
    stage.act(register_desk, HOTEL, "front-3", "前台三", by=by)
    assert ("front-3", "前台三") in stage.read(lambda stored: stored.partners.desks(HOTEL))
    with pytest.raises(InputInvalid):
        stage.act(register_desk, HOTEL, "Front 3", "前台三", by=by)


def test_reach_and_merchants_are_set_as_the_document_says_and_a_document_of_before_leaves_them(stage: Stage) -> None:
    wanted = exported(stage)
    part = wanted.partners["hotel"]
    assert part.reach is not None
    known = MerchantPart(scene="hotel_check_in", state=MerchantState.ACTIVE, options=MerchantOptions())
    first = replace(part, reach=replace(part.reach, merchants={"老店": known}))
    by = operator(stage)
    apply(stage, with_partner(wanted, first), by=by)
    quiet = replace(known, state=MerchantState.SUSPENDED, options=MerchantOptions(companions=True))
    merchants = {"老店": quiet, "新店": replace(quiet, options=MerchantOptions(guarded_release=True))}
    reach = ReachPart(
        networks=("192.0.2.0/24",), redirects=("https://hotel.example/back",), per_minute=60, merchants=merchants
    )
    asked = with_partner(wanted, replace(part, reach=reach))
    apply(stage, asked, by=by)
    assert compared(stage, asked) == {}
    found = stage.partner()
    assert (found.networks, found.redirects, found.per_minute) == (reach.networks, reach.redirects, 60)
    states = {one.name: one.state for one in stage.read(lambda stored: stored.merchants.list(HOTEL))}
    assert states["新店"] is MerchantState.SUSPENDED
    assert parse_configuration(render_configuration(exported(stage)).encode()) == parse_configuration(
        render_configuration(asked).encode()
    )
    assert compared(stage, with_partner(wanted, replace(part, reach=None))) == {}
    open_to_all = with_partner(wanted, replace(part, reach=replace(reach, networks=(), merchants={})))
    assert compared(stage, open_to_all) == {
        "partners.hotel.networks": "change",
        **{f"partners.hotel.merchants.{name}": "left" for name in merchants},
    }
    moved = {"新店": replace(known, scene="other")}
    blocked = with_partner(wanted, replace(part, reach=replace(reach, merchants=moved)))
    assert compared(stage, blocked)["partners.hotel.merchants.新店.scene"] == "blocked"


def test_the_brand_waits_for_another_operator(stage: Stage) -> None:
    wanted = replace(exported(stage), branding=Brand(accent="#b0183a"))
    assert compared(stage, wanted) == {"branding": "change"}
    apply(stage, wanted)
    assert compared(stage, wanted) == {"branding": "waits"}
    assert compared(stage, replace(wanted, branding=None)) == {}

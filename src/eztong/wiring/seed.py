"""First contents of a database: the agreements in force and, in the sandbox, the demo partners."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eztong.domain.agreement_sets.agreement_set import FIRST_SET, AgreementSet, Member, in_order
from eztong.domain.agreements import PRECEDENCE, AgreementState
from eztong.domain.claims import Claim
from eztong.domain.damage import RowDamaged
from eztong.domain.errors import StateConflict
from eztong.domain.holder import Assurance
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.freshness import default_freshness
from eztong.domain.partners.partner import Partner, PartnerStage, PartnerState, Scene
from eztong.ports.services import Mode
from eztong.ports.storage.store import UnitOfWork
from eztong.wiring.agreement_values import printed_values, values_to_print
from eztong.wiring.agreements.texts import packaged_texts, text_in_force
from eztong.wiring.settings import Settings

MODE_SETTING = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPartner:
    """A partner of the sandbox with its scenes and desks."""

    partner_id: str
    name: str
    name_en: str
    scenes: tuple[Scene, ...]
    desks: tuple[tuple[str, str], ...] = ()


_AGES = frozenset({Claim.AGE_OVER_14, Claim.AGE_OVER_16, Claim.AGE_OVER_18})

DEMO_PARTNERS = (
    DemoPartner(
        partner_id="hotel",
        name="示例酒店",
        name_en="Demo Hotel",
        desks=(("front-1", "前台一"), ("front-2", "前台二")),
        scenes=(
            Scene(
                scene="hotel_check_in",
                title="酒店入住",
                title_en="Hotel check-in",
                purpose="办理入住登记时确认是您本人",
                purpose_en="to confirm at check-in that it is you",
                floor=Assurance.LOW,
                claims=_AGES | {Claim.MASKED_NAME},
            ),
        ),
    ),
    DemoPartner(
        partner_id="game",
        name="示例游戏",
        name_en="Demo Game",
        scenes=(
            Scene(
                scene="game_age_check",
                title="游戏防沉迷",
                title_en="Game age check",
                purpose="确认您的年龄段，不需要您的姓名",
                purpose_en="to learn your age band; your name is not needed",
                floor=Assurance.LOW,
                claims=_AGES,
            ),
        ),
    ),
    DemoPartner(
        partner_id="library",
        name="示例图书馆",
        name_en="Demo Library",
        desks=(("gate-1", "入口闸机"),),
        scenes=(
            Scene(
                scene="library_entry",
                title="图书馆入馆",
                title_en="Library entry",
                purpose="确认入馆的是您本人",
                purpose_en="to confirm that it is you who enters",
                floor=Assurance.LOW,
                claims=frozenset(),
            ),
        ),
    ),
    DemoPartner(
        partner_id="netcafe",
        name="示例网吧",
        name_en="Demo Internet Café",
        desks=(("bar-1", "吧台"),),
        scenes=(
            Scene(
                scene="internet_cafe",
                title="上网登记",
                title_en="Internet café sign-in",
                purpose="上网登记前确认是您本人、已满18周岁",
                purpose_en="to confirm before you go online that it is you and that you are 18",
                floor=Assurance.LOW,
                claims=frozenset({Claim.AGE_OVER_18, Claim.MASKED_NAME}),
            ),
        ),
    ),
    DemoPartner(
        partner_id="parcel",
        name="示例快递",
        name_en="Demo Parcel",
        desks=(("counter-1", "收件台"),),
        scenes=(
            Scene(
                scene="parcel_posting",
                title="寄件实名",
                title_en="Posting a parcel",
                purpose="收寄前确认寄件的是您本人",
                purpose_en="to confirm before posting that you are the sender",
                floor=Assurance.LOW,
                claims=frozenset({Claim.MASKED_NAME}),
            ),
        ),
    ),
    DemoPartner(
        partner_id="government",
        name="示例政务大厅",
        name_en="Demo Government Hall",
        desks=(("window-1", "1号窗口"), ("window-2", "2号窗口")),
        scenes=(
            Scene(
                scene="government_counter",
                title="窗口办事",
                title_en="Government counter",
                purpose="办理业务前确认是您本人",
                purpose_en="to confirm before your matter is handled that it is you",
                floor=Assurance.SUBSTANTIAL,
                claims=frozenset({Claim.AGE_OVER_18, Claim.MASKED_NAME}),
            ),
        ),
    ),
    DemoPartner(
        partner_id="esign",
        name="示例电子签约",
        name_en="Demo E-Sign",
        scenes=(
            Scene(
                scene="contract_signing",
                title="合同签署",
                title_en="Contract signing",
                purpose="签署合同前确认是您本人",
                purpose_en="to confirm before signing that it is you",
                floor=Assurance.SUBSTANTIAL,
                claims=frozenset({Claim.AGE_OVER_18, Claim.MASKED_NAME}),
            ),
        ),
    ),
)


def seed(settings: Settings, *, uow: UnitOfWork, now: datetime) -> None:
    """Bring a new database to its first contents; on one that has them, add only what of partners is missing.

    Raises:
        StateConflict: the data was made in the other mode; sandbox and live data never mix.
    """
    earlier = uow.settings.get(MODE_SETTING)
    if earlier is not None:
        if earlier != settings.mode.value:
            raise StateConflict(f"This data folder belongs to {earlier} mode. Choose another EZTONG_DATA_DIR.")
        _add_missing_partners(settings, uow=uow, now=now)
        _give_scenes_their_limits(settings, uow=uow)
        return
    uow.settings.set(MODE_SETTING, settings.mode.value)
    _add_first_set(settings, uow=uow, now=now)
    _add_missing_partners(settings, uow=uow, now=now)
    _give_scenes_their_limits(settings, uow=uow)


def _add_first_set(settings: Settings, *, uow: UnitOfWork, now: datetime) -> None:
    offered = packaged_texts(values_to_print(settings))
    for one in offered:
        uow.agreements.add(text_in_force(one, now=now))
    members = {one.kind: Member(kind=one.kind, version=one.version, change_class=one.change_class) for one in offered}
    uow.agreement_sets.add(
        AgreementSet(
            set_id=FIRST_SET,
            number=1,
            state=AgreementState.IN_FORCE,
            in_force_from=now,
            members=in_order(members.values(), PRECEDENCE),
            printed=printed_values(settings),
            made_at=now,
            published_at=now,
        )
    )


def _add_missing_partners(settings: Settings, *, uow: UnitOfWork, now: datetime) -> None:
    if settings.mode is Mode.SANDBOX:
        for demo in DEMO_PARTNERS:
            partner_id = PartnerId(demo.partner_id)
            if uow.partners.get(partner_id) is None:
                if not uow.partners.scenes(partner_id).is_empty:
                    # Its scenes are there, so it was, and its name was damaged.
                    raise RowDamaged("partners", "partner_id")
                _add_partner(demo, uow=uow, now=now)


def _give_scenes_their_limits(settings: Settings, *, uow: UnitOfWork) -> None:
    """Write down how old a confirmation may be for scenes for which nobody said it, and those of before 0036."""
    for partner in uow.partners.list().those:
        for scene in uow.partners.scenes(partner.partner_id).those:
            if scene.freshness is None:
                limit = default_freshness(scene.floor, months=settings.recheck_months)
                uow.partners.set_freshness(partner.partner_id, scene.scene, limit)


def _add_partner(demo: DemoPartner, *, uow: UnitOfWork, now: datetime) -> None:
    partner_id = PartnerId(demo.partner_id)
    uow.partners.add(
        Partner(
            partner_id=partner_id,
            name=demo.name,
            name_en=demo.name_en,
            sector_id=f"sector-{demo.partner_id}",
            state=PartnerState.APPROVED,
            created_at=now,
            stage=PartnerStage.SANDBOX,
        )
    )
    for scene in demo.scenes:
        uow.partners.add_scene(partner_id, scene)
    for desk, name in demo.desks:
        uow.partners.add_desk(partner_id, desk, name)

"""Demo staff of the sandbox: an account for each demo partner with desks, all with one password of this sandbox."""

from __future__ import annotations

from collections.abc import Sequence

from eztong.domain.identifiers import PartnerId
from eztong.ports.act import SYSTEM, Act
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.usecases.desks.manage_staff import create_staff
from eztong.usecases.draw_password import make_password
from eztong.wiring.seed import DEMO_PARTNERS

PASSWORD_SETTING = "sandbox_desk_password"  # noqa: S105 - the setting's name
DEMO_LABEL = "演示"


def seed_demo_staff(services: Services) -> None:
    """Make the accounts that are missing; the sign-in name is the partner's id. Live mode never comes here."""
    with services.store.read() as stored:
        password = stored.settings.get(PASSWORD_SETTING)
        missing = [
            PartnerId(demo.partner_id)
            for demo in DEMO_PARTNERS
            if demo.desks and stored.staff.by_login(demo.partner_id) is None
        ]
    if not missing:
        return
    password = password or make_password(entropy=services.entropy)
    # One hash for all: the password is the same, and every sandbox start would wait for each.
    hashed = services.staff_hasher.make_hash(password, salt=services.entropy.token(SALT_BYTES))
    services.perform(SYSTEM, _add, missing, password=password, password_hash=hashed)


def _add(act: Act, partners: Sequence[PartnerId], *, password: str, password_hash: str) -> None:
    act.uow.settings.set(PASSWORD_SETTING, password)
    for partner_id in partners:
        if act.uow.staff.by_login(partner_id) is None:
            create_staff(act, partner_id, login=partner_id, label=DEMO_LABEL, password_hash=password_hash)

"""Demo staff of the sandbox: an account for each demo partner with desks, all with one password of this sandbox."""

from __future__ import annotations

from eztong.domain.desks.staff import Staff, StaffState
from eztong.domain.identifiers import PartnerId
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.desks.manage_staff import make_password
from eztong.usecases.naming import new_id
from eztong.wiring.seed import DEMO_PARTNERS

PASSWORD_SETTING = "sandbox_desk_password"  # noqa: S105 - the setting's name
DEMO_LABEL = "演示"


def seed_demo_staff(services: Services) -> None:
    """Make the accounts that are missing; the sign-in name is the partner's id. Live mode never comes here."""
    with services.store.read() as stored:
        password = stored.queues.setting(PASSWORD_SETTING)
        missing = [
            PartnerId(demo.partner_id)
            for demo in DEMO_PARTNERS
            if demo.desks and stored.staff.by_login(demo.partner_id) is None
        ]
    if not missing:
        return
    password = password or make_password(entropy=services.entropy)
    # One hash for all: the password is the same, and every sandbox start would wait for each.
    hashed, now = (
        services.staff_hasher.make_hash(password, salt=services.entropy.token(SALT_BYTES)),
        services.clock.now(),
    )
    accounts = [
        Staff(
            partner_id=partner_id,
            staff_id=new_id("stf", now=now, entropy=services.entropy),
            login=partner_id,
            label=DEMO_LABEL,
            password_hash=hashed,
            state=StaffState.ACTIVE,
            created_at=now,
        )
        for partner_id in missing
    ]

    def add(uow: UnitOfWork) -> None:
        uow.queues.set_setting(PASSWORD_SETTING, password)
        for account in accounts:
            if uow.staff.by_login(account.login) is None:
                uow.staff.add(account)

    services.store.write(add)

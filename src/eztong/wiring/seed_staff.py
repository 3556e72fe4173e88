"""Demo staff of the sandbox's partners: an account for each with desks, and people of the partner portal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eztong.domain.identifiers import PartnerId
from eztong.domain.portal.person import PortalPerson, PortalState
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import SYSTEM, Act
from eztong.ports.one_time_codes import KEY_BYTES
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.usecases.desks.manage_staff import create_staff
from eztong.usecases.draw_password import make_password
from eztong.usecases.naming import new_id
from eztong.usecases.portal.sign_in_person import factor_place
from eztong.usecases.sandbox.demo_people import DEMO_PEOPLE, PERSON_APP_SETTING, PERSON_SECRET_SETTING
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


_ADDED_BY = "sandbox"


def seed_demo_people(services: Services) -> None:
    """Make the people that are missing. Live mode never comes here."""
    with services.store.read() as stored:
        secret = stored.settings.get(PERSON_SECRET_SETTING)
        is_whole = all(stored.portal.get(*one) is not None for one in DEMO_PEOPLE)
    if is_whole:
        return
    secret = secret or make_password(entropy=services.entropy)
    # One hash for all: the secret is the same, and every first start would wait for each.
    hashed = services.staff_hasher.make_hash(secret, salt=services.entropy.token(SALT_BYTES))
    services.perform(SYSTEM, _add_people, secret=secret, hashed=hashed, app=services.entropy.token(KEY_BYTES).hex())


def _add_people(act: Act, *, secret: str, hashed: str, app: str) -> None:
    app = act.uow.settings.get(PERSON_APP_SETTING) or app
    act.uow.settings.set(PERSON_SECRET_SETTING, secret)
    act.uow.settings.set(PERSON_APP_SETTING, app)
    for (partner_id, name), role in DEMO_PEOPLE.items():
        if act.uow.partners.get(partner_id) is None or act.uow.portal.get(partner_id, name) is not None:
            continue
        person = PortalPerson(
            partner_id=partner_id,
            name=name,
            person_id=new_id(act, "ptp"),
            role=role,
            state=PortalState.ACTIVE,
            created_at=act.now,
            added_by=_ADDED_BY,
            secret_hash=hashed,
            used_step=0,
        )
        nonce, place = act.entropy.token(NONCE_BYTES), factor_place(person)
        act.uow.portal.add(replace(person, second_factor=act.keys.seal(bytes.fromhex(app), nonce=nonce, place=place)))

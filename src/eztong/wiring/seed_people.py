"""Demo people of the sandbox at the partner portal: one of each role, all with one secret of this sandbox."""

from __future__ import annotations

from dataclasses import replace

from eztong.domain.portal.person import PortalPerson, PortalState
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import SYSTEM, Act
from eztong.ports.one_time_codes import KEY_BYTES
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.usecases.draw_password import make_password
from eztong.usecases.naming import new_id
from eztong.usecases.portal.sign_in_person import factor_place
from eztong.usecases.sandbox.demo_people import DEMO_PEOPLE, PERSON_APP_SETTING, PERSON_SECRET_SETTING

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
    services.perform(SYSTEM, _add, secret=secret, hashed=hashed, app=services.entropy.token(KEY_BYTES).hex())


def _add(act: Act, *, secret: str, hashed: str, app: str) -> None:
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

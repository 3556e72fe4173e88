"""Demo operators of the sandbox: two people for what takes two, both with one secret of this sandbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.domain.sealing import NONCE_BYTES
from eztong.ports.act import SYSTEM, Act
from eztong.ports.one_time_codes import KEY_BYTES
from eztong.ports.secret_hasher import SALT_BYTES
from eztong.ports.services import Services
from eztong.usecases.operators.manage_operators import make_operator_secret
from eztong.usecases.operators.sign_in_operator import factor_place
from eztong.usecases.sandbox.demo_operators import DEMO_OPERATORS, OPERATOR_APP_SETTING, OPERATOR_SECRET_SETTING


def seed_demo_operators(services: Services) -> None:
    """Make the operators that are missing. Live mode never comes here."""
    _seed(services)
    with services.store.read() as stored:
        found = [stored.operators.get(name) for name in DEMO_OPERATORS]
    bare = [one for one in found if one is not None and one.second_factor is None]
    if bare:
        key = services.entropy.token(KEY_BYTES)
        services.perform(SYSTEM, _add_apps, bare, key=key)


def _seed(services: Services) -> None:
    with services.store.read() as stored:
        secret = stored.settings.get(OPERATOR_SECRET_SETTING)
        missing = [name for name in DEMO_OPERATORS if stored.operators.get(name) is None]
    if not missing:
        return
    secret = secret or make_operator_secret(entropy=services.entropy)
    # One hash for both: the secret is the same, and every first start would wait for each.
    hashed = services.staff_hasher.make_hash(secret, salt=services.entropy.token(SALT_BYTES))
    services.perform(SYSTEM, _add, missing, secret=secret, secret_hash=hashed)


def _add(act: Act, names: Sequence[str], *, secret: str, secret_hash: str) -> None:
    act.uow.settings.set(OPERATOR_SECRET_SETTING, secret)
    operator = Operator(
        name="",
        roles=frozenset(OperatorRole),
        state=OperatorState.ACTIVE,
        secret_hash=secret_hash,
        created_at=act.now,
        secret_at=act.now,
    )
    for name in names:
        # Another start may have made it meanwhile; then it is there, which is all that is wanted.
        if act.uow.operators.get(name) is None:
            act.uow.operators.add(replace(operator, name=name))


def _add_apps(act: Act, bare: Sequence[Operator], *, key: bytes) -> None:
    """Give demo operators the second factor, and every role that there is, also those that came after they did."""
    key = bytes.fromhex(act.uow.settings.get(OPERATOR_APP_SETTING) or key.hex())
    act.uow.settings.set(OPERATOR_APP_SETTING, key.hex())
    for operator in bare:
        sealed = act.keys.seal(key, nonce=act.entropy.token(NONCE_BYTES), place=factor_place(operator.name))
        act.uow.operators.set_up(replace(operator, second_factor=sealed, used_step=0), seen=operator.secret_hash)
        act.uow.operators.set_roles(operator.name, frozenset(OperatorRole), seen=operator.roles)

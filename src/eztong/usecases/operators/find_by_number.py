"""Find the account of a citizen number for an operator: numbers are typed, and never listed."""

from __future__ import annotations

from eztong.domain.errors import NotFound
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.citizen_number import parse_number_of_any_kind
from eztong.domain.operators.operator import OperatorRole
from eztong.ports.act import Act
from eztong.ports.services import Services
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.vault import number_index


def index_of_number(text: str, *, services: Services) -> bytes:
    """Return the index by which the person of a citizen number is found, of whatever kind of document.

    Raises:
        NumberInvalid: this can be nobody's number.
    """
    today = service_date(services.clock.now())
    number = parse_number_of_any_kind(text, today=today)
    return number_index(number.document_type.value, number.value, keys=services.keys)


def find_by_number(act: Act, index: bytes, *roles: OperatorRole, missing: str) -> Holder:
    """Return the account that an operator of one of ``roles`` asks for; ``missing`` is said where there is none.

    Raises:
        OperatorNeeded, OperatorRefused, RoleMissing, AboutOneself: whoever acts may not.
        NotFound: nobody with this number has an account.
    """
    operator = check_operator(act, *roles)
    person = act.uow.holders.person(index)
    found = None if person is None or person.holder_id is None else act.uow.holders.get(person.holder_id)
    if found is None or not found.has_account:
        raise NotFound(missing)
    check_about_another(operator, found, stored=act.uow)
    return found

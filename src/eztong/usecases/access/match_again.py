"""Match a person again: name and number as they are typed now, which must be the account's own (clauses 2.6, 2.7)."""

from __future__ import annotations

from dataclasses import dataclass, field

from eztong.domain.errors import AuthorityUnavailable
from eztong.domain.holder import Holder
from eztong.domain.identity.age import service_date
from eztong.domain.identity.authority_answer import AuthorityVerdict
from eztong.domain.identity.citizen_number import CitizenNumber, parse_number_of_any_kind
from eztong.domain.identity.real_name import RealName, parse_real_name
from eztong.domain.recovery import RecoveryRefused
from eztong.ports.keys import Keys
from eztong.ports.services import Services
from eztong.usecases.vault import number_index


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedIdentity:
    """Name and number as they were typed just now."""

    name: str = field(repr=False)
    number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """Name and number as they are meant."""

    name: RealName
    number: CitizenNumber


def parse_identity(typed: TypedIdentity, *, services: Services) -> Identity:
    """Return name and number as they are meant; of whatever kind, as whoever registered keeps every way.

    Raises:
        NameInvalid, NumberInvalid: they cannot be right, whoever it is.
    """
    name = parse_real_name(typed.name)
    number = parse_number_of_any_kind(typed.number, today=service_date(services.clock.now()))
    return Identity(name, number)


def check_is_own(identity: Identity, holder: Holder, *, keys: Keys) -> None:
    """Refuse a number that is not the account's: somebody else's would match, too.

    Raises:
        RecoveryRefused: it is not.
    """
    if number_index(identity.number.document_type.value, identity.number.value, keys=keys) != holder.number_index:
        raise RecoveryRefused


def ask_authority(identity: Identity, *, reference: str, services: Services) -> None:
    """Have the authority match them now; never inside a unit of work.

    Raises:
        RecoveryRefused: it does not confirm.
        AuthorityUnavailable: it could not be asked, or has no answer yet.
    """
    answer = services.authority.match(name=identity.name, number=identity.number, reference=reference)
    if answer.verdict is AuthorityVerdict.PENDING:
        raise AuthorityUnavailable
    if answer.verdict is not AuthorityVerdict.MATCHED:
        raise RecoveryRefused

"""A partner that presents codes straight to the use case, over the real store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace

from eztong.domain.claims import Claim
from eztong.domain.codes.presentation_code import parse_presented
from eztong.domain.codes.verification import Verification
from eztong.domain.errors import EztongError
from eztong.domain.partners.partner import Caller
from eztong.ports.act import PARTNER
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import VerifyCode, handles_of, verify_code
from eztong.usecases.refusal import Refused
from tests.flows.citizen.browser import Town

SCENES = {"hotel": "hotel_check_in", "library": "library_entry", "esign": "contract_signing"}


@dataclass(frozen=True)
class Asker:
    """Who asks, where and for what."""

    town: Town
    partner: str = "hotel"
    key: str = "key"
    desk: str | None = None
    wants: frozenset[Claim] = field(default=frozenset({Claim.IS_PERSON}))

    def command(self, digits: str) -> VerifyCode:
        """Return the command of one try."""
        caller, presented = self.town.caller(self.partner), parse_presented(digits)
        return VerifyCode(
            caller=Caller(caller.partner, replace(caller.key, key_id=self.key)),
            presented=presented,
            handles=handles_of(presented, keys=self.town.services.keys),
            scene=SCENES[self.partner],
            desk=self.desk,
            wants=self.wants,
            environment="sandbox",
        )

    def present(self, digits: str) -> Answered | Refused:
        """Present a code once."""
        services, command = self.town.services, self.command(digits)
        return services.perform(PARTNER, verify_code, command)

    def verify(self, digits: str) -> Verification:
        """Present a code that makes or repeats a verification."""
        answered = self.present(digits)
        assert isinstance(answered, Answered), answered
        return answered.verification

    def refused(self, digits: str) -> str:
        """Present a code that is refused; return the error's code."""
        try:
            answered = self.present(digits)
        except EztongError as error:
            return error.code
        assert isinstance(answered, Refused), answered
        return answered.error.code


def rows(town: Town) -> dict[str, int]:
    """Return how many rows each table has."""
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - names of our own


def warnings(town: Town) -> int:
    """Return how many messages about used codes were ever queued."""
    with closing(sqlite3.connect(town.built.settings.database_file)) as connection:
        query = "SELECT count(*) FROM jobs WHERE topic = 'code_replayed'"
        return int(connection.execute(query).fetchone()[0])

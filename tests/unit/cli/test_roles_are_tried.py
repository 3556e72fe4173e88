"""Every role gives every command of an operator, through the command line itself: the table says who comes through.

One service stays open for all of them. Of each command everybody who may not is one operator with all of those roles,
and whoever may is one operator for each role.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

import click
import pytest
from typing_extensions import override

from eztong.cli.service import build_quietly
from eztong.domain.branding.brand import Brand
from eztong.domain.events import Actor
from eztong.domain.feedback.ticket import TicketKind
from eztong.domain.identifiers import PartnerId
from eztong.domain.operators.operator import Operator, OperatorRole, OperatorState
from eztong.domain.operators.permission import MAY
from eztong.domain.policy.document import parse_policy
from eztong.ports.act import HOLDER, OPERATOR, Act, Acting
from eztong.usecases.branding.publish_branding import ProposeBranding, propose_branding
from eztong.usecases.feedback.open_ticket import OpenTicket, open_ticket
from eztong.usecases.partners.find_partner import find_partner
from eztong.usecases.policy.publish_policy import ProposePolicy, propose_policy
from eztong.wiring import build as building
from eztong.wiring.build import Built
from eztong.wiring.settings import Settings
from tests.simulators.commands import Ran, run_one
from tests.unit.cli.asked_permissions import commands_of_operators
from tests.unit.cli.test_who_may import COMMANDS
from tests.unit.usecases.fakes import QuickHasher
from tests.unit.usecases.partners.acts import document

WORDS: Final = "您反映的情况已查明。"
NUMBER: Final = "11010519491231002X"
POLICY: Final = {
    "format": "eztong/application-policy/v1",
    "version": "2030-01",
    "valid_from": None,
    "rules": {"R40": {"does": "review"}},
}
TWO_PEOPLE: Final = {
    "disputes bundle": "both are proven before anything is asked",
    "keys change-root": "both are proven, and the files are looked at, before anything is asked",
    "keys reseal": "as above",
    "keys retire": "as above",
    "keys rotate": "as above",
}
"""Commands that two operators give together: tests of keys and disputes try them."""

LOOKED_FOR_FIRST: Final = {
    "agreements call-off": "agreement_set_not_scheduled",
    "agreements propose": "agreement_set_not_draft",
    "agreements restore": "clause_mark_unknown",
    "cases show": "case_unknown",
    "deceased copy": "not_found",
    "deceased correct": "not_found",
    "deceased names": "not_found",
    "partners certificate request": "not_found",
    "policy simulate": "",
    "retention publish": "retention_unknown",
    "talks fail": "ticket_unknown",
    "talks propose": "ticket_unknown",
    "texts publish": "text_version_unknown",
}
"""Commands that look for what they name before they ask who gives them, and what they say of what is not there.

A policy is tried by anybody; ids of applications are asked for only where it would decide one otherwise. None of these
answers is personal data, and whoever has the files of the service can read them. ``test_who_may.py`` reads what
stands behind them.
"""


@dataclass(frozen=True)
class StaysOpen(Built):
    """A service that commands do not close."""

    @override
    def close(self) -> None:
        """Stay open."""


@dataclass(frozen=True)
class House:
    """The service, what is given to commands, and its operators."""

    built: Built
    folder: Path
    given: Mapping[str, str]

    @property
    def data(self) -> Path:
        return self.built.settings.data_dir

    def as_somebody(self, roles: Iterable[OperatorRole]) -> str:
        """Return the name of an operator of these roles, who is new if need be."""
        wanted = frozenset(roles)
        name = "op." + "".join(sorted(role[0:2] for role in wanted))

        def add(act: Act) -> None:
            if act.uow.operators.get(name) is None:
                made = Operator(
                    name=name,
                    roles=wanted,
                    state=OperatorState.ACTIVE,
                    secret_hash=self.built.services.staff_hasher.make_hash("s", salt=b"s"),
                    created_at=act.now,
                )
                act.uow.operators.add(made)

        self.built.services.perform(OPERATOR, add)
        return name

    def run(self, words: str, command: click.Command, roles: Iterable[OperatorRole]) -> str:
        """Give the command as somebody, and return the code with which it was refused; empty if it was not."""
        secret = self.folder / "secret"
        secret.write_text("s")
        who = ("--operator", self.as_somebody(roles), "--operator-secret-file", str(secret))
        ran = run_one((*words.split(), *arguments(words, command, self.given), *who), self.data)
        is_tried = ran.code not in {5, 130} and "Usage:" not in ran.err
        return code_of(ran) if is_tried else f"not tried: {ran.err.strip().splitlines()[-1]}"


def code_of(ran: Ran) -> str:
    found = re.findall(r"\[([a-z_]+)\]\s*$", ran.err)
    return found[-1] if found and ran.code else ""


def arguments(words: str, command: click.Command, given: Mapping[str, str]) -> list[str]:
    """Return something for whatever the command needs, and what is named in ``given`` for it or for everybody."""
    options: list[str] = []
    for param in command.params:
        name = "apply" if "--apply" in param.opts else str(param.name)
        value = given.get(f"{words} {name}", given.get(name))
        if param.name in {"operator", "operator_secret_file", "data_dir"} or (value is None and not param.required):
            continue
        value = sample(param) if value is None else value
        if isinstance(param, click.Argument):
            options.append(value)
        else:
            options += [param.opts[0]] if value == "" else [param.opts[0], *[value] * param.nargs]
    return options


def sample(param: click.Parameter) -> str:
    if isinstance(param.type, click.Choice):
        first: Any = next(iter(param.type.choices))
        return str(getattr(first, "value", first))
    if isinstance(param.type, click.DateTime):
        return "2026-12-05"
    return "1" if isinstance(param.type, click.types.IntParamType) else "x"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    data = folder / "data"
    assert run_one(("sandbox", "populate", "1"), data).code == 0
    built = build_quietly(Settings(data_dir=data))
    services = replace(built.services, staff_hasher=QuickHasher())
    values = {one.name: getattr(built, one.name) for one in fields(Built)} | {"services": services}
    kept = StaysOpen(**values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "build", lambda _settings: kept)
        yield House(kept, folder, _given(kept, folder))
    built.close()


def _given(built: Built, folder: Path) -> dict[str, str]:
    def file(name: str, text: str) -> str:
        (folder / name).write_text(text, "utf-8")
        return str(folder / name)

    def ticket(kind: TicketKind, secret: str) -> str:
        command = OpenTicket(session_hash=b"", network="x", kind=kind, words=WORDS, secret=secret)
        return built.services.perform(HOLDER, open_ticket, command, calendar=built.services.deployment.calendar).number

    by = Acting(Actor.OPERATOR, "demo-li")
    version, _ = built.services.perform(
        by, propose_branding, ProposeBranding(brand=Brand(accent="#0B6E69"), reason="x")
    )
    proposed = ProposePolicy(policy=parse_policy(json.dumps(POLICY | {"version": "2029-01"}).encode()), reason="x")
    policy_version, _ = built.services.perform(by, propose_policy, proposed)
    with built.services.store.read() as stored:
        hotel = find_partner(PartnerId("hotel"), stored=stored)
    application = file("application.json", json.dumps(document(), ensure_ascii=False))
    policy = file("policy.json", json.dumps(POLICY))
    question, relative = ticket(TicketKind.QUESTION, "0" * 16), ticket(TicketKind.RELATIVE, "1" * 16)
    exported = run_one(("config", "export"), built.settings.data_dir).out
    return {
        "apply": "",
        "partner": "hotel",
        "words_file": file("words.txt", WORDS),
        "number_file": file("number.txt", NUMBER),
        "person_file": file("person.txt", f"王芳\n{NUMBER}\n19900000001\n19900000002"),
        "anybody": "",
        "partners close name": hotel.name,
        "partners desks end confirm": "x",
        "cases propose ceiling": "low",
        "policy approve version": policy_version.policy.version,
        "texts set text": "otp",
        "texts set is_own": "",
        "yuan": "1",
        "incidents announce starts": "2026-12-05T01:00",
        "incidents announce until": "2026-12-05T02:00",
        "partners apply file": application,
        "partners supplement file": application,
        "partners certificate request file": file("request.pem", "x"),
        "policy propose file": policy,
        "policy simulate file": policy,
        "config apply file": file("config.toml", exported),
        "branding publish version": version.version_id,
        "feedback answer number": question,
        "feedback show number": question,
        "ticket": relative,
        "output": str(folder / "output"),
        "audit pack file": str(folder / "pack.zip"),
    }


@pytest.mark.timeout(240)
def test_a_role_comes_through_where_the_table_says_so_and_nowhere_else(house: House) -> None:
    wrong: list[str] = []
    for words, command in commands_of_operators().items():
        if words in TWO_PEOPLE:
            continue
        asked = COMMANDS[words]
        never = [role for role in OperatorRole if not any(role in MAY[one] for one in asked)]
        always = [role for role in OperatorRole if all(role in MAY[one] for one in asked)]
        refused = LOOKED_FOR_FIRST.get(words, "operator_role_missing")
        code = house.run(words, command, never) if never else refused
        wrong += [] if code == refused else [f"{words}: who may not heard {code!r}"]
        through = {role: house.run(words, command, [role]) for role in always}
        wrong += [
            f"{words}: {role} heard {code!r}"
            for role, code in through.items()
            if code == "operator_role_missing" or code.startswith("not tried")
        ]
    assert not wrong, "\n".join(wrong)


def test_what_is_not_tried_here_is_a_command() -> None:
    assert (TWO_PEOPLE.keys() | LOOKED_FOR_FIRST.keys()) <= COMMANDS.keys()

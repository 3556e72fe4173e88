"""Every command that an operator gives, and which permissions it takes: a new command without an entry fails."""

from __future__ import annotations

from typing import Final

from eztong.console.door import table
from eztong.domain.operators.permission import Permission
from tests.flows.console.quiet_machine import QuietMachine
from tests.unit.cli.asked_permissions import asked_by, commands_of_operators

P = Permission
COMMANDS: Final[dict[str, set[P]]] = {
    "agreements call-off": {P.AGREEMENTS_PROPOSE},
    "agreements draft": {P.AGREEMENTS_DRAFT, P.AGREEMENTS_PROPOSE},
    "agreements propose": {P.AGREEMENTS_PROPOSE},
    "agreements restore": {P.CLAUSES_PROPOSE},
    "agreements sever": {P.CLAUSES_MARK, P.CLAUSES_PROPOSE},
    "applications approve": {P.APPLICATIONS_DECIDE},
    "applications refuse": {P.APPLICATIONS_DECIDE},
    "applications show": {P.APPLICATIONS_READ},
    "applications supplement": {P.APPLICATIONS_DECIDE},
    "audit list": {P.AUDIT_READ},
    "audit pack": {P.AUDIT_EXPORT},
    "branding publish": {P.BRANDING_PROPOSE, P.BREAK_GLASS, P.PROPOSALS_DECIDE},
    "branding set": {P.BRANDING_PROPOSE},
    "cases add-evidence": {P.CASES_OPEN},
    "cases claim": {P.CASES_OPEN},
    "cases dismiss": {P.CASES_OPEN},
    "cases lift": {P.CASES_APPEALS},
    "cases open": {P.CASES_OPEN},
    "cases propose": {P.CASES_MEASURE},
    "cases show": {P.CASES_READ},
    "cases uphold": {P.CASES_APPEALS},
    "cases warn": {P.CASES_MEASURE},
    "config apply": {P.BRANDING_PROPOSE, P.PARTNERS_CONFIGURE, P.PARTNERS_KEEP, P.POLICY_DRAFT, P.POLICY_PROPOSE},
    "deceased check": {P.RELATIVES_ANSWER},
    "deceased copy": {P.RELATIVES_ANSWER, P.RELATIVES_PROPOSE},
    "deceased correct": {P.RELATIVES_ANSWER, P.RELATIVES_PROPOSE},
    "deceased names": {P.DECEASED_READ, P.RELATIVES_ANSWER},
    "deceased propose": {P.RELATIVES_ANSWER},
    "disputes bundle": {P.EVIDENCE_GIVE},
    "feedback answer": {P.TICKETS_ANSWER},
    "feedback show": {P.TICKETS_READ},
    "guardians approve": {P.GUARDIANSHIPS_DECIDE},
    "guardians list": {P.GUARDIANSHIPS_READ},
    "guardians refuse": {P.GUARDIANSHIPS_DECIDE},
    "holders change-phone": {P.NUMBERS_APPEAL},
    "holders freeze": {P.ACCOUNTS_FREEZE},
    "holders keep-phone": {P.NUMBERS_KEEP},
    "holders lift": {P.ACCOUNTS_RESTRICT},
    "holders restrict": {P.ACCOUNTS_RESTRICT},
    "incidents announce": {P.INCIDENTS_TELL},
    "incidents end": {P.INCIDENTS_TELL},
    "incidents open": {P.INCIDENTS_TELL},
    "incidents update": {P.INCIDENTS_TELL},
    "keys change-root": {P.KEYS_KEEP},
    "keys reseal": {P.KEYS_KEEP},
    "keys retire": {P.KEYS_KEEP},
    "keys rotate": {P.KEYS_KEEP},
    "operators add": {P.OPERATORS_ADD},
    "operators break-glass begin": {P.BREAK_GLASS},
    "operators break-glass end": {P.BREAK_GLASS},
    "operators break-glass review": {P.BREAK_GLASS_REVIEW},
    "operators disable": {P.OPERATORS_DISABLE},
    "operators invite": {P.OPERATORS_INVITE},
    "operators link": {P.OPERATORS_LINK},
    "operators new-secret": {P.CONSOLE, P.OPERATORS_RENEW_SECRET},
    "operators roles": {P.OPERATORS_ROLES},
    "partners account-keys create": {P.PARTNERS_KEEP},
    "partners account-keys revoke": {P.PARTNERS_KEEP},
    "partners account-keys rotate": {P.PARTNERS_KEEP},
    "partners apply": {P.PARTNERS_KEEP},
    "partners approve": {P.PARTNERS_KEEP, P.PARTNERS_PROPOSE},
    "partners ask": {P.PARTNERS_KEEP},
    "partners certificate request": {P.CERTIFICATES_PROPOSE},
    "partners close": {P.PARTNERS_PROPOSE},
    "partners create": {P.PARTNERS_KEEP},
    "partners desks add": {P.PARTNERS_KEEP},
    "partners desks end": {P.PARTNERS_KEEP},
    "partners desks open": {P.PARTNERS_KEEP},
    "partners go-live": {P.PARTNERS_PROPOSE},
    "partners keys create": {P.PARTNERS_KEEP},
    "partners keys revoke": {P.PARTNERS_KEEP},
    "partners keys rotate": {P.PARTNERS_KEEP},
    "partners merchants create": {P.PARTNERS_KEEP},
    "partners merchants options": {P.PARTNERS_KEEP},
    "partners merchants resume": {P.PARTNERS_KEEP},
    "partners merchants suspend": {P.PARTNERS_KEEP},
    "partners networks": {P.PARTNERS_KEEP},
    "partners people add": {P.PARTNERS_KEEP},
    "partners people disable": {P.PARTNERS_KEEP},
    "partners people invite": {P.PARTNERS_KEEP},
    "partners people sign-out": {P.PARTNERS_KEEP},
    "partners quota": {P.PARTNERS_KEEP},
    "partners rate": {P.PARTNERS_KEEP},
    "partners redirects": {P.PARTNERS_KEEP},
    "partners refuse": {P.PARTNERS_KEEP},
    "partners resume": {P.PARTNERS_PROPOSE},
    "partners review": {P.PARTNERS_KEEP},
    "partners scenes add": {P.PARTNERS_KEEP},
    "partners scenes limit": {P.PARTNERS_KEEP},
    "partners staff create": {P.PARTNERS_KEEP},
    "partners staff disable": {P.PARTNERS_KEEP},
    "partners staff require-app": {P.PARTNERS_KEEP},
    "partners staff require-app-in": {P.PARTNERS_KEEP},
    "partners staff reset": {P.PARTNERS_KEEP},
    "partners supplement": {P.PARTNERS_KEEP},
    "partners suspend": {P.PARTNERS_KEEP},
    "partners webhooks add": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners webhooks disable": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners webhooks enable": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners webhooks remove": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners webhooks resend": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners webhooks rotate-secret": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners webhooks test": {P.PARTNERS_KEEP, P.WEBHOOKS_MANAGE},
    "partners withdraw": {P.PARTNERS_KEEP},
    "policy approve": {P.BREAK_GLASS, P.POLICY_PROPOSE, P.PROPOSALS_DECIDE},
    "policy call-off": {P.POLICY_CALL_OFF},
    "policy propose": {P.POLICY_DRAFT, P.POLICY_PROPOSE},
    "policy simulate": {P.APPLICATIONS_READ},
    "proposals approve": {P.BREAK_GLASS, P.PROPOSALS_DECIDE},
    "proposals reject": {P.BREAK_GLASS, P.PROPOSALS_DECIDE},
    "proposals withdraw": {P.PROPOSALS_DECIDE},
    "texts publish": {P.BREAK_GLASS, P.PROPOSALS_DECIDE, P.TEXTS_PROPOSE},
    "texts set": {P.TEXTS_PROPOSE},
    "retention publish": {P.BREAK_GLASS, P.PROPOSALS_DECIDE, P.RETENTION_PROPOSE},
    "retention set": {P.RETENTION_PROPOSE},
    "talks draft": {P.TICKETS_READ},
    "talks fail": {P.TALKS_SETTLE},
    "talks propose": {P.SETTLEMENTS_PROPOSE, P.TALKS_SETTLE},
}
"""What stands behind each command, from the first of its use cases to the last. Which roles that is, ``MAY`` says."""

ASKED_WITHIN: Final = {P.REVEALS_PROPOSE, P.SETTLEMENTS_PROPOSE, P.PROPOSALS_READ, P.CONSOLE}
"""Asked inside of what other pages and commands begin."""


def test_every_command_of_an_operator_asks_for_what_the_table_says() -> None:
    assert {words: set(asked_by(command)) for words, command in commands_of_operators().items()} == COMMANDS


def test_no_command_of_an_operator_asks_for_nothing() -> None:
    assert [words for words, asked in COMMANDS.items() if not asked] == []


def test_no_permission_stands_for_nothing() -> None:
    at_pages = {way[0] for _path, get, post in table(tuple, QuietMachine()) for way in (get, post) if way is not None}
    by_command = set().union(*COMMANDS.values())
    assert set(P) - at_pages - by_command - ASKED_WITHIN == set()

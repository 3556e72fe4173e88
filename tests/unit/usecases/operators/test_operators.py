"""Operators: the first without asking, every other by one of role system; own secrets; never about oneself."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from eztong.domain.errors import InputInvalid, NotFound, StateConflict
from eztong.domain.events import Actor
from eztong.domain.evidence.attested_act import act_commitment
from eztong.domain.identity.citizen_number import DocumentType
from eztong.domain.operators.operator import (
    GIVEN_COUNTS_FOR,
    LOCK_TIME,
    WRONG_TRIES,
    AboutOneself,
    LastOfSystem,
    Operator,
    OperatorLocked,
    OperatorNameInvalid,
    OperatorNameTaken,
    OperatorNeeded,
    OperatorRefused,
    OperatorRole,
    OperatorState,
    RoleMissing,
    SameOperator,
    SecretKnown,
    check_another,
)
from eztong.domain.operators.permission import Permission
from eztong.ports.act import HOLDER, OPERATOR, Acting
from eztong.usecases.operators.check_operator import check_about_another, check_operator
from eztong.usecases.operators.manage_operators import (
    AddOperator,
    add_operator,
    disable_operator,
    find_operator,
    link_operator,
    make_operator_secret,
    renew_secret,
)
from eztong.usecases.operators.prove_operator import ProveOperator, prove_operator
from eztong.usecases.vault import number_index
from tests.unit.usecases.deregistration.leaving import leave
from tests.unit.usecases.fakes import START
from tests.unit.usecases.operators.acts import SECRET, operator, stored
from tests.unit.usecases.stage import LI, WANG, ZHAO, Person, Stage, register

SYSTEM, CASES = OperatorRole.SYSTEM, OperatorRole.CASES


def add(stage: Stage, name: str, *roles: OperatorRole, by: Acting = OPERATOR) -> Operator:
    command = AddOperator(name=name, roles=frozenset(roles), secret_hash="hash")
    return stage.act(add_operator, command, by=by)


def prove(stage: Stage, secret: str = SECRET, name: str = "li.na") -> Acting:
    return prove_operator(ProveOperator(name=name, secret=secret), services=stage.services)


def acts(stage: Stage) -> list[tuple[str, str, str | None]]:
    return stage.select("SELECT kind, subject, operator FROM acts ORDER BY act_id")


# --- added --------------------------------------------------------------------------------------------------------


def test_the_first_is_added_by_nobody_and_has_the_role_system(stage: Stage) -> None:
    with pytest.raises(RoleMissing):
        add(stage, "li.na", CASES)
    first = add(stage, " Li.Na ", SYSTEM)
    assert first == Operator(
        name="li.na",
        roles=frozenset({SYSTEM}),
        state=OperatorState.ACTIVE,
        secret_hash="hash",
        created_at=START,
        secret_at=START,
    )
    assert stored(stage) == first
    assert acts(stage) == [("operator_added", "li.na", None)]


def test_every_other_is_added_by_one_of_role_system_and_names_that_one(stage: Stage) -> None:
    root, clerk = operator(stage, "root", SYSTEM), operator(stage, "clerk", CASES)
    assert add(stage, "wang", CASES, by=root).added_by == "root"
    for nobody, refusal in ((OPERATOR, OperatorNeeded), (HOLDER, OperatorNeeded), (clerk, RoleMissing)):
        with pytest.raises(refusal):
            add(stage, "zhao", SYSTEM, by=nobody)
    with pytest.raises(OperatorNameTaken):
        add(stage, "WANG", SYSTEM, by=root)
    with pytest.raises(InputInvalid):
        add(stage, "zhao", by=root)
    with pytest.raises(OperatorNameInvalid):
        add(stage, "zhao ming", SYSTEM, by=root)
    assert stored(stage, "wang").roles == {CASES}


def test_what_is_attested_names_nobody_but_can_be_shown_to_mean_them(stage: Stage) -> None:
    add(stage, "wang", CASES, by=operator(stage, "root", SYSTEM))
    ((document, salt),) = stage.select("SELECT document, salt FROM acts")
    said = json.loads(document)
    assert (said["kind"], said["by"], said["facts"]) == ("operator_added", "operator", {"roles": "cases"})
    assert b"wang" not in document
    assert b"root" not in document
    assert said["operator"] == act_commitment("operator", "root", salt=salt)
    assert said["subject"] == act_commitment("subject", "wang", salt=salt)


# --- proven -------------------------------------------------------------------------------------------------------


def test_the_right_secret_proves_who_acts_and_forgets_wrong_ones(stage: Stage) -> None:
    operator(stage)
    with pytest.raises(OperatorRefused):
        prove(stage, "wrong")
    assert stored(stage).wrong_tries == 1
    assert prove(stage, f" {SECRET}\n", name=" LI.NA ") == Acting(Actor.OPERATOR, "li.na")
    assert stored(stage).wrong_tries == 0


def test_five_wrong_secrets_lock_also_for_the_right_one_until_the_lock_ends(stage: Stage) -> None:
    operator(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(OperatorRefused):
            prove(stage, "wrong")
    with pytest.raises(OperatorLocked) as locked:
        prove(stage)
    assert locked.value.retry_after == LOCK_TIME.total_seconds()
    stage.clock.pass_by(seconds=LOCK_TIME.total_seconds())
    assert prove(stage).name == "li.na"
    assert (stored(stage).wrong_tries, stored(stage).locked_until) == (0, None)


def test_a_try_during_a_lock_is_not_even_compared(stage: Stage) -> None:
    operator(stage)
    for _ in range(WRONG_TRIES):
        with pytest.raises(OperatorRefused):
            prove(stage, "wrong")
    compared = len(stage.hasher.compared)
    with pytest.raises(OperatorLocked):
        prove(stage, "wrong")
    assert len(stage.hasher.compared) == compared


def test_a_name_that_nobody_has_costs_a_comparison_and_looks_the_same(stage: Stage) -> None:
    with pytest.raises(OperatorRefused):
        prove(stage, name="nobody")
    assert stage.hasher.compared == [None]


def test_a_disabled_operator_proves_nothing(stage: Stage) -> None:
    operator(stage, active=False)
    with pytest.raises(OperatorRefused):
        prove(stage)


def test_a_secret_that_is_renewed_while_it_is_compared_proves_nothing(stage: Stage) -> None:
    operator(stage)
    assert prove(stage).name == "li.na"
    before = stored(stage)
    stage.hasher.meanwhile.happens = lambda: stage.write(
        lambda uow: uow.operators.set_secret(replace(before, secret_hash="renewed"), seen=before.secret_hash)
    )
    with pytest.raises(OperatorRefused):
        prove(stage)
    assert stored(stage).wrong_tries == 1


# --- checked inside the act ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "refusal"),
    [
        (lambda _stage: HOLDER, OperatorNeeded),
        (lambda _stage: OPERATOR, OperatorNeeded),
        (lambda _stage: Acting(Actor.OPERATOR, "nobody"), OperatorRefused),
        (lambda stage: operator(stage, active=False), OperatorRefused),
        (lambda stage: operator(stage, "clerk", CASES), RoleMissing),
    ],
)
def test_whoever_may_not_is_refused(stage: Stage, who: Callable[[Stage], Acting], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        stage.act(check_operator, Permission.OPERATORS_ADD, by=who(stage))


def test_nobody_acts_about_oneself_also_not_by_another_application(stage: Stage) -> None:
    own = operator(stage, person=stage.holder(LI).number_index)
    found = stage.act(check_operator, Permission.OPERATORS_ADD, by=own)
    unlinked = stage.act(check_operator, Permission.OPERATORS_ADD, by=operator(stage, "wang"))
    li, wang = stage.holder(LI), stage.holder(WANG)
    stage.act(check_about_another, found, wang)
    stage.act(check_about_another, unlinked, li)
    with pytest.raises(AboutOneself):
        stage.act(check_about_another, found, li)
    same_number = stage.change(WANG, number_index=li.number_index)
    with pytest.raises(AboutOneself):
        stage.act(check_about_another, found, same_number)


# --- disabled, renewed, linked ------------------------------------------------------------------------------------


def test_a_disabled_operator_acts_no_more_and_the_last_of_system_stays(stage: Stage) -> None:
    root, wang = operator(stage, "root", SYSTEM), operator(stage, "wang", SYSTEM)
    assert stage.act(disable_operator, "WANG", by=root).state is OperatorState.DISABLED
    with pytest.raises(OperatorRefused):
        stage.act(disable_operator, "root", by=wang)
    with pytest.raises(StateConflict):
        stage.act(disable_operator, "wang", by=root)
    with pytest.raises(LastOfSystem):
        stage.act(disable_operator, "root", by=root)
    with pytest.raises(NotFound):
        stage.act(disable_operator, "zhao", by=root)
    assert acts(stage) == [("operator_disabled", "wang", "root")]


def test_a_secret_is_renewed_by_its_own_operator_or_one_of_system_and_a_lock_ends(stage: Stage) -> None:
    root, clerk, other = (
        operator(stage, "root", SYSTEM),
        operator(stage, "clerk", CASES),
        operator(stage, "other", CASES),
    )
    for _ in range(WRONG_TRIES):
        with pytest.raises(OperatorRefused):
            prove(stage, "wrong", "clerk")
    assert stage.act(renew_secret, "clerk", secret_hash="new", by=root).secret_hash == "new"
    assert stored(stage, "clerk").locked_until is None
    assert stage.act(renew_secret, "clerk", secret_hash="own", by=clerk).secret_hash == "own"
    with pytest.raises(RoleMissing):
        stage.act(renew_secret, "clerk", secret_hash="stolen", by=other)
    assert acts(stage) == [("operator_secret_renewed", "clerk", "root"), ("operator_secret_renewed", "clerk", "clerk")]


def index_of(stage: Stage, person: Person) -> bytes:
    return number_index(DocumentType.RESIDENT_ID.value, person.number, keys=stage.keys)


def link(stage: Stage, name: str, person: Person, *, by: Acting) -> Operator:
    return stage.act(link_operator, name, index=index_of(stage, person), by=by)


def test_a_person_is_linked_before_there_is_an_account_and_decides_not_on_the_own_application(stage: Stage) -> None:
    root = operator(stage, "root", SYSTEM)
    own = operator(stage, "zhao")
    link(stage, "zhao", ZHAO, by=root)
    applied = stage.change(WANG, number_index=index_of(stage, ZHAO))
    found = stage.act(check_operator, Permission.APPLICATIONS_DECIDE, by=own)
    for about in (applied, applied.holder_id):
        with pytest.raises(AboutOneself):
            stage.act(check_about_another, found, about)
    with pytest.raises(NotFound):
        link(stage, "nobody", ZHAO, by=root)
    assert stage.select("SELECT kind, subject, holder_id FROM acts") == [("operator_linked", "zhao", None)]


def test_nobody_links_oneself_and_a_second_link_frees_nobody_of_the_first(stage: Stage) -> None:
    root, li = operator(stage, "root", SYSTEM), operator(stage, "li")
    link(stage, "li", LI, by=root)
    with pytest.raises(AboutOneself):
        link(stage, "li", WANG, by=li)
    assert link(stage, "li", WANG, by=root).persons == {index_of(stage, LI), index_of(stage, WANG)}
    for person in (LI, WANG):
        with pytest.raises(AboutOneself):
            stage.act(check_about_another, stored(stage, "li"), stage.holder(person))


def test_an_operator_who_leaves_and_comes_back_still_decides_nothing_about_themselves(stage: Stage) -> None:
    root, li = operator(stage, "root", SYSTEM), operator(stage, "li")
    link(stage, "li", LI, by=root)
    leave(stage)
    assert stored(stage, "li").persons == {index_of(stage, LI)}
    again = replace(LI, session=b"another browser", phone="13900000009")
    register(stage, again)
    with pytest.raises(AboutOneself):
        stage.act(
            check_about_another, stage.act(check_operator, Permission.APPLICATIONS_DECIDE, by=li), stage.holder(again)
        )


def test_a_disabled_operator_who_leaves_is_linked_to_nobody(stage: Stage) -> None:
    root = operator(stage, "root", SYSTEM)
    for name in ("li", "li.again"):
        operator(stage, name)
        link(stage, name, LI, by=root)
    link(stage, "li", ZHAO, by=root)
    assert stage.act(disable_operator, "li", by=root).persons == {index_of(stage, LI)}
    leave(stage)
    assert (stored(stage, "li").persons, len(stored(stage, "li.again").persons)) == (frozenset(), 1)


def test_nobody_disables_another_name_of_oneself(stage: Stage) -> None:
    one, two = operator(stage, "one", person=b"same"), operator(stage, "two", person=b"same")
    for by, name in ((one, "two"), (two, "two")):
        with pytest.raises(SameOperator):
            stage.act(disable_operator, name, by=by)


# --- whose secret it is -------------------------------------------------------------------------------------------


def same(stage: Stage, first: str, second: str) -> bool:
    try:
        check_another(stored(stage, second), stored(stage, first), named=first, now=stage.clock.now())
    except SecretKnown:
        return True
    return False


def test_whoever_gave_a_secret_is_the_same_person_until_it_was_renewed_alone(stage: Stage) -> None:
    li, wang = operator(stage, "li", SYSTEM), operator(stage, "wang", SYSTEM)
    assert not same(stage, "li", "wang")
    stage.clock.pass_by(seconds=5)
    given = stage.act(renew_secret, "wang", secret_hash="printed for li", by=li)
    assert given.secret_known_to == {"li"}
    assert given.secret_at == stage.clock.now()
    assert same(stage, "li", "wang")
    assert same(stage, "wang", "li")
    stage.clock.pass_by(days=1)
    assert same(stage, "li", "wang")
    renewed = stage.act(renew_secret, "wang", secret_hash="own", by=wang)
    assert (renewed.secret_known_to, renewed.given_counts_until) == (frozenset(), None)
    assert not same(stage, "li", "wang")


@pytest.mark.parametrize("given", ["added", "renewed"])
def test_a_name_that_was_made_up_and_renewed_in_a_minute_is_nobody_else_for_a_day(stage: Stage, given: str) -> None:
    li, qian = operator(stage, "li", SYSTEM), Acting(Actor.OPERATOR, "qian")
    if given == "added":
        add(stage, "qian", SYSTEM, by=li)
    else:
        operator(stage, "qian")
        stage.act(renew_secret, "qian", secret_hash="given", by=li)
    until = stage.clock.now() + GIVEN_COUNTS_FOR
    for secret in ("own", "own again"):
        stage.clock.pass_by(seconds=30)
        renewed = stage.act(renew_secret, "qian", secret_hash=secret, by=qian)
        assert (set(renewed.secret_known_to), renewed.given_counts_until) == ({"li"}, until)
        assert same(stage, "li", "qian")
    add(stage, "sun", SYSTEM, by=qian)
    assert stored(stage, "sun").secret_known_to == {"li", "qian"}
    stage.clock.moment = until - timedelta(seconds=1)
    assert same(stage, "qian", "li")
    stage.clock.moment = until
    assert not same(stage, "li", "qian")
    assert same(stage, "li", "sun")
    assert add(stage, "zhou", SYSTEM, by=qian).secret_known_to == {"qian"}


def test_a_secret_that_is_given_again_counts_anew(stage: Stage) -> None:
    li, wang = operator(stage, "li", SYSTEM), operator(stage, "wang", SYSTEM)
    for _ in range(2):
        stage.act(renew_secret, "wang", secret_hash="given", by=li)
        assert stored(stage, "wang").given_counts_until is None
        stage.act(renew_secret, "wang", secret_hash="own", by=wang)
        stage.clock.pass_by(hours=23)
        assert same(stage, "li", "wang")


def test_whoever_gave_two_secrets_is_neither_another_than_the_other(stage: Stage) -> None:
    li = operator(stage, "li", SYSTEM)
    for name in ("wang", "zhao"):
        add(stage, name, SYSTEM, by=li)
    assert same(stage, "wang", "zhao")
    assert same(stage, "li", "zhao")


def test_a_secret_that_was_given_under_a_given_name_is_known_to_the_first_giver(stage: Stage) -> None:
    li, wang = operator(stage, "li", SYSTEM), Acting(Actor.OPERATOR, "wang")
    add(stage, "wang", SYSTEM, by=li)
    assert add(stage, "zhao", SYSTEM, by=wang).secret_known_to == {"li", "wang"}
    stage.clock.pass_by(days=1)
    stage.act(renew_secret, "wang", secret_hash="own", by=wang)
    assert same(stage, "li", "zhao")
    assert not same(stage, "li", "wang")


def test_secrets_are_drawn_anew(stage: Stage) -> None:
    made = {make_operator_secret(entropy=stage.services.entropy) for _ in range(20)}
    assert len(made) == 20
    assert stage.act(find_operator, operator(stage).name).name == "li.na"
    assert timedelta(minutes=15) == LOCK_TIME

"""An old word of the authority passes and says so, or decides nothing, as the scene has it; never a mismatch (4.1)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import pytest

from eztong.domain.codes.verification import Outcome
from eztong.domain.eid.eid_flow import EidCode, code_of
from eztong.domain.errors import CodeCancelled, InputInvalid, NotFound
from eztong.domain.identifiers import PartnerId
from eztong.domain.identity.masking import mask_name
from eztong.domain.partners.freshness import MOST_DAYS, Freshness, WhenOld, default_freshness
from eztong.ports.act import OPERATOR, PARTNER
from eztong.ports.storage.store import submitted
from eztong.usecases.access.end_access import unbind_device
from eztong.usecases.codes.conclude_verification import Answered
from eztong.usecases.codes.verify_code import needs_of, verify_code
from eztong.usecases.partners.register_partner import limit_scene
from eztong.usecases.restrictions.recheck_identity import recheck_identity
from tests.unit.usecases.codes.asking import answered, asking, refused, show
from tests.unit.usecases.requests.acts import answer, approving
from tests.unit.usecases.requests.acts import ask as ask_of_holder
from tests.unit.usecases.restrictions.acts import confirms
from tests.unit.usecases.stage import FILE, LI, PATIENCE, WANG, Stage

HOTEL, SCENE = PartnerId("hotel"), "hotel_check_in"


def limit(stage: Stage, days: int, when_old: WhenOld) -> None:
    stage.act(limit_scene, HOTEL, SCENE, Freshness(days, when_old), by=OPERATOR)


def grow_old(stage: Stage, days: int = 21) -> None:
    stage.clock.pass_by(days=days)
    for person in (LI, WANG):
        stage.unlock(person)


def use(stage: Stage) -> Answered:
    return answered(stage, asking(stage, show(stage).number))


def test_beyond_the_limit_a_stale_confirmation_passes_and_result_and_record_say_so(stage: Stage) -> None:
    limit(stage, 20, WhenOld.STALE)
    grow_old(stage)
    made = use(stage)
    result = json.loads(made.result)
    assert (result["outcome"], result["confirmation"]) == ("passed", "stale")
    assert result["unconfirmed_since"] == "2026-03-03", "the scene's limit before today, not the person's own day"
    assert (made.verification.outcome, made.verification.reason) == (Outcome.PASSED, "confirmation_stale")


def test_beyond_the_limit_a_demanding_scene_decides_nothing_and_never_says_mismatch(stage: Stage) -> None:
    limit(stage, 20, WhenOld.UNAVAILABLE)
    grow_old(stage)
    made = use(stage)
    result = json.loads(made.result)
    assert result["outcome"] == "unavailable"
    assert not {"partner_code", "claims", "confirmation", "unconfirmed_since"} & result.keys()
    assert made.verification.reason == "confirmation_too_old"
    assert mask_name(LI.name) not in made.result.decode()


def test_once_the_authority_confirms_again_it_passes_unmarked(stage: Stage) -> None:
    limit(stage, 20, WhenOld.UNAVAILABLE)
    grow_old(stage)
    confirms(stage)
    recheck_identity(LI.session, services=stage.services)
    made = use(stage)
    assert (made.verification.outcome, made.verification.reason) == (Outcome.PASSED, None)
    assert "confirmation" not in json.loads(made.result)


def test_a_request_is_answered_by_the_same_rule(stage: Stage) -> None:
    limit(stage, 20, WhenOld.UNAVAILABLE)
    grow_old(stage)
    request = ask_of_holder(stage)
    assert answer(stage, approving(request)).verification.outcome is Outcome.UNAVAILABLE
    limit(stage, 20, WhenOld.STALE)
    stale = answer(stage, approving(ask_of_holder(stage)))
    assert json.loads(stale.result)["confirmation"] == "stale"


def test_a_round_that_read_ahead_decides_alike(stage: Stage) -> None:
    limit(stage, 20, WhenOld.STALE)
    grow_old(stage)
    commands = [asking(stage, show(stage, person).number) for person in (LI, WANG)]
    futures = [
        submitted(stage.store, stage.services.job(PARTNER, verify_code, command), needs=needs_of(command))
        for command in commands
    ]
    answers = [future.result(PATIENCE).value for future in futures]
    assert [json.loads(one.result)["confirmation"] for one in answers if isinstance(one, Answered)] == ["stale"] * 2


def test_an_account_from_before_there_were_checks_counts_from_its_making(stage: Stage) -> None:
    limit(stage, 20, WhenOld.UNAVAILABLE)
    with closing(sqlite3.connect(stage.folder / FILE)) as connection, connection:
        connection.execute("DELETE FROM identity_documents")
    assert use(stage).verification.outcome is Outcome.PASSED
    grow_old(stage)
    assert use(stage).verification.outcome is Outcome.UNAVAILABLE


def test_a_cancelled_code_stays_cancelled_whatever_the_age(stage: Stage) -> None:
    limit(stage, 20, WhenOld.UNAVAILABLE)
    grow_old(stage)
    shown = show(stage)
    stage.act(unbind_device, LI.session, stage.device().device_id)
    assert isinstance(refused(stage, asking(stage, shown.number)).error, CodeCancelled)


def test_every_scene_of_a_new_database_has_its_default_and_nothing_else_is_taken(stage: Stage) -> None:
    with stage.store.read() as stored:
        found = [one for who in stored.partners.list().those for one in stored.partners.scenes(who.partner_id).those]
    assert {one.freshness == default_freshness(one.floor, months=12) for one in found} == {True}
    with pytest.raises(InputInvalid):
        limit(stage, MOST_DAYS + 1, WhenOld.STALE)
    with pytest.raises(NotFound):
        stage.act(limit_scene, HOTEL, "nowhere", Freshness(1), by=OPERATOR)


def test_a_merchant_reads_a_service_error_and_no_difference() -> None:
    assert code_of(Outcome.UNAVAILABLE, "confirmation_too_old") is EidCode.UNAVAILABLE
    assert code_of(Outcome.PASSED, "confirmation_stale") is EidCode.PASSED

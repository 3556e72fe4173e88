"""What a newer version of the agreements does to those who accepted an older one (clauses P-3 and 5.6).

The versions are put into the store as a publication would: there is no command for it yet.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from tests.simulators.citizen import Citizen
from tests.simulators.problems import expect_problem
from tests.simulators.service import Service, running


def put_new_texts_in_force(service: Service, change_class: str) -> None:
    """Put a next version of both documents in force, as a publication would."""
    with closing(sqlite3.connect(service.database)) as database, database:
        database.execute(
            "INSERT INTO agreements SELECT kind, version || ?1, language, title, text || 'More.', "
            "substr(text_hash, 2) || '0', ?1, state, in_force_from FROM agreements WHERE state = 'in_force'",
            (change_class,),
        )
        database.execute("UPDATE agreements SET state = 'superseded' WHERE version NOT LIKE '%' || ?", (change_class,))


def test_who_accepted_an_older_version_gets_no_code_unless_the_change_needs_no_consent(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with running(tmp_path_factory.mktemp("new-text") / "data") as service:
        holder = service.somebody()
        citizen = Citizen(service)
        citizen.register("测一二", "110000199003080023", "19900000002")
        game = service.partners["game"]
        request = game.post("/v1/requests", {"scene": "game_age_check", "wants": ["age_over_18"]}).json()
        put_new_texts_in_force(service, "C")
        assert service.ask_code(holder).status_code == 201
        for change_class in ("B", "A"):
            put_new_texts_in_force(service, change_class)
            expect_problem(service.ask_code(holder), 403, "agreement_not_accepted")
            expect_problem(service.answer(request["id"], "approve", "S0"), 403, "agreement_not_accepted")
        assert game.get(f"/v1/requests/{request['id']}").json()["state"] == "init"
        refused = citizen.open("/code")
        assert refused.status_code == 403
        assert 'data-error="agreement_not_accepted"' in refused.text
        assert 'href="/register"' in refused.text, "the way to the documents"

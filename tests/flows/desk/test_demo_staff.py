"""Demo staff: an older sandbox gets the partners and accounts that it lacks, and keeps the password it has."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.flows.citizen.browser import Town
from tests.flows.desk.clerk import Clerk


def test_an_older_sandbox_gets_what_it_lacks_and_keeps_its_password(tmp_path: Path) -> None:
    first = Town(tmp_path)
    password = Clerk(first).password
    first.built.close()
    with closing(sqlite3.connect(tmp_path / "eztong.db")) as database:
        for table in ("partners", "scenes", "desks", "staff"):
            database.execute(f"DELETE FROM {table} WHERE partner_id = 'netcafe'")  # noqa: S608 - names of ours
        database.commit()
    second = Town(tmp_path)
    clerk = Clerk(second)
    assert clerk.password == password
    assert clerk.start("netcafe", "bar-1", "internet_cafe").url.path == "/desk"
    second.built.close()


def test_the_sign_in_page_of_the_sandbox_shows_its_accounts(tmp_path: Path) -> None:
    town = Town(tmp_path)
    clerk = Clerk(town)
    page = clerk.get("/desk/sign-in").text
    assert clerk.password in page
    assert "示例酒店" in page
    assert "示例游戏" not in page, "a partner without desks has no staff"
    town.built.close()

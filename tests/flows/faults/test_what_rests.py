"""What waited in a database that went back rests until an operator has looked; so it does under a clock in doubt.

What a clock put off that was wrong goes on.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from eztong.adapters.clock import SystemClock
from eztong.adapters.storage.beside.went_back import (
    has_gone_back,
    note_went_back,
    read_went_back,
    release,
    went_back_of,
)
from eztong.cli.service import build_quietly
from eztong.domain.deregistration.deregistration import DeregistrationState
from eztong.domain.holder import HolderState
from eztong.domain.identifiers import HolderId
from eztong.domain.jobs.job import NOT_UNDONE, Job, JobKind
from eztong.domain.operators.posture import Severity
from eztong.ports.act import HOLDER
from eztong.ports.storage.store import UnitOfWork
from eztong.usecases.access.find_session import hash_session
from eztong.usecases.deregistration.ask_deregistration import AskDeregistration, ask_deregistration
from eztong.usecases.deregistration.undo_deregistration import undo_from_session, undo_with_secret
from eztong.usecases.feedback.find_ticket import TicketProof
from eztong.wiring.background import WorkStep, _steps
from eztong.wiring.build import Built, build
from eztong.wiring.checks import erasing
from eztong.wiring.checks.clock_doubt import is_in_doubt
from eztong.wiring.checks.stored_data import check_released
from eztong.wiring.settings import Settings
from tests.flows.citizen.browser import Town
from tests.simulators.commands import Ran, run_one
from tests.simulators.live import environment_of, live_settings
from tests.simulators.service import running

LONG = timedelta(days=4)
NOBODY = HolderId("hld_nobody")


def steps_of(built: Built) -> Mapping[str, WorkStep]:
    return {step.name: step for step in _steps(built)}


def put_jobs(built: Built) -> None:
    now = built.services.clock.now()
    for kind in (*NOT_UNDONE, JobKind.REVOCATION):
        job = Job(
            job_id=f"job_{kind.value}",
            kind=kind,
            key="of nobody",
            holder_id=NOBODY,
            created_at=now,
            next_attempt_at=now + timedelta(hours=1),
        )
        built.store.write(partial(_put, job=job))


def _put(uow: UnitOfWork, *, job: Job) -> None:
    uow.jobs.add(job)


def waits(built: Built) -> set[JobKind]:
    with built.store.read() as stored:
        return {job.kind for job in stored.jobs.of_holder(NOBODY) if job.ended_at is None}


def test_who_stayed_is_not_erased_by_a_backup_of_before_and_can_stay_again(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", tmp_path / "b.tar"
    data.mkdir(mode=0o700)
    town = Town(data)
    browser = town.browser()
    browser.register()
    browser.unlock()
    session = hash_session(browser.client.cookies["ezt_session"], keys=town.services.keys)
    calendar = town.services.deployment.calendar
    asked = AskDeregistration(session_hash=session, secret="7" * 16, understood=True)
    leaving = town.services.perform(HOLDER, ask_deregistration, asked, calendar=calendar)
    assert run_one(("db", "backup", str(backup)), data).code == 0
    stayed = town.services.perform(HOLDER, undo_from_session, session)
    town.built.close()
    restored = run_one(("db", "restore", str(backup), "--replace", "--apply"), data)
    assert (restored.code, "eztong db release" in restored.err) == (0, True)

    built = build_quietly(Settings(data_dir=data))
    assert built.sandbox is not None
    built.sandbox.advance_clock(int(LONG.total_seconds()))
    steps = steps_of(built)
    for _ in range(3):
        assert not steps[JobKind.DEREGISTRATION.value].act()
    with built.store.read() as stored:
        found = stored.holders.get(stayed.holder_id)
        running = stored.deregistrations.running(stayed.holder_id)
    assert found is not None
    assert running is not None
    assert (found.state, running.state) == (HolderState.DEREGISTERING, DeregistrationState.COOLING)
    said = run_one(("db", "release"), data)
    assert (said.code, stayed.holder_id in said.out) == (0, True), said.out
    assert has_gone_back(built.settings.database_file)
    assert run_one(("doctor",), data).out.count("EZT021") == 1
    proof = TicketProof(number=leaving.ticket.number, secret="7" * 16, session_hash=b"")
    undone = built.services.perform(HOLDER, undo_with_secret, proof)
    assert undone.state is HolderState.ACTIVE
    assert run_one(("db", "release", "--apply"), data).code == 0
    steps[JobKind.DEREGISTRATION.value].act()
    with built.store.read() as stored:
        kept = stored.holders.get(stayed.holder_id)
    assert (kept is not None and kept.state) is HolderState.ACTIVE
    built.close()
    assert run_one(("db", "release"), data).code != 0


def test_what_cannot_be_undone_rests_until_it_is_released_and_all_else_goes_on(tmp_path: Path) -> None:
    built = build_quietly(Settings(data_dir=tmp_path))
    assert built.sandbox is not None
    put_jobs(built)
    built.sandbox.advance_clock(int(LONG.total_seconds()))
    now = SystemClock().now()
    note_went_back(built.settings.database_file, to=now - LONG, at=now)
    steps = steps_of(built)
    run_all(steps)
    assert waits(built) == NOT_UNDONE
    release(built.settings.database_file)
    run_all(steps)
    assert waits(built) == set()
    built.close()


def test_a_clock_that_leaps_settles_nothing_that_cannot_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, off = SystemClock.now, [timedelta(0)]
    monkeypatch.setattr(SystemClock, "now", lambda clock: really(clock) + off[0])
    settings = live_settings(tmp_path)
    built = build(settings)
    steps = steps_of(built)
    put_jobs(built)
    off[0] = LONG
    run_all(steps)
    assert waits(built) == NOT_UNDONE
    built.close()


def check_rests(settings: Settings, off: list[timedelta]) -> None:
    """Start, let an hour and a half pass, and see that nothing was carried out that cannot be undone."""
    built = build(settings)
    put_jobs(built)
    off[0] += timedelta(hours=1.5)
    run_all(steps_of(built))
    assert waits(built) == NOT_UNDONE
    built.close()


def test_a_restart_under_a_wrong_clock_goes_on_resting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really, off = SystemClock.now, [timedelta(0)]
    monkeypatch.setattr(SystemClock, "now", lambda clock: really(clock) + off[0])
    settings = live_settings(tmp_path)
    begin_and_sign(settings)
    off[0] = LONG
    begin_and_sign(settings)
    check_rests(settings, off)


def test_a_signed_command_under_a_wrong_clock_does_not_end_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, off = SystemClock.now, [timedelta(0)]
    monkeypatch.setattr(SystemClock, "now", lambda clock: really(clock) + off[0])
    settings = live_settings(tmp_path)
    begin_and_sign(settings)
    off[0] = LONG
    assert command(settings, "operators", "add", "li.na", "--role", "system").code == 0
    assert "in doubt" in command(settings, "doctor").out
    check_rests(settings, off)


def test_after_a_quiet_night_a_command_beside_a_service_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really, really_count, off = SystemClock.now, time.monotonic, [timedelta(0)]
    monkeypatch.setattr(SystemClock, "now", lambda clock: really(clock) + off[0])
    monkeypatch.setattr(erasing, "monotonic", lambda: really_count() + off[0].total_seconds())
    settings = live_settings(tmp_path)
    built = build(settings)
    steps = steps_of(built)
    put_jobs(built)
    built.store.write(_sign)
    off[0] = timedelta(hours=9)
    assert command(settings, "operators", "add", "li.na", "--role", "system").code == 0
    assert is_in_doubt(settings)
    run_all(steps)
    assert (waits(built), is_in_doubt(settings)) == (set(), False)
    built.close()


def command(settings: Settings, *words: str) -> Ran:
    given = {f"EZTONG_{name.upper()}": value for name, value in environment_of(settings).items()}
    return run_one(words, settings.data_dir, **given)


@pytest.mark.timeout(120)
def test_a_live_service_starts_hours_after_what_was_signed_last_rests_and_stops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = SystemClock.now
    settings = live_settings(tmp_path)
    monkeypatch.setattr(SystemClock, "now", lambda clock: really(clock) - timedelta(hours=3))
    begin_and_sign(settings)
    monkeypatch.undo()
    with running(settings.data_dir, with_partners=False, log=None, **environment_of(settings)) as service:
        service.logged("erasing_rests_clock_in_doubt")
        assert "warning: EZT019 The clock has been in doubt" in service.http.get("/readyz").text
        service.process.terminate()
        assert service.process.wait(30) == 0
    assert is_in_doubt(settings)


def test_what_rests_goes_on_resting_where_the_folder_is_moved_away(tmp_path: Path) -> None:
    data, away = tmp_path / "data", tmp_path / "away"
    data.mkdir(mode=0o700)
    built = build_quietly(Settings(data_dir=data))
    assert built.sandbox is not None
    put_jobs(built)
    built.sandbox.advance_clock(int(LONG.total_seconds()))
    steps = steps_of(built)
    data.rename(away)
    with capture_logs() as lines:
        for _ in range(3):
            run_all(steps)
    assert waits(built) == NOT_UNDONE
    assert [line["event"] for line in lines if line["log_level"] == "error"] == [
        "database_not_in_its_place_erasing_rests"
    ]
    away.rename(data)
    run_all(steps)
    assert waits(built) == set()
    built.close()


def test_a_service_whose_folder_is_moved_away_says_why_it_is_not_ready(tmp_path: Path) -> None:
    with running(tmp_path / "data") as service:
        service.somebody()
        service.data_dir.rename(tmp_path / "away")
        answer = service.http.get("/readyz")
        assert (answer.status_code, "not where the service opened it" in answer.text) == (503, True)
        service.logged("database_not_in_its_place_erasing_rests")
        (tmp_path / "away").rename(service.data_dir)
        assert service.http.get("/readyz").status_code == 200
        service.somebody()


def put(uow: UnitOfWork, *, jobs: tuple[Job, ...]) -> None:
    for job in jobs:
        uow.jobs.add(job)


def test_what_a_clock_put_off_is_done_after_a_restart_under_a_right_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    built = build_quietly(Settings(data_dir=data))
    now = built.services.clock.now()
    ahead = now + LONG
    plain = Job(job_id="job_a", kind=JobKind.REGISTRATION, key="nobody", created_at=ahead, next_attempt_at=ahead)
    leased = replace(plain, job_id="job_b", key="none", created_at=now, next_attempt_at=now, leased_until=ahead)
    tried = replace(plain, job_id="job_c", kind=JobKind.REVOCATION, created_at=now, attempts=1)
    cools = replace(plain, job_id="job_d", kind=JobKind.DEREGISTRATION, next_attempt_at=ahead + timedelta(hours=72))
    built.store.write(partial(put, jobs=(plain, leased, tried, cools)))
    built.close()
    with running(data, with_partners=False) as service:
        waits = "SELECT job_id FROM jobs WHERE job_id LIKE 'job__' AND ended_at IS NULL"
        service.wait_for(lambda: service.rows(waits) == [("job_d",)])
        service.logged("jobs_put_off_by_clock_go_on")


def begin_and_sign(settings: Settings) -> None:
    built = build(settings)
    steps_of(built)
    built.store.write(_sign)
    built.close()


def _sign(uow: UnitOfWork) -> None:
    uow.attest(b'{"any":"act that is signed"}')


def run_all(steps: Mapping[str, WorkStep]) -> None:
    for kind in (*NOT_UNDONE, JobKind.REVOCATION):
        steps[kind.value].act()


def test_a_database_that_went_back_twice_says_the_earlier_moment_and_a_damaged_file_rests_as_well(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path)
    tmp_path.chmod(0o700)
    assert check_released(settings).severity is Severity.OK
    now = SystemClock().now().replace(microsecond=0)
    note_went_back(settings.database_file, to=now - LONG, at=now - timedelta(hours=1))
    note_went_back(settings.database_file, to=now - timedelta(days=1), at=now)
    found = read_went_back(settings.database_file)
    assert found is not None
    assert (found.to, found.at) == (now - LONG, now)
    went_back_of(settings.database_file).write_bytes(b"\xff\n")
    assert has_gone_back(settings.database_file)
    assert check_released(settings).severity is Severity.WARNING

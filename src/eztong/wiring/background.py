"""Work beside the requests: due jobs of every kind, old rows, new keys, the mark.

Each kind of job has a step of its own, so that none waits for another. Which of them have something due is asked for
all at once, by one read four times a second: steps that each looked for themselves took a twelfth of a core.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import structlog
from starlette.concurrency import run_in_threadpool

from eztong.adapters.storage.stored.facts import ended_applications
from eztong.adapters.webhooks.delivering import WebhookLanes
from eztong.domain.errors import EztongError
from eztong.domain.jobs.job import NOT_UNDONE, JobKind
from eztong.ports.act import SYSTEM
from eztong.ports.services import Services
from eztong.usecases.agreement_sets.keep_agreements import keep_agreements
from eztong.usecases.assistance.end_assistance import end_by_time
from eztong.usecases.contact.settle_phone_change import settle_phone_change
from eztong.usecases.death.keep_after_death import keep_after_death
from eztong.usecases.deregistration.erase_listed import erase_listed
from eztong.usecases.deregistration.execute_deregistration import execute_deregistration
from eztong.usecases.deregistration.revoke_registration import revoke_registration
from eztong.usecases.guardianship.come_of_age import come_of_age
from eztong.usecases.incidents.keep_incidents import keep_incidents
from eztong.usecases.jobs.free_leases import free_leases
from eztong.usecases.jobs.run_due import Handler, run_due
from eztong.usecases.jobs.set_jobs_right import set_jobs_right
from eztong.usecases.jobs.sweep_old_rows import BATCH, sweep_old_rows
from eztong.usecases.jobs.unreadable import UnreadableJobs
from eztong.usecases.keys.change_keys import carry_out_rotation
from eztong.usecases.keys.reseal import find_reseal, measure_reseal, reseal_step
from eztong.usecases.notices.deliver_message import deliver_message
from eztong.usecases.own_notices.tell_uses import QUEUE, tell_uses
from eztong.usecases.partners.close_partner import tell_of_closing
from eztong.usecases.partners.quotas import QuotaKeeper
from eztong.usecases.registration.decide_application import resume_registration
from eztong.usecases.registration.lapse_applications import lapse_applications
from eztong.usecases.requests.set_request_aside import decline_set_aside
from eztong.usecases.restrictions.keep_document import keep_document_day
from eztong.usecases.restrictions.recheck_identity import recheck_by_itself
from eztong.usecases.talks.lapse_proposal import lapse_proposal
from eztong.wiring.build import Built
from eztong.wiring.checks.erasing import Erasing
from eztong.wiring.machine.traffic import TrafficKeeper

PAUSE_SECONDS = 0.25
BY_ITSELF_SECONDS = 30.0
"""How often each kind looks for itself: a row with a damaged priority is found by no look at all kinds."""
SWEEP_SECONDS = 5.0
INCIDENTS_SECONDS = 1.0
AGREEMENTS_SECONDS = 1.0
USES_SECONDS = 2.0
LEAP_SECONDS = 30.0
ERASURES_SECONDS = 60.0
ENDED_SECONDS = 3600.0
TRAFFIC_SECONDS = 30.0
QUOTAS_SECONDS = 15.0
"""How long a partner may go on beyond its quota: what it has in the month is counted this often."""
RESEAL_STEPS = 4
"""Before a pause: some 800 values in a second."""
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def background(built: Built) -> AsyncIterator[None]:
    """Run the background work until the context ends; a step that was begun is finished."""
    stopping = asyncio.Event()
    webhooks = WebhookLanes(built.services, built.webhooks)
    steps = [*_steps(built), *webhook_steps(built, webhooks)]
    called = {kind: asyncio.Event() for kind in JobKind}
    running = [_repeat(step, stopping, called.get(step.kind) if step.kind else None) for step in steps]
    tasks = [asyncio.create_task(one) for one in (*running, _call(built.services, called, stopping))]
    try:
        yield
    finally:
        stopping.set()
        for one in called.values():
            one.set()
        await asyncio.gather(*tasks)
        # What is under way ends at once, and is tried again by the next start.
        await run_in_threadpool(webhooks.close)


@dataclass(frozen=True, slots=True)
class WorkStep:
    """Something to do again and again; it says whether more waits, and rests ``pause`` seconds when nothing does.

    The step of a ``kind`` of job rests until one of these is due.
    """

    name: str
    act: Callable[[], bool]
    pause: float = PAUSE_SECONDS
    kind: JobKind | None = None


def _step_of(kind: JobKind, act: Callable[[], bool]) -> WorkStep:
    return WorkStep(kind.value, act, BY_ITSELF_SECONDS, kind)


def _handlers(built: Built) -> Mapping[JobKind, Handler]:
    services, notifier = built.services, built.notifier
    return {
        JobKind.MESSAGE: partial(deliver_message, keys=services.keys, notifier=notifier),
        JobKind.REGISTRATION: partial(resume_registration, services=services),
        JobKind.REFUSAL: partial(decline_set_aside, services=services),
        JobKind.DEREGISTRATION: partial(execute_deregistration, services=services, remember=built.erased.add),
        JobKind.REVOCATION: partial(revoke_registration, services=services),
        JobKind.PHONE_CHANGE: partial(settle_phone_change, services=services),
        JobKind.BIRTHDAY: partial(come_of_age, services=services),
        JobKind.DOCUMENT: partial(keep_document_day, services=services),
        JobKind.RECHECK: partial(recheck_by_itself, services=services),
        JobKind.TALK: partial(lapse_proposal, services=services),
        JobKind.ASSISTANCE: partial(end_by_time, services=services),
        JobKind.DEATH: partial(keep_after_death, services=services),
        JobKind.PARTNER: partial(tell_of_closing, services=services),
        JobKind.KEY_CEREMONY: partial(carry_out_rotation, services=services, ring=built.keyring),
    }


class _Overwritten:
    """What an erasure overwrote stands in the files until they are brought up to date, perhaps since before a crash."""

    def __init__(self, built: Built) -> None:
        self._store = built.store
        self._is_there = True

    def note(self, kind: JobKind, done: int) -> None:
        """Say how many jobs of a kind were done; some erase."""
        if kind is JobKind.DEREGISTRATION:
            self.note_erased(done)

    def note_erased(self, done: int) -> None:
        """Say how many accounts or applications were erased."""
        self._is_there = self._is_there or done > 0

    def forget(self) -> bool:
        """Bring the files up to date if something was erased; what is in the way is waited for."""
        if self._is_there:
            self._is_there, is_done = False, False
            try:
                is_done = self._store.forget_overwritten()
            finally:
                self._is_there = self._is_there or not is_done
        return False


def _steps(built: Built) -> list[WorkStep]:
    begun = set[JobKind]()
    overwritten = _Overwritten(built)
    unreadable = {kind: UnreadableJobs(kind) for kind in JobKind}
    erasing = Erasing(built.store, built.services.clock, built.settings)

    def due(kind: JobKind, handler: Handler) -> bool:
        if kind not in begun:
            # Once, also if it fails: the leases lapse then.
            begun.add(kind)
            built.services.perform(SYSTEM, free_leases, kind)
        if kind in NOT_UNDONE and not erasing.may_go_on():
            return False
        run = run_due(kind, handler, services=built.services, unreadable=unreadable[kind])
        _tell_failures(kind.value, run.failures)
        overwritten.note(kind, run.done)
        return run.again

    def old_rows() -> bool:
        return erasing.may_go_on() and _sweep(built)

    return [
        # One for each kind: while the authority is silent, messages leave.
        *(_step_of(kind, partial(due, kind, handler)) for kind, handler in _handlers(built).items()),
        WorkStep("put_off", partial(_set_jobs_right, built), LEAP_SECONDS),
        WorkStep("old_rows", old_rows, SWEEP_SECONDS),
        WorkStep("unanswered", partial(_lapse_unanswered, built, erasing, overwritten), SWEEP_SECONDS),
        WorkStep("overwritten", overwritten.forget),
        WorkStep("erasures", partial(_erase_listed, built), ERASURES_SECONDS),
        WorkStep("ended_applications", partial(_list_ended, built), ENDED_SECONDS),
        WorkStep("incidents", partial(_keep_incidents, built), INCIDENTS_SECONDS),
        WorkStep("agreements", partial(keep_agreements, built.services), AGREEMENTS_SECONDS),
        WorkStep("uses", partial(_tell_uses, built), USES_SECONDS),
        WorkStep("keyring", partial(_reload_keyring, built)),
        WorkStep("reseal", partial(_reseal, built)),
        WorkStep("traffic", TrafficKeeper(built.services, built.metrics).keep, TRAFFIC_SECONDS),
        WorkStep("quotas", QuotaKeeper(built.services).keep, QUOTAS_SECONDS),
        WorkStep("mark", partial(_keep_mark, built)),
    ]


def webhook_steps(built: Built, webhooks: WebhookLanes) -> list[WorkStep]:
    """Return one step for each lane: it leases as many jobs as have a slot, and waits for none of them."""

    def begin(kind: JobKind, handler: Handler, unreadable: UnreadableJobs) -> bool:
        if kind not in begun:
            # Once, also if it fails: the leases lapse then.
            begun.add(kind)
            built.services.perform(SYSTEM, free_leases, kind)
        free = webhooks.free(kind)
        if not free:
            return False
        run = run_due(kind, handler, services=built.services, limit=free, unreadable=unreadable)
        _tell_failures(kind.value, run.failures)
        return run.again

    begun = set[JobKind]()
    return [
        _step_of(kind, partial(begin, kind, handler, UnreadableJobs(kind)))
        for kind, handler in webhooks.handlers().items()
    ]


def _sweep(built: Built) -> bool:
    sweep = sweep_old_rows(services=built.services)
    for kind, count in sweep.removed.items():
        _log.info("old_rows_removed", kind=kind.value, count=count)
    for emptied, count in sweep.emptied.items():
        _log.info("old_values_emptied", kind=emptied.value, count=count)
    _tell_failures("retention", sweep.failures)
    return BATCH in (*sweep.removed.values(), *sweep.emptied.values())


def _lapse_unanswered(built: Built, erasing: Erasing, overwritten: _Overwritten) -> bool:
    if erasing.may_go_on():
        run = lapse_applications(services=built.services)
        overwritten.note_erased(run.done)
        _tell_failures("unanswered", run.failures)
    return False


def _set_jobs_right(built: Built) -> bool:
    for kind, count in set_jobs_right(services=built.services).items():
        _log.warning("jobs_put_off_by_clock_go_on", queue=kind.value, count=count)
    return False


def _tell_uses(built: Built) -> bool:
    run = tell_uses(services=built.services)
    _tell_failures(QUEUE, run.failures)
    return run.again


def _keep_mark(built: Built) -> bool:
    built.store.keep_mark()
    return False


def _erase_listed(built: Built) -> bool:
    if built.unerased:
        built.unerased[:] = erase_listed(tuple(built.unerased), services=built.services)
    return False


def _list_ended(built: Built) -> bool:
    # A start and a restore do so, too: this is for a list that is copied elsewhere meanwhile.
    built.erased.add(*ended_applications(built.settings.stored_at).named)
    return False


def _keep_incidents(built: Built) -> bool:
    keep_incidents(built.services, after=timedelta(minutes=built.settings.outage_after_minutes))
    return False


def _reload_keyring(built: Built) -> bool:
    if built.keyring.reload_if_changed():
        _log.info("keyring_reloaded")
    return False


def _reseal(built: Built) -> bool:
    """Seal again what a key of before sealed, a little at a time: requests go first."""
    with built.store.read() as stored:
        stands = find_reseal(stored=stored)
    if stands is None or stands.is_done:
        return False
    # What began it may have made the key that it is for just now.
    _reload_keyring(built)
    if stands.total is None:
        measure_reseal(built.services)
    for _ in range(RESEAL_STEPS):
        now = built.services.perform(SYSTEM, reseal_step)
        if now is not None and now.is_done:
            _log.info("resealed", moved=now.moved, checked=now.checked, left=now.left)
            return False
    return False


def _tell_failures(queue: str, failures: Mapping[str, int]) -> None:
    for kind, count in failures.items():
        _log.warning("queue_work_failed", queue=queue, kind=kind, count=count)


async def _repeat(step: WorkStep, stopping: asyncio.Event, called: asyncio.Event | None) -> None:
    while not stopping.is_set():
        if called is not None:
            # Before the look: what comes due after it calls again.
            called.clear()
        try:
            more = await run_in_threadpool(step.act)
        except EztongError as error:
            _log.warning("background_step_failed", step=step.name, problem=error.code)
            more = False
        except Exception as error:  # noqa: BLE001 - one failed round must not end the work for good
            _log.error("background_step_failed", step=step.name, kind=type(error).__name__)
            more = False
        if not more and not stopping.is_set():
            await _pause(called or stopping, step.pause)


async def _call(services: Services, called: Mapping[JobKind, asyncio.Event], stopping: asyncio.Event) -> None:
    """Wake the step of each kind of which something is due."""
    while not stopping.is_set():
        for kind in await run_in_threadpool(_kinds_due, services):
            called[kind].set()
        await _pause(stopping, PAUSE_SECONDS)


def _kinds_due(services: Services) -> Collection[JobKind]:
    try:
        with services.store.read() as stored:
            return stored.jobs.kinds_due(now=services.clock.now())
    except Exception:  # noqa: BLE001 - each step then meets what is wrong, and says so under its own name
        return tuple(JobKind)


async def _pause(ended: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(ended.wait(), seconds)
    except TimeoutError:
        return

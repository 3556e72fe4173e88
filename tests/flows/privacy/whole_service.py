"""A whole service in this process: its doors, its background work when it is told to work, its log in a file."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from starlette.testclient import TestClient
from typing_extensions import override

from eztong.adapters.notifier.inbox import VisibleInboxWarning
from eztong.adapters.webhooks.delivering import WebhookLanes
from eztong.cli.data.backup_archive import make_backup
from eztong.cli.data.restore import put_back
from eztong.domain.identifiers import PartnerId
from eztong.domain.partners.partner import Scope
from eztong.http.logs import configure_logs
from eztong.ports.act import SYSTEM
from eztong.usecases.partners.authenticate_partner import IssueApiKey, issue_api_key
from eztong.wiring.asgi import Application, build_application
from eztong.wiring.background import _steps as steps_of
from eztong.wiring.background import webhook_steps
from eztong.wiring.build import Built, build
from eztong.wiring.settings import Settings
from tests.simulators.citizen import Citizen
from tests.simulators.processes import prefork
from tests.simulators.service import Partner, Service

PARTNERS = ("hotel", "library")
ROUNDS = 300


@dataclass
class Whole(Service):
    """A service that works when it is told to."""

    built: Built = field(kw_only=True)
    app: Application = field(kw_only=True)

    def citizen(self) -> Citizen[Service]:
        """Return somebody at a browser."""
        somebody = Citizen[Service](self)
        somebody.http = TestClient(self.app)
        return somebody

    def work(self) -> None:
        """Do all that is due, until nothing more is."""
        webhooks = WebhookLanes(self.built.services, self.built.webhooks)
        for step in (*steps_of(self.built), *webhook_steps(self.built, webhooks)):
            while step.act():
                pass
        webhooks.close()

    @override
    def wait_for(self, condition: Callable[[], bool], *, advance: int = 0) -> None:
        for _ in range(ROUNDS):
            self.work()
            if condition():
                return
            if advance:
                self.advance(advance)
        raise AssertionError("it did not happen in time")

    def back_up(self, file: Path) -> None:
        """Make a backup, as the command does."""
        make_backup(self.built.settings, file)

    def restore(self, file: Path) -> None:
        """Put a backup back into the folder of a service that was closed, as the command does."""
        put_back(self.built.settings, file, replace=True)


@contextmanager
def opened(folder: Path) -> Iterator[Whole]:
    """Open a service on a folder until the block ends; it logs all that it can say beside the folder."""
    log = folder.parent / "service.log"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", VisibleInboxWarning)
        built = build(Settings(data_dir=folder))
    with log.open("a") as stream:
        configure_logs("debug", stream=stream)
        try:
            yield _whole(built, log)
        finally:
            built.close()
            structlog.reset_defaults()


def _whole(built: Built, log: Path) -> Whole:
    app = build_application(built)
    client = TestClient(app)
    service = Whole(
        url="http://testserver",
        data_dir=built.settings.data_dir,
        log=log,
        process=prefork.Child(0, (), returncode=0),
        http=client,
        built=built,
        app=app,
    )
    for name in PARTNERS:
        command = IssueApiKey(partner_id=PartnerId(name), label="tests", scopes=frozenset(Scope), live=False)
        _, api_key = built.services.perform(SYSTEM, issue_api_key, command)
        service.partners[name] = Partner(name, api_key, client)
    return service

"""kill -9 while a delivery is under way: it comes again after the start, under the same id, and is noted once."""

from __future__ import annotations

import json
from pathlib import Path

from tests.simulators.outside.gateway import gateway
from tests.simulators.service import running

LI = ("--operator", "demo-li", "--json")


def test_nothing_is_lost_and_the_receiver_recognises_the_second_try(tmp_path: Path) -> None:
    with gateway() as receiver:
        receiver.goes_on.clear()
        with running(tmp_path / "data") as service:
            added = service.run("partners", "webhooks", "add", "hotel", "--url", receiver.url, *LI)
            endpoint_id = json.loads(added.stdout)["id"]
            queued = [
                json.loads(service.run("partners", "webhooks", "test", "hotel", endpoint_id, *LI).stdout)["id"]
                for _ in range(2)
            ]
            service.wait_for(lambda: len(receiver.requests) == 1)
            service.kill()
        receiver.goes_on.set()
        receiver.says(204, b"")
        with running(tmp_path / "data") as again:
            done = "SELECT count(*) FROM webhook_deliveries WHERE state = 'delivered'"
            again.wait_for(lambda: again.rows(done) == [(2,)])
            tries = again.rows("SELECT message_id, attempts FROM webhook_deliveries ORDER BY message_id")
            assert again.run("db", "check", "--full").returncode == 0
    assert tries == [(one, 1) for one in sorted(queued)]
    ids = [headers["webhook-id"] for headers, _body in receiver.requests]
    assert sorted(ids) == sorted([*queued, ids[0]])
    assert ids[0] == ids[1]

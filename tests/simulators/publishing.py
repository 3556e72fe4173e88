"""What two operators do on the command line to publish agreements and to mark clauses."""

from __future__ import annotations

import json
from typing import Any

from tests.simulators.service import Service

FIRST, SECOND = "demo-li", "demo-wang"
CHANGES = ("--changes-zh", "联系方式换了新的。", "--changes-en", "The contact is a new one.")


def run(service: Service, *arguments: str) -> str:
    """Run a command that must succeed."""
    done = service.run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(service: Service, *arguments: str) -> str:
    """Run a command that must be refused; return what it says."""
    done = service.run(*arguments)
    assert done.returncode != 0, done.stdout
    return done.stderr


def draft(service: Service, contact: str, *more: str) -> dict[str, Any]:
    """Draft a set in which the contact is another one."""
    printed = ("--print", f"operator_contact={contact}", "--class", "all=C")
    found: dict[str, Any] = json.loads(
        run(service, "agreements", "draft", *printed, *CHANGES, *more, "--operator", FIRST, "--json")
    )
    return found


def propose(service: Service, number: int) -> str:
    """Propose a draft; return the proposal."""
    said = run(service, "agreements", "propose", str(number), "--reason", "contact", "--operator", FIRST, "--json")
    return str(json.loads(said)["proposal_id"])


def approve(service: Service, proposal: str) -> None:
    """Approve as the second operator."""
    run(service, "proposals", "approve", proposal, "--reason", "compared", "--operator", SECOND)

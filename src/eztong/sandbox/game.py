"""``/sandbox/game``: an online game's age gate. It asks one question, and checks the answer's proof by itself."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from starlette.responses import Response

from eztong.domain.errors import ProofInvalid
from eztong.domain.evidence.proof import parse_published_keys, verify_proof
from eztong.ports.sandbox import PartnerCall
from eztong.sandbox.site import Site, open_request, problem_key, read_asked, request_path, waiting_page, wire
from eztong.sandbox.visit import GAME, Visit

SITE: Final = Site(
    partner="game", path=GAME, scene="game_age_check", wants=("is_person", "age_over_18"), reference="player-17"
)
KEYS_PATH: Final = "/.well-known/eztong-keys.json"
VERDICTS: Final = {
    "adult": "success",
    "minor": "warning",
    "age_withheld": "warning",
    "not_passed": "danger",
    "declined": "info",
    "expired": "info",
    "unavailable": "warning",
    "proof_invalid": "danger",
}


def show(visit: Visit) -> Response:
    """Show the gate."""
    return visit.form_page("game.html", calls=[], problem=None)


def ask(visit: Visit) -> Response:
    """Open a request for the player's phone."""
    opened = open_request(visit, SITE)
    path = request_path(SITE, opened)
    if path is None:
        return visit.form_page("game.html", calls=wire(visit, opened), problem=problem_key(opened))
    return visit.redirect(path)


def show_request(visit: Visit) -> Response:
    """Show QR, link and match number until the player has answered, then what the game makes of it."""
    asked = read_asked(visit, SITE)
    if not asked.is_final:
        return waiting_page(visit, SITE, asked, name="game")
    if asked.verification is None:
        return _gate(visit, "expired", calls=[asked.exchange])
    return _checked(visit, asked.exchange, asked.verification)


def verdict_of(document: Mapping[str, Any]) -> str:
    """Say what the game makes of a proven result."""
    outcome = str(document["outcome"])
    if outcome != "passed":
        return outcome
    return {True: "adult", False: "minor"}.get(document["claims"].get("age_over_18"), "age_withheld")


def _checked(visit: Visit, asked: PartnerCall, verification: Mapping[str, Any]) -> Response:
    proof = visit.door.api.get(SITE.partner, f"/v1/verifications/{verification['id']}/proof")
    keys = visit.door.api.get(SITE.partner, KEYS_PATH)
    calls = [asked, proof, keys]
    try:
        document, key_id = _proven(proof, keys, verification_id=str(verification["id"]))
    except ProofInvalid:
        return _gate(visit, "proof_invalid", calls=calls)
    return _gate(visit, verdict_of(document), calls=calls, key_id=key_id)


def _proven(proof: PartnerCall, keys: PartnerCall, *, verification_id: str) -> tuple[Mapping[str, Any], str]:
    if (proof.status, keys.status) != (HTTPStatus.OK, HTTPStatus.OK):
        raise ProofInvalid("proof: it cannot be had")
    found = verify_proof(proof.received.encode(), keys=parse_published_keys(keys.received.encode()))
    if found.document.get("id") != verification_id or found.document.get("partner") != SITE.partner:
        raise ProofInvalid("document: it belongs to another verification")
    return found.document, found.key_id


def _gate(visit: Visit, verdict: str, *, calls: list[PartnerCall], key_id: str | None = None) -> Response:
    return visit.page(
        "game_result.html", verdict=verdict, tone=VERDICTS[verdict], calls=wire(visit, *calls), key_id=key_id
    )

"""The story: every step of the main job in order, in plain words."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final

from eztong.cli.demo import citizen_steps as citizen
from eztong.cli.demo.checks import StepFailed
from eztong.cli.demo.partner import Answer
from eztong.cli.demo.stage import Play, Stage
from eztong.cli.exits import OK, WRONG

_PAST_A_CODE_SECONDS: Final = 61
_PARTNER_CODE_CHARACTERS: Final = 48
_PROOF: Final = "proof.json"
_CHANGED: Final = "changed.json"
_KEYS: Final = "keys.json"


def verify_by_qr(stage: Stage) -> None:
    """Scan."""
    code = citizen.show_code_drawn(stage)
    answer = _passed(stage, "by QR", stage.hotel.verify(code.qr))
    stage.used = code.qr
    result = answer["result"]
    told = result["claims"] == {"is_person": True}
    stage.notes.check("the answer tells the result and nothing about the person", told)
    stage.notes.check("the partner code has 48 characters", len(result["partner_code"]) == _PARTNER_CODE_CHARACTERS)
    stage.notes.show("the hotel gets: " + json.dumps(result, ensure_ascii=False, indent=2))
    proof = answer["proof"]
    stage.notes.show(f"with the proof: leaf {proof['leaf_index']}, path {proof['path']}, signed note:")
    stage.notes.show(proof["note"].rstrip())


def verify_by_digits(stage: Stage) -> None:
    """Type."""
    code = citizen.show_code(stage)
    answer = _passed(stage, "by digits", stage.hotel.verify(code.number))
    stage.notes.check("it says that a number was used", answer["result"]["method"] == "number")
    same = stage.partner_code("by QR") == stage.partner_code("by digits")
    stage.notes.check("the same partner gets the same partner code again", same)


def verify_offline(stage: Stage) -> None:
    """Check the proof with nothing but the published key."""
    folder, notes = stage.installation.folder, stage.notes
    proof = stage.hotel.download(f"/v1/verifications/{stage.answers['by QR']['id']}/proof")
    (folder / _PROOF).write_bytes(proof)
    (folder / _KEYS).write_bytes(stage.hotel.download("/.well-known/eztong-keys.json"))
    done = stage.installation.run("evidence", "verify", _PROOF, "--keys", _KEYS)
    notes.check("eztong evidence verify says valid, offline", done.returncode == OK and done.stdout.startswith("valid"))
    notes.show(done.stdout.rstrip())


def refuse_changed_proof(stage: Stage) -> None:
    """Change one byte."""
    folder, notes = stage.installation.folder, stage.notes
    proof = (folder / _PROOF).read_bytes()
    changed = proof.replace(b"front-1", b"front-2", 1)
    differing = sum(before != after for before, after in zip(proof, changed, strict=True))
    notes.check("exactly one byte differs", differing == 1)
    (folder / _CHANGED).write_bytes(changed)
    done = stage.installation.run("evidence", "verify", _CHANGED, "--keys", _KEYS)
    named = done.stdout.startswith("invalid: document:")
    notes.check("it says invalid, and that the document is what was changed", done.returncode == WRONG and named)
    notes.show(done.stdout.rstrip())


def refuse_replay(stage: Stage) -> None:
    """Send the used code from another place."""
    answer = stage.library.verify(stage.used)
    _refused(stage, answer, HTTPStatus.CONFLICT, "code_already_used")


def refuse_expired(stage: Stage) -> None:
    """Let a code grow old."""
    code = citizen.show_code(stage)
    moved = stage.hotel.post("/v1/test_helpers/clock", {"advance_seconds": _PAST_A_CODE_SECONDS})
    stage.notes.check("the sandbox clock moved 61 seconds", moved.status == HTTPStatus.OK)
    citizen.unlock(stage)
    _refused(stage, stage.hotel.verify(code.qr), HTTPStatus.GONE, "code_expired")


def verify_elsewhere(stage: Stage) -> None:
    """Go to another partner, and back."""
    _passed(stage, "library", stage.library.verify(citizen.show_code(stage).qr))
    _passed(stage, "hotel again", stage.hotel.verify(citizen.show_code(stage).qr))
    library, hotel = stage.partner_code("library"), stage.partner_code("by QR")
    stage.notes.check("the library's partner code is another one", library != hotel)
    stage.notes.check("the hotel gets the one that it had", stage.partner_code("hotel again") == hotel)
    stage.notes.show(f"hotel    {hotel}\nlibrary  {library}")


def answer_request(stage: Stage) -> None:
    """A partner asks first."""
    notes = stage.notes
    wants = ["is_person", "age_over_18"]
    opened = stage.game.post("/v1/requests", {"scene": stage.game.scene, "wants": wants, "reference": "demo-17"})
    notes.check("the game's request is open", opened.status == HTTPStatus.CREATED and opened.body["state"] == "init")
    citizen.approve_request(stage, url=opened.body["url"], match_number=opened.body["match_number"])
    answer = stage.game.get(f"/v1/requests/{opened.body['id']}")
    notes.check("the game reads that it is finished", answer.body["state"] == "finished")
    verification: dict[str, Any] = answer.body["verification"]
    stage.answers["game"] = verification
    claims = verification["result"]["claims"]
    told = verification["outcome"] == "passed" and claims == {"is_person": True, "age_over_18": True}
    notes.check("it passed, and told that the holder is over 18 and nothing more", told)
    others = {stage.partner_code("by QR"), stage.partner_code("library")}
    notes.check("the game's partner code is a third one", stage.partner_code("game") not in others)
    notes.show(f"the game learns: {json.dumps(claims)}")


def refuse_frozen(stage: Stage) -> None:
    """A frozen holder is refused everywhere, and the partner is not told why."""
    code = citizen.show_code(stage)
    citizen.freeze(stage)
    answer = stage.hotel.verify(code.qr)
    stage.notes.check("the code that was on the screen passes no more", answer.status == HTTPStatus.OK)
    result = answer.body.get("result", {})
    stage.notes.check("the outcome is not_passed", answer.body.get("outcome") == "not_passed")
    stage.notes.check("with no partner code, no claim and no reason", not _tells_anything(result))


STORY: Final[Sequence[tuple[str, Play]]] = (
    ("The citizen reads both agreements and accepts each by an act of its own", citizen.accept_agreements),
    ("The citizen proves the phone with a message code, which binds this browser", citizen.bind_device),
    ("The citizen applies with name and number; the authority matches and makes the eid mark", citizen.apply),
    ("The citizen sees the result", citizen.see_result),
    ("The citizen sets a PIN; without it this browser shows no code", citizen.set_pin),
    ("The citizen shows a code; the hotel scans the QR and gets result, partner code and proof", verify_by_qr),
    ("The citizen shows another code; the hotel types its digits", verify_by_digits),
    ("Anybody checks the proof offline, with nothing but the published key", verify_offline),
    ("One byte of the proof is changed: it is refused, and the part is named", refuse_changed_proof),
    ("The code that was used is sent again: refused", refuse_replay),
    ("A code older than a minute is sent: refused", refuse_expired),
    ("The library gets a different partner code, the hotel the same one as before", verify_elsewhere),
    ("The game asks «over 18?»; the citizen compares the number and agrees on the own device", answer_request),
    ("The citizen freezes the account: from that moment nothing passes", refuse_frozen),
)


def _passed(stage: Stage, name: str, answer: Answer) -> dict[str, Any]:
    if answer.status != HTTPStatus.OK:
        raise StepFailed(f"the answer was {answer.status} {answer.code}")
    body: dict[str, Any] = answer.body
    stage.notes.check("the outcome is passed", body["outcome"] == "passed")
    stage.answers[name] = body
    return body


def _refused(stage: Stage, answer: Answer, status: HTTPStatus, code: str) -> None:
    stage.notes.check(f"the answer is {status.value} {code}", (answer.status, answer.code) == (status, code))
    stage.notes.show(f"{answer.status} {answer.body['detail']}")


def _tells_anything(result: dict[str, Any]) -> bool:
    return any(result.get(name) for name in ("partner_code", "claims", "reason"))

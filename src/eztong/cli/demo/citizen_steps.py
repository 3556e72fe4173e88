"""What the citizen does: read and accept, bind the browser, apply, show a code, approve a request, freeze."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from eztong.cli.demo.qr import draw, scan
from eztong.cli.demo.stage import Code, Stage
from eztong.domain.codes.presentation_code import group_number
from eztong.domain.evidence.proof import parse_published_keys, verify_proof

_KINDS: Final = ("service", "authorisation")
_OTP_DIGITS: Final = 6
_CODE_DIGITS: Final = 18
_PIN: Final = "805217"
_WEAK_PIN: Final = "123456"
_NUMBERS_TO_COMPARE: Final = 3
_INBOX: Final = "/sandbox/inbox?format=json"


def accept_agreements(stage: Stage) -> None:
    """Read both documents; one tick is not enough; two ticks make two records with receipts."""
    citizen, notes = stage.citizen, stage.notes
    citizen.open("/register")
    form = citizen.page.form("/register")
    boxes = [] if form is None else form.names("checkbox")
    notes.check("the page shows two documents with a box each", boxes == [f"tick_{kind}" for kind in _KINDS])
    shown = {kind: [] if form is None else form.values(f"hash_{kind}") for kind in _KINDS}
    half = citizen.submit("/register", ticks=["tick_service"])
    notes.check("one tick alone is refused", half.status == HTTPStatus.UNPROCESSABLE_ENTITY)
    citizen.submit("/register", ticks=boxes)
    notes.check("with both ticks the way leads on to the phone", citizen.page.path == "/register/phone")
    citizen.open("/me/agreements")
    receipts = [json.loads(citizen.download(link)) for link in citizen.page.links if link.endswith("/receipt")]
    documents = {receipt["document"]["agreement"]: receipt["document"] for receipt in receipts}
    notes.check("there are two records, one for each act", len(receipts) == len(_KINDS) == len(documents))
    same = all(shown[kind] == [documents[kind]["text_hash"]] for kind in _KINDS)
    notes.check("each record names the SM3 of the very text that was shown", same)
    stage.keys = stage.hotel.download("/.well-known/eztong-keys.json")
    published = parse_published_keys(stage.keys)
    for receipt in receipts:
        verify_proof(json.dumps(receipt).encode(), keys=published)
    notes.check("both receipts are valid under the published key", bool(receipts))


def bind_device(stage: Stage) -> None:
    """Type the phone, read the message code in the sandbox inbox, type it."""
    citizen, notes, phone = stage.citizen, stage.notes, stage.persona.phone
    citizen.open("/register/phone")
    citizen.submit("/register/phone", {"phone": phone})
    notes.check("the page asks for the message code", citizen.page.path == "/register/otp")
    otp = stage.wait_for("the message code", lambda: _newest_otp(stage))
    notes.check("the inbox holds a code of six digits for this phone", len(otp) == _OTP_DIGITS and otp.isdigit())
    wrong = f"{(int(otp) + 1) % 10**6:06d}"
    refused = citizen.submit("/register/otp", {"otp": wrong})
    notes.check("another code is refused", refused.status == HTTPStatus.UNPROCESSABLE_ENTITY)
    citizen.submit("/register/otp", {"otp": otp})
    notes.check("with the right one this browser is bound", citizen.page.path == "/register/identity")


def _newest_otp(stage: Stage) -> str | None:
    messages = stage.citizen.json(_INBOX)
    own = (message for message in messages if message["phone"] == stage.persona.phone)
    return next((str(message["otp"]) for message in own if "otp" in message), None)


def apply(stage: Stage) -> None:
    """Type name and number; the authority, a process of its own, matches them and makes the eid mark."""
    citizen, notes, persona = stage.citizen, stage.notes, stage.persona
    notes.show(f"persona {persona.key}: {persona.name}, {persona.number_as_typed} (invented; the number is nobody's)")
    citizen.open("/register/identity")
    citizen.submit("/register/identity", {"name": persona.name, "number": persona.number_as_typed})
    notes.check("the way leads to the result page", citizen.page.path == "/register/result")
    asked = "sandbox_authority_asked" in stage.installation.log("authority").read_text(errors="replace")
    notes.check("the authority's own process was asked, by a signed message", asked)


def see_result(stage: Stage) -> None:
    """The result page says that the account is active."""
    page = stage.citizen.open("/register/result")
    stage.notes.check("the account is active", page.marks.get("data-state") == "active")
    stage.notes.check("the page leads on to setting an unlock", "/unlock/setup" in page.links)


def set_pin(stage: Stage) -> None:
    """Set the PIN that unlocks this browser; an easy one is refused."""
    citizen, notes = stage.citizen, stage.notes
    citizen.open("/code")
    refused = citizen.submit("/code")
    notes.check("without an unlock no code is shown", refused.path == "/unlock/setup")
    weak = citizen.submit("/unlock/setup", {"pin": _WEAK_PIN, "again": _WEAK_PIN})
    notes.check("a PIN that strangers try first is refused", weak.status == HTTPStatus.UNPROCESSABLE_ENTITY)
    citizen.submit("/unlock/setup", {"pin": _PIN, "again": _PIN})
    notes.check("with a good one the way leads to the code page", citizen.page.path == "/code")


def unlock(stage: Stage) -> None:
    """Unlock with the PIN."""
    stage.citizen.open("/unlock")
    stage.citizen.submit("/unlock", {"pin": _PIN})
    stage.notes.check("the PIN unlocks for three minutes", stage.citizen.page.path == "/code")


def show_code(stage: Stage) -> Code:
    """Press the button of the code page; a decoder reads the QR off the page as a scanner would."""
    stage.citizen.open("/code")
    page = stage.citizen.submit("/code")
    number, qr = page.marks.get("data-number", ""), page.marks.get("data-qr", "")
    stage.notes.check(
        "the card shows 18 digits that begin with 88", len(number) == _CODE_DIGITS and number.startswith("88")
    )
    stage.notes.check("the QR on the page decodes to digits only", scan(page) == qr and qr.isdigit())
    return Code(number, qr)


def show_code_drawn(stage: Stage) -> Code:
    """Show a code, and its QR in the terminal."""
    code = show_code(stage)
    stage.notes.show(draw(stage.citizen.page))
    stage.notes.show(f"or read out: {group_number(code.number)}")
    return code


def approve_request(stage: Stage, *, url: str, match_number: int) -> None:
    """Open the partner's link, switch one claim on, pick the number that the partner shows, agree."""
    citizen, notes = stage.citizen, stage.notes
    page = citizen.open(url)
    form = page.form(page.path)
    boxes = [] if form is None else [entry for entry in form.fields if entry.kind == "checkbox"]
    notes.check(
        "the only thing to tell beyond «a person» starts switched off",
        [(box.name, box.checked) for box in boxes] == [("claim_age_over_18", False)],
    )
    numbers = [] if form is None else form.values("match")
    among = len(numbers) == _NUMBERS_TO_COMPARE and str(match_number) in numbers
    notes.check("three numbers to compare, the partner's among them", among)
    receipt = citizen.submit(page.path, ticks=["claim_age_over_18"], picks={"match": str(match_number)}, press="agree")
    notes.check("the citizen gets a receipt that says passed", receipt.marks.get("data-outcome") == "passed")


def freeze(stage: Stage) -> None:
    """Freeze the account on its page."""
    stage.citizen.open("/freeze")
    page = stage.citizen.submit("/freeze")
    stage.notes.check("the page says that the account is frozen", page.marks.get("data-state") == "frozen")
    page = stage.citizen.open("/code")
    stage.notes.check("this browser is signed out at once", "data-number" not in page.marks and page.path == "/sign-in")

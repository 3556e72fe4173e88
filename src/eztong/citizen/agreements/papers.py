"""What one has signed, to take home in other forms: the receipt as PDF, and the consent record after a standard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from starlette.responses import Response

from eztong.citizen.agreements.signed import own_acceptance
from eztong.citizen.visit import Visit
from eztong.citizen.words.paper_words import exact_moment, field_word, paper_file, source_words
from eztong.citizen.words.readable_json import ReadableJson
from eztong.domain.canonical_json import DocumentMalformed, parse_time
from eztong.domain.own_data.consent_record import Parties, consent_record
from eztong.domain.own_data.paper import Fact, Paper, Section
from eztong.i18n.translator import Translator
from eztong.usecases.codes.read_proof import acceptance_receipt

_JSON_LD: Final = "application/ld+json"
_OWN_WORDS: Final = frozenset(
    {"format", "id", "agreement", "holder", "note", "leaf_index", "path"}
    | {"by", "set", "shown", "ticks", "dwell_ms", "read_to_end", "context", "rules", "severed"}
)

# Whoever verifies compares what was signed: the words stand before it, not in its place.
_SAID: Final[Mapping[str, str]] = {
    "agreement": "documents.",
    "document": "documents.",
    "ticks": "documents.",
    "by": "said.actor.",
    "language": "said.language.",
    "shown": "said.shown.",
}


def receipt(visit: Visit) -> Response:
    """Hand out the receipt as PDF: the same as the proof file.

    Raises:
        NotFound: no such acceptance of this holder.
        FontMissing: nothing can be set here.
    """
    visit.services.typesetter.check_ready()
    with visit.services.store.read() as stored:
        accepted = own_acceptance(visit, stored)
        proof = acceptance_receipt(accepted.holder_id, accepted.acceptance_id, stored=stored)
    words = visit.words
    paper = Paper(
        title=words.text("paper.title"),
        language=words.language,
        source=source_words(visit.services.deployment, words=words, brand=visit.services.brand.look()),
        lead=[words.text("paper.lead")],
        sections=[
            Section(heading=words.text("paper.document"), entries=[_facts(proof["document"], words)]),
            Section(
                heading=words.text("paper.proof"),
                note=words.text("paper.proof_text"),
                entries=[_facts({name: value for name, value in proof.items() if name != "document"}, words)],
            ),
        ],
    )
    return paper_file(visit.services.typesetter.typeset(paper), f"{accepted.acceptance_id}.pdf")


def record(visit: Visit) -> Response:
    """Hand out the consent record.

    Raises:
        NotFound: no such consent of this holder.
    """
    with visit.services.store.read() as stored:
        accepted = own_acceptance(visit, stored)
    known = visit.services.deployment
    parties = Parties(
        operator=known.operator_name,
        contact=known.operator_contact,
        site=known.public_url,
        authority=known.authority_name,
    )
    name = f"{accepted.acceptance_id}.jsonld"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return ReadableJson(consent_record(accepted, parties=parties), headers=headers, media_type=_JSON_LD)


def _facts(members: Mapping[str, Any], words: Translator) -> Sequence[Fact]:
    return [Fact(_label(name, words), _shown(name, value, words)) for name, value in members.items()]


def _label(name: str, words: Translator) -> str:
    return words.text(f"paper.{name}") if name in _OWN_WORDS else field_word(name, words=words)


def _shown(name: str, value: object, words: Translator) -> str:
    match value:
        case bool():
            return words.text("copy.yes" if value else "copy.no")
        case list():
            return "\n".join(_shown(name, one, words) for one in value) or words.text("copy.none")
        case Mapping():
            return " · ".join(_shown(within, one, words) for within, one in value.items())
        case str():
            read = _in_words(name, value, words)
            return value if read == value else words.text("paper.both", words=read, value=value)
        case _:
            return str(value)


def _in_words(name: str, value: str, words: Translator) -> str:
    key = f"{_SAID[name]}{value}" if name in _SAID else ""
    if words.has(key):
        return words.text(key)
    try:
        return exact_moment(parse_time(value), words=words)
    except DocumentMalformed:
        return value

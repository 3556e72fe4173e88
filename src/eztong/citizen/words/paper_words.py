"""What papers share: moments to the second, what stands at the foot, and the answer that carries one."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response

from eztong.domain.branding.brand import Brand
from eztong.i18n.moments import clock_words, date_words
from eztong.i18n.translator import Translator
from eztong.ports.services import Deployment

_PLAIN: Final = Brand()


def exact_moment(moment: datetime, *, words: Translator) -> str:
    """Return day and second in Shanghai: a paper is read on another day than it was made."""
    return words.text("time.on", date=date_words(moment, words=words), time=clock_words(moment))


def site_of(deployment: Deployment) -> str:
    """Return the official domain of the service, as people type it."""
    return urlsplit(deployment.public_url).netloc


def part_word(part: str, *, words: Translator) -> str:
    """Return what a part of a holder's copy is called."""
    return words.text(f"copy.part.{part}")


def field_word(name: str, *, words: Translator) -> str:
    """Return what a member of a copy or document is called; a name that has no words stands for itself."""
    key = f"copy.field.{name}"
    return words.text(key) if words.has(key) else name


def source_words(deployment: Deployment, *, words: Translator, brand: Brand = _PLAIN) -> str:
    """Return whose paper it is."""
    operator, service = (
        brand.operator(words.language, otherwise=deployment.operator_name),
        brand.service(words.language),
    )
    named = f"{service} · {operator}" if service else operator
    return words.text("copy.source", operator=named, site=site_of(deployment))


def paper_file(content: bytes, name: str) -> Response:
    """Return the answer with a PDF file to keep, which nothing on the way keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type="application/pdf")

"""PDF files as a reader sees them: text, pixels, tags. Read with PDFium, which is nobody's of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2


@contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """Open a file."""
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def text_of(content: bytes) -> str:
    """Return what somebody copies out who selects everything, page after page."""
    with opened(content) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return "\n".join(pages)


def squeezed(text: str) -> str:
    """Return a text without spaces and line ends: where a line breaks is the page's matter."""
    return "".join(text.split())


def pixels_of(content: bytes, *, page: int = 0) -> bytes:
    """Return a page as it looks, in grey."""
    with opened(content) as document:
        return bytes(document[page].render(scale=2, grayscale=True).buffer)

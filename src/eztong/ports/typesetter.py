"""The port behind which papers become files that can be printed."""

from __future__ import annotations

from typing import Protocol

from eztong.domain.own_data.paper import Paper


class Typesetter(Protocol):
    """Makes PDF of papers."""

    def check_ready(self) -> None:
        """Refuse where no paper could be made, before anything is looked up for one.

        Raises:
            FontMissing: there is no font.
        """
        ...

    def typeset(self, paper: Paper) -> bytes:
        """Return the paper as PDF: tagged, in its language, with text that can be selected; equal papers, equal bytes.

        Every character of the paper can be seen and copied out. One that no font has is written by its code point, in
        the form ``〔U+10FFFD〕``. Slow: never to be called within a unit of work or on an event loop.

        Raises:
            FontMissing: there is no font; nothing was made.
            PaperTooLong: it cannot be set in decent time.
        """
        ...

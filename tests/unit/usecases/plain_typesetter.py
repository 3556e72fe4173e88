"""What stands in for a typesetter in unit tests; tests/contract/typesetter holds it to the port's promises."""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import override

from eztong.domain.own_data.paper import FontMissing, Paper
from eztong.ports.typesetter import Typesetter


@dataclass(slots=True)
class PlainTypesetter(Typesetter):
    """Writes what would be printed as lines of text; with the font taken away it refuses."""

    has_font: bool = True

    @override
    def check_ready(self) -> None:
        if not self.has_font:
            raise FontMissing

    @override
    def typeset(self, paper: Paper) -> bytes:
        paper.check_length()
        self.check_ready()
        lines = [paper.title, *paper.lead]
        for section in paper.sections:
            lines += [section.heading, section.note]
            lines += [f"{fact.label} {fact.value}" for entry in section.entries for fact in entry]
        return "\n".join([*lines, paper.source]).encode()

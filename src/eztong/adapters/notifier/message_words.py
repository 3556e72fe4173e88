"""A message in the words that are in force, and under the service's name."""

from __future__ import annotations

from dataclasses import dataclass

from eztong.domain.message_texts.version import PublishedTexts
from eztong.domain.notices import Message
from eztong.i18n.notices import language_of, render_text, signed
from eztong.ports.branding.board import BrandBoard
from eztong.ports.message_texts.board import TextBoard


@dataclass(frozen=True, slots=True)
class MessageWords:
    """Where words come from. Without boards: the program's own texts, and no name."""

    brand: BrandBoard | None = None
    texts: TextBoard | None = None

    def service(self, language: str) -> str:
        """Return the service's name, as messages begin with it; empty where its brand has none."""
        return "" if self.brand is None else self.brand.look().service(language_of(language))

    def text(self, message: Message) -> str:
        """Return a message in words.

        Raises:
            InputInvalid: as :func:`~eztong.i18n.notices.render_text` says.
        """
        return render_text(message, texts=PublishedTexts() if self.texts is None else self.texts.look())

    def signed_text(self, message: Message) -> str:
        """Return a message in words, which begin with the service's name.

        Raises:
            InputInvalid: as :func:`~eztong.i18n.notices.render_text` says.
        """
        language = language_of(message.language)
        return signed(self.text(message), language=language, service=self.service(language))

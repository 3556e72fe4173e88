"""Forms of staff that lack something: what exactly, so that the page can say it beside them."""

from __future__ import annotations

from eztong.domain.errors import InputInvalid


class ChoiceMissing(InputInvalid):
    """Nothing was chosen where one thing has to be, or something that is no choice."""

    code = "choice_missing"
    advice = "Choose one of what the form offers. Nothing was done."


class NameNotTyped(InputInvalid):
    """What destroys takes the name typed, and another one was, or none."""

    code = "name_not_typed"
    advice = "Type the name exactly as it is shown; a command takes it with --name. Nothing was done."

"""Which language a person gets: what they chose here and now, else what they chose before, else what they prefer."""

from __future__ import annotations

from eztong.i18n.translator import DEFAULT_LANGUAGE, LANGUAGES, Language, is_language

_MAX_HEADER = 500


def choose_language(accept_language: str | None, cookie: str | None, query: str | None) -> Language:
    """Return the language to answer in.

    A choice in the address wins over the remembered one, which wins over the browser's list. Anything that is no
    language of ours is passed over; the default is Chinese.
    """
    for choice in (query, cookie):
        if is_language(choice):
            return choice
    for tag in _preferred(accept_language or ""):
        for language in LANGUAGES:
            if tag.split("-")[0] == language.split("-")[0].lower():
                return language
    return DEFAULT_LANGUAGE


def _preferred(header: str) -> list[str]:
    ranked = []
    for place, item in enumerate(header[:_MAX_HEADER].split(",")):
        tag, _, rest = item.strip().partition(";")
        weight = _weight(rest.strip())
        if tag and weight > 0:
            ranked.append((-weight, place, tag.strip().lower()))
    return [tag for _, _, tag in sorted(ranked)]


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    whole, _, fraction = value.strip().partition(".")
    if name.strip() != "q" or not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        return 0.0
    return min(float(f"{whole or 0}.{fraction or 0}"), 1.0)

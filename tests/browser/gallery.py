"""The gallery: a picture of every stop of the tour, on a phone and on a desktop, in both languages.

``make screenshots`` runs it as a program; it serves a sandbox of its own and shows how far it is.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.progress import track

from eztong.i18n.translator import LANGUAGES
from tests.browser.stop import Stop
from tests.browser.tour import TOUR
from tests.browser.window import CHROMIUM_FLAGS, DESK, PHONE, Window, chromium
from tests.simulators.service import Service, running

SIZES = {"phone": PHONE, "desktop": DESK}
Shot = tuple[Stop, str, str]


def shots(names: list[str]) -> Iterator[Shot]:
    """Give every picture to take: stop, language, size; only the named stops if there are names."""
    for stop in TOUR:
        if names and stop.name not in names:
            continue
        for language in LANGUAGES:
            for size in SIZES:
                yield stop, language, size


def take(shot: Shot, browser: Browser, service: Service, folder: Path, *, dark: bool) -> Path:
    """Take one picture and return where it is."""
    stop, language, size = shot
    width, height = SIZES[size]
    context = browser.new_context(
        base_url=service.url,
        locale=language,
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    window = Window(context, context.new_page(), service)
    stop.reach(window)
    target = folder / language / size / f"{stop.name}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    window.page.wait_for_load_state("load")
    # A window as high as the page, so that what is fixed to its edges stands at the page's edges.
    whole: int = window.page.evaluate("document.documentElement.scrollHeight")
    window.page.set_viewport_size({"width": width, "height": max(height, whole)})
    window.page.screenshot(path=target, full_page=True)
    context.close()
    return target


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these stops")
    parser.add_argument("--folder", type=Path, default=Path("var/screenshots"), help="where the pictures go")
    parser.add_argument("--dark", action="store_true", help="in the dark theme")
    chosen = parser.parse_args()
    wanted = list(shots(chosen.names))
    with (
        tempfile.TemporaryDirectory(prefix="eztong-gallery-") as data,
        running(Path(data) / "data") as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        for shot in track(wanted, description="Taking pictures"):
            take(shot, browser, service, chosen.folder, dark=chosen.dark)
        browser.close()
    print(f"{len(wanted)} pictures in {chosen.folder}")  # noqa: T201 - a program's result


if __name__ == "__main__":
    main()

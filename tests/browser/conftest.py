"""One service and one Chromium for the browser tests; each test has windows of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from eztong.http.cookies import ELDER_COOKIE
from tests.browser.window import CHROMIUM_FLAGS, PHONE, Window, chromium
from tests.simulators.service import Service, running

# A check that fails says what it saw, as a test does.
pytest.register_assert_rewrite("tests.browser.checks.whole")
OpenWindow = Callable[..., Window]
# That something comes is tested here, not how soon: a busy machine is slow.
expect.set_options(timeout=20_000)


# For a module, not for the whole run: Playwright keeps an event loop in the thread while it is started.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM_FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    # Tests share people and come in any order: what one refused must not rest for the next one.
    with running(tmp_path_factory.mktemp("browser") / "data", refusal_cool_down_days="0") as started:
        yield started


@pytest.fixture
def open_window(browser: Browser, service: Service) -> Iterator[OpenWindow]:
    """Return what opens a window: ``open_window(language="en", size=DESK)``; all close when the test ends."""
    contexts: list[BrowserContext] = []

    def open_one(
        *,
        language: str = "zh-CN",
        size: tuple[int, int] = PHONE,
        elder: bool = False,
        **more: Any,  # noqa: ANN401 - options of Playwright's contexts
    ) -> Window:
        context = browser.new_context(
            base_url=service.url, locale=language, viewport={"width": size[0], "height": size[1]}, **more
        )
        contexts.append(context)
        if elder:
            context.add_cookies([{"name": ELDER_COOKIE, "value": "1", "url": service.url}])
        return Window(context, context.new_page(), service)

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone(open_window: OpenWindow) -> Window:
    return open_window()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)

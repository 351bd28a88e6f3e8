"""A browser before the whole running system, for tests marked `e2e`.

    @pytest.mark.e2e
    def test_a_learner_finds_the_course(page_of, learner):
        page = page_of(learner)
        page.goto("/en/learn/")

Every page is watched: whatever it complains of, and every request to another host, fails its test at the end.
"""

import os
from contextlib import ExitStack

import pytest
from playwright.sync_api import sync_playwright

from elearning.embedded.setup import browser as browser_path
from tests import databases, system
from tests.e2e.clerk import Clerk
from tests.e2e.looking import DESK, EVERY_WAY, HEIGHTS, THE_USUAL_WAY, Look
from tests.e2e.watching import Watch


@pytest.fixture(scope="session")
def _small_office(tmp_path_factory, django_db_blocker):
    """An installation with the demonstration's accounts, course and run, few learners in it, and its clerk.

    Where the suite runs on PostgreSQL, so does the installation, and it has a broker and a cache at `REDIS_URL`.
    """
    folder = tmp_path_factory.mktemp("live")
    with django_db_blocker.unblock(), ExitStack() as stack:
        installation = system.LiveSystem(folder)
        if "DATABASE_URL" in os.environ:
            installation.environment["DATABASE_URL"] = stack.enter_context(databases.migrated_on_postgresql())
            installation.environment["REDIS_URL"] = stack.enter_context(system.broker(folder / "redis")).url
        else:
            databases.write_migrated(installation.data_dir / "plumbline.sqlite3")
        clerk = Clerk(installation)
        clerk.ask("open_a_small_office")
        yield installation, clerk
        clerk.dismiss()


@pytest.fixture(scope="session")
def live_system(_small_office):
    """Everything `make run` starts, once for all scenarios. They share it: each uses people of its own."""
    started, _clerk = _small_office
    started.start()
    yield started
    started.stop()


@pytest.fixture(scope="session")
def clerk(_small_office):
    """Makes people and looks up what no page shows; see `tests.e2e.clerks_office`."""
    _installation, clerk = _small_office
    return clerk


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium. Without one the scenarios are skipped, and on the project's own CI they fail."""
    path = browser_path()
    if not path:
        tell = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        tell("No Chromium on this machine; install chromium to run the browser scenarios.")
    # Playwright keeps a loop in this thread until the end, and Django takes every query beside it for a mistake.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(
            executable_path=path, headless=True, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def new_page(browser, live_system):
    """Makes a page in a browser of its own: `new_page(locale="ar", java_script_enabled=False, viewport={…})`."""
    contexts = []
    watch = Watch(live_system.url)

    def make(**wishes):
        usual = {
            "locale": "en",
            "base_url": live_system.url,
            "viewport": {"width": DESK, "height": HEIGHTS[DESK]},
            "reduced_motion": "reduce",
        }
        wishes = usual | wishes
        watch.also_at(wishes["base_url"])
        context = browser.new_context(**wishes)
        context.set_default_timeout(15_000)
        watch.over(context)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not watch.complaints, "\n".join(watch.complaints)


@pytest.fixture
def page(new_page):
    return new_page()


@pytest.fixture
def learner(clerk):
    """Somebody with a place in the course who has not begun."""
    return clerk.ask("a_learner")


@pytest.fixture
def page_of(new_page, clerk, live_system):
    """A page of somebody who is signed in: `page_of("3001")`, `page_of(learner, locale="ar")`."""

    def make(person, **wishes):
        page = new_page(**wishes)
        cookie = clerk.ask("session", number=getattr(person, "number", person))
        page.context.add_cookies([vars(cookie) | {"url": live_system.url}])
        return page

    return make


@pytest.fixture(
    params=[
        pytest.param(THE_USUAL_WAY, id="the usual way"),
        pytest.param(EVERY_WAY, id="every way", marks=pytest.mark.long),
    ]
)
def look(request):
    """`look(page, "lesson")` fails where the page shuts someone out. In every way, it keeps pictures besides."""
    return Look(request.param)

"""What `make run` shows on the first day: the run of 1,210 on the manager's dashboard."""

import pytest
from playwright.sync_api import expect

from tests import system
from tests.e2e.clerk import Clerk
from tests.e2e.watching import Watch

pytestmark = [pytest.mark.e2e, pytest.mark.long]


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    started = system.LiveSystem(tmp_path_factory.mktemp("demonstration"))
    started.start()
    yield started
    started.stop()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_manager_sees_the_run_of_1210(language, demonstration, browser, look):
    clerk, watch = Clerk(demonstration), Watch(demonstration.url)
    context = browser.new_context(locale=language, base_url=demonstration.url)
    watch.over(context)
    context.add_cookies([vars(clerk.ask("session", number="3001")) | {"url": demonstration.url}])
    clerk.dismiss()
    page = context.new_page()
    page.goto("/dashboard/")
    look(page, "demonstration-dashboard")
    page.locator("main .card-title a").click()
    figures = page.locator(".figures")
    expect(figures.locator(".figure-value").first).to_have_text("1,210" if language == "en" else "1210")
    expect(figures.locator(".figure-value").nth(1)).to_have_text("753")
    expect(figures).to_contain_text("62.2" if language == "en" else "62")
    expect(figures).to_contain_text("457")
    look(page, "demonstration-run")
    page.goto(f"{page.url}?part=3-2")
    look(page, "demonstration-group")
    context.close()
    assert not watch.complaints, "\n".join(watch.complaints)

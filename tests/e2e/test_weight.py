"""What a lesson costs over a poor line, counted by the browser as it comes over the wire."""

import pytest

from tests.e2e import journeys

pytestmark = pytest.mark.e2e

# With all fonts; an Arabic page brings two weights of a larger script.
FIRST_VISIT = {"en": 100_000, "ar": 140_000}
NEXT_PAGE = 15_000


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_lesson_is_light_the_first_time_and_lighter_the_next(language, page_of, clerk):
    page = page_of(clerk.ask("a_learner", language=language), locale=language)
    lesson = page.request.get(f"/{language}/learn/").text()
    address = lesson.split('<a class="button" href="')[1].split('"')[0]

    first = weight_of(page, lambda: page.goto(address))
    onward = page.locator(journeys.ONWARD)
    following = weight_of(page, onward.click)
    print(f"\n{language}: {sum(first.values())} bytes, then {sum(following.values())}: {first}")
    assert sum(first.values()) <= FIRST_VISIT[language], first
    assert sum(following.values()) <= NEXT_PAGE, following


def weight_of(page, deed) -> dict[str, int]:
    """The bytes of headers and bodies that a deed brings over the wire, by address."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    addresses, bytes_of = {}, {}
    line.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    line.on(
        "Network.loadingFinished", lambda told: bytes_of.update({told["requestId"]: int(told["encodedDataLength"])})
    )
    before = page.url
    deed()
    page.wait_for_url(lambda address: address != before)
    page.wait_for_load_state("networkidle")
    line.detach()
    return {addresses.get(request, request): size for request, size in bytes_of.items() if size}

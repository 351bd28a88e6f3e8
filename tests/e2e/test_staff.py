"""Those who look after a run, author, audit and certify: each finds their own work, and nobody more than that."""

import csv
import io

import pytest
from playwright.sync_api import expect

from tests.e2e import journeys
from tests.system import eventually

pytestmark = pytest.mark.e2e

TUTOR, MANAGER, OFFICER, SECOND_OFFICER, AUTHOR, AUDITOR = "2001", "3001", "4001", "4002", "5001", "6001"


@pytest.fixture(scope="module")
def graduate(live_system, clerk):
    """Somebody who has passed and holds a certificate."""
    person = clerk.ask("a_graduate", name="Bartolomé-Ignacio de las Casas y Fernández de Córdoba", group=2)
    eventually(lambda: clerk.ask("certificate", number=person.number), what="the certificate is issued")
    return person


def table(page, address):
    """The rows of a CSV file that is downloaded, by staff number."""
    response = page.request.get(address)
    assert response.status == 200
    assert "attachment" in response.headers["content-disposition"]
    text = response.body().decode("utf-8-sig")
    return {row[0]: row for row in csv.reader(io.StringIO(text))}


def test_a_manager_signs_in_with_a_second_factor_and_sees_who_has_passed(page, clerk, graduate, learner, look):
    page.goto("/dashboard/")
    page.wait_for_url("**/accounts/login/**")
    journeys.sign_in(page, MANAGER)
    page.wait_for_url("**/accounts/2fa/**")
    look(page, "second-factor")
    # The password alone opens nothing.
    assert "/accounts/2fa/" in page.request.get("/dashboard/").url
    journeys.show_second_factor(page, clerk.ask("codes", number=MANAGER)[0])
    expect(page).to_have_url("/dashboard/")
    look(page, "dashboard")
    page.locator(f"main .card-title a[href*='{clerk.ask('cohort')}']").click()
    look(page, "dashboard-run")
    run = clerk.ask("run_figures")
    expect(page.locator(".figure-value").first).to_have_text(str(run.enrolled))
    expect(page.locator(".figure-value").nth(3)).to_have_text(str(run.completed))

    with page.expect_download() as download:
        page.locator("main .actions a[href$='.csv']").click()
    rows = {row[0]: row for row in csv.reader(download.value.path().read_text("utf-8-sig").splitlines())}
    assert len(rows) == run.enrolled + 1
    assert "passed" in rows[graduate.number]
    assert clerk.ask("certificate", number=graduate.number).serial in rows[graduate.number]
    assert "not yet passed" in rows[learner.number]


def test_a_manager_reads_the_board_in_arabic(page_of, clerk, graduate, look):
    page = page_of(MANAGER, locale="ar")
    page.goto("/dashboard/")
    look(page, "dashboard")
    page.locator(f"main .card-title a[href*='{clerk.ask('cohort')}']").click()
    look(page, "dashboard-run")


def test_a_tutor_sees_their_own_groups_alone(page_of, clerk, graduate, learner):
    page = page_of(TUTOR)
    page.goto("/dashboard/")
    page.locator(f"main .card-title a[href*='{clerk.ask('cohort')}']").click()
    expect(page.locator(".figure-value").first).to_have_text(str(clerk.ask("run_figures", group=1).enrolled))
    rows = table(page, page.locator("main .actions a[href$='.csv']").get_attribute("href"))
    assert learner.number in rows
    assert graduate.number not in rows


def test_nobody_enters_where_their_role_does_not_lead(page_of, learner, clerk, graduate, look):
    certificate = clerk.ask("certificate", number=graduate.number)
    for person, addresses in [
        (
            learner,
            [
                "/dashboard/",
                f"/dashboard/{clerk.ask('cohort')}/",
                f"/dashboard/{clerk.ask('cohort')}/learners.csv",
                "/oversight/records/",
                "/certificates/",
                f"/certificates/{certificate.uuid}/",
                "/people/import/",
            ],
        ),
        (TUTOR, ["/oversight/records/", "/certificates/", "/people/import/"]),
        (AUTHOR, ["/oversight/records/", "/dashboard/", "/certificates/", "/people/import/"]),
        (AUDITOR, ["/people/import/", f"/certificates/{certificate.uuid}/revoke/"]),
    ]:
        page = page_of(person)
        assert {address: page.request.get(address).status for address in addresses} == dict.fromkeys(addresses, 403)
    # Somebody else's way through the course does not even exist.
    page = page_of(learner)
    assert page.request.get(f"/en/certificates/{certificate.uuid}/").status == 404
    assert page.request.get(f"/en/certificates/{certificate.uuid}/pdf/").status == 404
    page.goto("/dashboard/")
    look(page, "not-for-you")
    page.goto("/en/learn/nowhere/")
    look(page, "not-found")


def test_an_author_finds_the_tree_of_pages(page_of):
    page = page_of(AUTHOR)
    page.goto("/cms/")
    expect(page).to_have_url("/cms/")
    page.goto("/cms/pages/")
    expect(page.get_by_role("link", name="Plumbline").first).to_be_visible()


def test_a_learner_does_not_get_into_authoring(page_of, learner):
    page = page_of(learner)
    answer = page.goto("/cms/pages/")
    assert (answer.status, page.locator("a", has_text="The offer").count()) == (403, 0)


@pytest.mark.parametrize("language", ["ar", pytest.param("en", marks=pytest.mark.long)])
def test_an_auditor_reads_the_record_log(language, page_of, graduate, look):
    page = page_of(AUDITOR, locale=language)
    page.goto("/oversight/records/")
    expect(page.locator("#records")).to_be_visible()
    expect(page.locator("main table")).to_contain_text("certificates.certificate.issued")
    look(page, "record-log")
    page.goto("/certificates/")
    look(page, "certificates")


@pytest.mark.parametrize("language", ["en", pytest.param("ar", marks=pytest.mark.long)])
def test_a_revocation_takes_two_officers_and_shows_in_public(language, page_of, new_page, clerk, look):
    person = clerk.ask("a_graduate", name="Solomon Okonkwo-Adeyemi")
    issued = eventually(lambda: clerk.ask("certificate", number=person.number), what="the certificate is issued")

    asking = page_of(OFFICER, locale=language)
    asking.goto("/certificates/")
    asking.locator("[name=q]").fill(issued.serial)
    asking.keyboard.press("Enter")
    asking.locator("tbody th a").click()
    look(asking, "certificate-for-officers")
    asking.locator('main a.button[href$="/revoke/"]').click()
    look(asking, "ask-for-revocation")
    asking.locator("textarea").fill("The holder's papers were another person's.")
    asking.locator("main form .button").click()
    asking.wait_for_url("**/oversight/*/")
    look(asking, "request")

    # Nobody decides on what they asked for, not even past the page.
    expect(asking.locator("[name=decision]")).to_have_count(0)
    refused = asking.request.post(
        f"{asking.url}decide/",
        form={
            "csrfmiddlewaretoken": asking.locator("main [name=csrfmiddlewaretoken]").first.get_attribute("value"),
            "decision": "approve",
            "reason": "I agree with myself.",
        },
    )
    assert refused.status == 403
    public = new_page(locale=language)
    public.goto(issued.address)
    expect(public.locator("main .notice.good")).to_be_visible()

    deciding = page_of(SECOND_OFFICER, locale=language)
    deciding.goto("/oversight/")
    look(deciding, "requests")
    deciding.goto(asking.url)
    deciding.locator("textarea").fill("The papers are on file; the name is another's.")
    look(deciding, "decision")
    deciding.locator('[name=decision][value="approve"]').click()
    expect(deciding.locator(".messages .notice.good")).to_be_visible()
    public.reload()
    expect(public.locator("main .notice.bad")).to_be_visible()
    look(public, "public-page-revoked")

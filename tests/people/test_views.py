"""Bringing in officers: upload, see, confirm."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from people import officer_import, services, views
from people.models import Officer, Post, Posting, Role, User
from tests.factories.people import NOW, a_post, an_account, an_administration, an_office, sign_in
from tests.people.test_officer_import import HEADER, UNREADABLE, file

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return an_administration(language="es")


@pytest.fixture
def office(home):
    return an_office(home, name="Head office")


@pytest.fixture
def manager(client, home, office):
    return sign_in(client, an_account(home, Role.TRAINING_MANAGER)) and User.objects.get(administration=home)


def upload(client, data, name="officers.csv"):
    return client.post(reverse("officer_import"), {"file": SimpleUploadedFile(name, data, "text/csv")})


def standing():
    """Everything an import could change."""
    return [list(model.objects.order_by("pk").values()) for model in (User, Officer, Post, Posting)]


GOOD = file(HEADER + ",email,post", "17,Rosa Díaz,Head office,civil_servant,yes,rosa@example.org,Inspector")


@pytest.mark.parametrize(
    "data",
    [data for data, _says in UNREADABLE.values() if data],
    ids=[name for name, (data, _) in UNREADABLE.items() if data],
)
def test_a_malformed_file_gives_a_clear_error_and_changes_nothing(client, manager, data):
    before = standing()
    response = upload(client, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "error-summary" in page
    assert "<title>Error:" in page
    assert standing() == before


@pytest.mark.parametrize(
    "row",
    [
        "17,A,Atlantis,employee,yes",
        ",A,Head office,employee,yes",
        "17,=cmd(),Head office,employee,yes",
        "17,A,Head office,king,yes",
    ],
)
def test_a_wrong_row_changes_nothing_even_if_the_others_are_right(client, manager, row):
    before = standing()
    response = upload(client, file(HEADER, "1,Right,Head office,employee,yes", row, "3,Right,Head office,employee,no"))
    assert response.status_code == 422
    assert '<th scope="row">3</th>' in response.content.decode()
    assert standing() == before


def test_no_file_is_asked_for_again(client, manager):
    response = client.post(reverse("officer_import"))
    assert response.status_code == 422
    assert "Choose a file first." in response.content.decode()


def test_what_a_file_holds_is_shown_as_text_and_never_as_markup(client, manager):
    response = upload(client, file(HEADER, "17,A,<script>alert(1)</script>,employee,yes"))
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_the_browsers_word_for_the_file_counts_for_nothing(client, manager):
    response = client.post(
        reverse("officer_import"), {"file": SimpleUploadedFile("x.exe", GOOD, "application/x-msdownload")}
    )
    assert response.status_code == 302


def test_nothing_happens_before_it_is_confirmed(client, manager):
    before = standing()
    response = upload(client, GOOD)
    assert response.status_code == 302
    page = client.get(response["Location"])
    assert page.status_code == 200
    assert "Rosa Díaz" in page.content.decode()
    assert standing() == before


def test_a_confirmed_file_brings_the_officers_in(client, manager, home):
    with time_machine.travel(NOW, tick=False):
        address = upload(client, GOOD)["Location"]
        response = client.post(address, follow=True)
    assert "1 officer was brought in" in response.content.decode()
    user = User.objects.get(staff_number="17")
    assert (user.full_name, user.email, user.language, user.administration) == (
        "Rosa Díaz",
        "rosa@example.org",
        "es",
        home,
    )
    assert not user.has_usable_password()
    posting = user.officer.postings.get()
    # 09:30 UTC on 2 March is the 2nd in Bogotá as well.
    assert (posting.post.title, posting.since.isoformat()) == ("Inspector", "2026-03-02")
    assert user.officer.customs_related


def test_a_second_press_of_the_button_changes_nothing_more(client, manager):
    address = upload(client, GOOD)["Location"]
    client.post(address)
    before = standing()
    assert client.post(address)["Location"] == reverse("officer_import")
    assert client.get(address)["Location"] == reverse("officer_import")
    assert standing() == before


def test_the_same_file_again_changes_nothing(client, manager):
    client.post(upload(client, GOOD)["Location"])
    before = standing()
    response = client.get(upload(client, GOOD)["Location"])
    assert "The file changes nothing" in response.content.decode()
    client.post(upload(client, GOOD)["Location"])
    assert standing() == before


def test_known_officers_are_changed_where_the_file_says_so(client, manager, home):
    with time_machine.travel("2026-01-10T12:00:00Z", tick=False):
        client.post(upload(client, GOOD)["Location"])
    an_office(home, name="Border")
    with time_machine.travel("2026-03-02T12:00:00Z", tick=False):
        sign_in(client, manager)
        client.post(upload(client, file(HEADER, "17,Rosa Díaz Luna,Border,employee,no"))["Location"])
    user = User.objects.get(staff_number="17")
    assert (user.full_name, user.email) == ("Rosa Díaz Luna", "rosa@example.org")
    assert (user.officer.category, user.officer.customs_related) == ("employee", False)
    old, new = user.officer.postings.order_by("since")
    assert old.until.isoformat() == "2026-03-01"
    assert (new.post.office.name, new.since.isoformat()) == ("Border", "2026-03-02")


def test_a_checked_file_waits_half_an_hour_and_for_its_uploader_alone(client, manager, home, monkeypatch):
    address = upload(client, GOOD)["Location"]
    colleague = an_account(home, Role.TRAINING_MANAGER)
    sign_in(client, colleague)
    assert client.post(address)["Location"] == reverse("officer_import")
    assert not Officer.objects.exists()
    sign_in(client, manager)
    assert client.get(address).status_code == 200
    monkeypatch.setattr(views, "WAITS_FOR_SECONDS", 0)
    stale = upload(client, GOOD)["Location"]
    assert client.get(stale)["Location"] == reverse("officer_import")


def test_a_file_that_no_longer_fits_is_not_applied(client, manager, office):
    address = upload(client, GOOD)["Location"]
    office.name = "Renamed"
    office.save()
    before = standing()
    response = client.post(address)
    assert response.status_code == 422
    assert "There is no office called" in response.content.decode()
    assert standing() == before


def test_a_change_at_the_same_time_undoes_the_rows_it_hits(client, manager, home, monkeypatch):
    lines = [f"{number},Person {number},Head office,employee,no" for number in range(5)]
    address = upload(client, file(HEADER, *lines))["Location"]

    def refuse(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr(services.Posting.objects, "bulk_create", refuse)
    response = client.post(address, follow=True)
    assert "at the same time" in response.content.decode()
    assert not Officer.objects.exists()
    assert not User.objects.filter(staff_number="0").exists()


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.TRAINING_MANAGER)])
def test_only_training_managers_bring_officers_in(client, role):
    sign_in(client, an_account(None, *([role] if role else [])))
    for address in (
        reverse("officer_import"),
        reverse("officer_import_example"),
        reverse("officer_import_confirm", args=["00000000-0000-0000-0000-000000000000"]),
    ):
        assert client.get(address).status_code == 403
    assert upload(client, GOOD).status_code == 403


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(reverse("officer_import"))["Location"].startswith(reverse("account_login"))


def test_the_example_can_be_read_back(client, manager):
    data = client.get(reverse("officer_import_example")).content
    (row,) = officer_import.read(data)
    known = services.known_for_import(manager.administration, now=NOW)
    assert officer_import.check([row], known).is_applicable


def test_the_queries_of_an_import_do_not_grow_with_its_rows_one_by_one(
    client, manager, home, django_assert_max_num_queries
):
    lines = [f"N{number},Person {number},Head office,employee,no" for number in range(200)]
    rows = officer_import.read(file(HEADER, *lines))
    report = officer_import.check(rows, services.known_for_import(home, now=NOW))
    with django_assert_max_num_queries(39):
        assert services.import_officers(report.officers, administration=home, actor=manager, now=NOW) == 200
    assert Post.objects.count() == 1
    with django_assert_max_num_queries(7):
        known = services.known_for_import(home, now=NOW)
    assert officer_import.check(rows, known).unchanged == 200


def test_an_import_touches_no_other_administration(manager, home, office):
    other = an_office(an_administration(), name="Elsewhere")
    a_post(other)
    stranger = an_account(other.administration, staff_number="17", email="rosa@example.org")
    known = services.known_for_import(home, now=NOW)
    assert set(known.offices.values()) == {"Head office"}
    assert known.emails["rosa@example.org"] is None
    report = officer_import.check(officer_import.read(file(HEADER, "17,Rosa,Head office,employee,no")), known)
    services.import_officers(report.officers, administration=home, actor=manager, now=NOW)
    stranger.refresh_from_db()
    assert stranger.full_name != "Rosa"
    assert User.objects.filter(staff_number="17").count() == 2

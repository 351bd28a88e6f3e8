"""The sign-in pages, as a person meets them."""

import re

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from core.models import OutgoingMail
from people import demonstration
from people.models import Role
from tests.factories.people import NOW, PASSWORD, an_account, an_administration, sign_in

pytestmark = pytest.mark.django_db


def post_login(client, login, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": login, "password": password} | more)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def test_the_form_asks_for_either_name_in_one_field(client):
    page = client.get(reverse("account_login")).content.decode()
    assert "Staff number or e-mail" in page
    assert page.count('type="password"') == 1
    assert 'autocomplete="username"' in page


def test_a_learner_signs_in_and_goes_on_where_she_wanted(client):
    an_account(staff_number="5", language="en")
    response = post_login(client, "5", next="/en/my/?week=2")
    assert response.status_code == 302
    assert response["Location"] == "/en/my/?week=2"


def test_a_sign_in_never_leads_to_another_host(client):
    an_account(staff_number="5")
    for elsewhere in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        client.logout()
        response = post_login(client, "5", next=elsewhere)
        assert response.status_code == 302
        assert response["Location"].startswith("/") and not response["Location"].startswith("//")


def test_a_wrong_password_and_an_unknown_account_get_the_same_answer(client):
    an_account(staff_number="5")
    an_account(staff_number="6", is_active=False)
    pages = []
    for login, password in (("5", "wrong"), ("nobody", "wrong"), ("6", PASSWORD)):
        response = post_login(client, login, password)
        assert response.status_code == 200
        page = response.content.decode().replace(f'value="{login}"', 'value=""')
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]*"', "", page))
    assert pages[0] == pages[1] == pages[2]
    assert "do not belong together" in pages[0]


def test_the_session_goes_on_in_the_persons_language(client):
    an_account(staff_number="5", language="ar")
    response = post_login(client, "5")
    assert response.cookies["django_language"].value == "ar"
    assert response["Location"].startswith("/ar/")


def test_a_language_chosen_in_this_browser_stays(client):
    an_account(staff_number="5", language="ar")
    client.cookies["django_language"] = "fr"
    response = post_login(client, "5")
    assert "django_language" not in response.cookies
    assert response["Location"].startswith("/fr/")


def test_guessing_one_account_is_slowed_with_a_clear_page(client):
    an_account(staff_number="5")
    for _ in range(5):
        assert post_login(client, "5", "wrong").status_code == 200
    response = post_login(client, "5", "wrong")
    assert response.status_code == 429
    assert "too many attempts" in response.content.decode()
    # The right password has to wait as well: otherwise the limit would tell it apart.
    assert post_login(client, "5").status_code == 429


def test_hammering_from_one_address_is_slowed_with_a_clear_page(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    for number in range(3):
        assert post_login(client, f"n{number}", "wrong").status_code == 200
    response = post_login(client, "n4", "wrong")
    assert response.status_code == 429
    assert "<h1>" in response.content.decode()


def test_nobody_signs_up():
    for name in ("account_signup", "account_email", "account_request_login_code"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_signing_up_has_no_address(client):
    assert client.get("/accounts/signup/", follow=True).status_code == 404


def test_closing_the_browser_signs_out(client):
    an_account(staff_number="5")
    response = post_login(client, "5")
    assert response.cookies["sessionid"]["max-age"] == ""
    assert client.session.get_expire_at_browser_close()


def test_the_staff_number_is_not_kept_in_the_session(client):
    an_account(staff_number="secret-number-5")
    post_login(client, "secret-number-5")
    assert "secret-number-5" not in str(dict(client.session.items()))


# --- Forgotten passwords --------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_through_a_letter(client):
    user = an_account(staff_number="5", email="Rosa@example.org", language="fr")
    response = client.post(reverse("account_reset_password"), {"email": "rosa@EXAMPLE.org"})
    assert response.status_code == 302
    letter = OutgoingMail.objects.get()
    assert (letter.to_address, letter.language) == ("rosa@example.org", "fr")
    link = re.search(r"http://localhost:8000(/accounts/password/reset/key/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    form_address = page.redirect_chain[-1][0]
    response = client.post(form_address, {"password1": "new-and-long-enough", "password2": "new-and-long-enough"})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password("new-and-long-enough")
    # The owner is told, and the link has served.
    assert OutgoingMail.objects.count() == 2
    assert "no longer works" in client.get(link, follow=True).content.decode()


def test_asking_for_a_password_tells_nothing_about_accounts(client):
    an_account(email="rosa@example.org")
    an_account(email=None)
    an_account(email="closed@example.org", is_active=False)
    answers = {
        client.post(reverse("account_reset_password"), {"email": email}).status_code
        for email in ("rosa@example.org", "nobody@example.org", "closed@example.org")
    }
    assert answers == {302}
    assert [letter.to_address for letter in OutgoingMail.objects.all()] == ["rosa@example.org"]


def test_addresses_are_kept_in_one_place_only(client):
    user = an_account(email="rosa@example.org")
    client.post(reverse("account_reset_password"), {"email": "rosa@example.org"})
    sign_in(client, user)
    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": "new-and-long-enough", "password2": "new-and-long-enough"},
    )
    user.refresh_from_db()
    assert user.check_password("new-and-long-enough")
    assert not EmailAddress.objects.exists()


def test_a_weak_password_is_refused(client):
    user = an_account(staff_number="customs-officer-77")
    sign_in(client, user)
    for weak in ("short", "password12345", "customs-officer-77"):
        response = client.post(
            reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
        )
        assert response.status_code == 200
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


# --- The second step ------------------------------------------------------------------------------------------------


@pytest.fixture
def tutor():
    return demonstration.make_account(
        administration=an_administration(code="one"), staff_number="T-1", full_name="Tutor", roles=["tutor"], now=NOW
    )


def test_staff_show_a_code_after_the_password(client, tutor):
    response = post_login(client, "T-1", demonstration.PASSWORD, next=reverse("my_learning"))
    assert response["Location"] == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    page = client.get(reverse("mfa_authenticate"))
    assert page.status_code == 200 and "<h1>" in page.content.decode()
    response = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert response.status_code == 200 and "does not fit" in response.content.decode()
    response = client.post(reverse("mfa_authenticate"), {"code": demonstration.codes(tutor)[0]})
    assert response["Location"] == reverse("my_learning")
    assert client.get(reverse("my_learning")).status_code == 200


def test_a_code_works_once(client, tutor):
    code = demonstration.codes(tutor)[0]
    for fits in (True, False):
        client.logout()
        post_login(client, "T-1", demonstration.PASSWORD)
        response = client.post(reverse("mfa_authenticate"), {"code": code})
        assert (response.status_code == 302) is fits


def test_a_used_code_does_not_come_back_while_it_would_still_be_right(client, tutor):
    with time_machine.travel(NOW, tick=False) as clock:
        coming = demonstration.codes(tutor)[1]
        for fits in (True, False):
            client.logout()
            post_login(client, "T-1", demonstration.PASSWORD)
            response = client.post(reverse("mfa_authenticate"), {"code": coming})
            assert (response.status_code == 302) is fits
            clock.shift(45)


def test_the_secret_is_not_readable_in_the_database(tutor):
    kept = Authenticator.objects.get(user=tutor).data["secret"]
    assert demonstration.totp.decrypt(kept) not in kept
    assert len(demonstration.totp.decrypt(kept)) == 32


def test_under_a_lost_key_no_code_fits(client, tutor, settings):
    code = demonstration.codes(tutor)[0]
    settings.SECRET_KEY = "another"
    post_login(client, "T-1", demonstration.PASSWORD)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    settings.SECRET_KEY_FALLBACKS = ["only-for-tests"]
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302


def test_a_demonstration_session_carried_elsewhere_ends(client, tutor):
    sign_in(client, tutor)
    assert client.get(reverse("my_learning")).status_code == 200
    client.get(reverse("my_learning"), REMOTE_ADDR="10.0.0.9")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "name",
    [
        "account_logout",
        "account_inactive",
        "account_change_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "account_reauthenticate",
    ],
)
def test_every_page_of_the_account_opens(client, name):
    user = an_account(administration=None)
    client.force_login(user)
    # As after a sign-in a moment ago, so that nothing asks for the password again.
    post_fresh(client, user)
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.content.decode().count("<h1>") == 1


@pytest.mark.parametrize(
    "name",
    [
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_deactivate_totp",
        "mfa_download_recovery_codes",
    ],
)
def test_every_page_of_the_second_factor_opens(client, tutor, name):
    post_login(client, "T-1", demonstration.PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": demonstration.codes(tutor)[0]})
    client.post(reverse("mfa_generate_recovery_codes"))
    assert client.get(reverse(name)).status_code == 200


def post_fresh(client, user):
    client.logout()
    post_login(client, user.staff_number)


def test_no_page_of_the_account_runs_an_inline_script(client, tutor):
    post_login(client, "T-1", demonstration.PASSWORD)
    pages = [client.get(reverse("account_login")), client.get(reverse("mfa_authenticate"))]
    client.post(reverse("mfa_authenticate"), {"code": demonstration.codes(tutor)[0]})
    pages += [client.get(reverse(name)) for name in ("mfa_index", "mfa_add_webauthn", "mfa_list_webauthn")]
    for page in pages:
        text = page.content.decode()
        assert not re.search(r"\son\w+=", text)
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", text, re.DOTALL):
            assert not body.strip() or 'type="application/json"' in attributes or 'type="importmap"' in attributes


def test_removing_the_last_factor_closes_the_pages_again(client, tutor):
    post_login(client, "T-1", demonstration.PASSWORD)
    client.post(reverse("mfa_authenticate"), {"code": demonstration.codes(tutor)[0]})
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert client.get(reverse("my_learning"))["Location"] == reverse("mfa_activate_totp")


def test_the_demo_code_command_prints_a_code_that_fits(client, tutor, capsys):
    call_command("demo_code", "T-1")
    code = capsys.readouterr().out.strip()
    post_login(client, "T-1", demonstration.PASSWORD)
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302


def test_only_demonstration_accounts_tell_their_codes(tutor, settings):
    ordinary = an_account(None, Role.TUTOR)
    with pytest.raises(demonstration.NoDemonstration):
        demonstration.codes(ordinary)
    settings.DEMONSTRATION = False
    with pytest.raises(demonstration.NoDemonstration):
        demonstration.codes(tutor)
    with pytest.raises(demonstration.NoDemonstration):
        demonstration.make_account(administration=tutor.administration, staff_number="x", full_name="x", now=NOW)

"""Setting a second factor up, with commits: the library announces a new factor when its transaction is over."""

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.urls import reverse

from core.models import OutgoingMail
from people.models import Role
from tests.factories.people import PASSWORD, an_account

pytestmark = pytest.mark.committing

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def a_code():
    counter = sorted(yield_hotp_counters_from_time())[1]
    return format_hotp_value(hotp_value(SECRET, counter))


def test_it_opens_the_pages_at_once(client):
    manager = an_account(None, Role.TRAINING_MANAGER, email="m@example.org")
    client.post(reverse("account_login"), {"login": manager.staff_number, "password": PASSWORD})
    assert client.get(reverse("officer_import"))["Location"] == reverse("mfa_activate_totp")
    # The password was entered a moment ago, so that nothing asks for it again.
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    session = client.session
    session["mfa.totp.secret"] = SECRET
    session.save()
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    assert client.get(reverse("officer_import")).status_code == 302
    response = client.post(reverse("mfa_activate_totp"), {"code": a_code()})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200
    assert client.get(reverse("officer_import")).status_code == 200
    assert "authenticator app was added" in OutgoingMail.objects.get().body

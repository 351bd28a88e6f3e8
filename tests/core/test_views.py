"""The demonstration's letters."""

import datetime

import pytest
from django.urls import reverse

from core import mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def letter():
    now = datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC)
    return mail.write("rosa@example.org", "en", "A <b>letter</b>", "See https://example.org/x\n\n<script>", now)


def test_letters_are_shown_on_this_machine(client):
    page = client.get(reverse("demonstration_mail")).content.decode()
    assert "A &lt;b&gt;letter" in page
    assert 'href="https://example.org/x"' in page
    assert "<script>\n" not in page


def test_letters_are_shown_nowhere_else(client, settings):
    assert client.get(reverse("demonstration_mail"), REMOTE_ADDR="10.0.0.4", follow=True).status_code == 404
    assert client.get(reverse("demonstration_mail"), HTTP_X_FORWARDED_FOR="10.0.0.4", follow=True).status_code == 404
    settings.DEMONSTRATION = False
    assert client.get(reverse("demonstration_mail"), follow=True).status_code == 404

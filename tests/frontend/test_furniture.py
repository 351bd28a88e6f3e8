"""What is rendered once for many shows each reader their own, and nobody else's."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import SUCCESS
from django.contrib.messages.storage.base import Message
from django.template import TemplateDoesNotExist
from django.utils import translation
from django.utils.safestring import mark_safe

from frontend import furniture
from people.models import Role
from tests.factories.people import an_account, an_administration

BUTTON = "components/link_button.html"


def button(**own):
    return furniture.filled(BUTTON, {"kind": "quiet"}, own)


def test_each_reader_gets_their_own():
    for url in ("/one/", "/two/"):
        assert f'<a class="button quiet" href="{url}">Go</a>' in button(label="Go", url=url)


def test_what_is_own_is_escaped_unless_it_is_safe():
    assert "&lt;b&gt;" in button(label="<b>", url="/")
    assert "<b>" in button(label=mark_safe("<b>"), url="/")


def test_own_words_that_look_like_a_mark_stay_words():
    marks = "".join(chr(0xE010 + number) for number in range(4))
    assert f">{marks}</a>" in button(label=marks, url="/secret/")


def test_what_a_reader_does_not_have_is_not_there_for_the_template():
    assert "icon-arrow" in button(label="Go", url="/", onward="yes")
    assert "icon-arrow" not in button(label="Go", url="/", onward=None)


def test_languages_are_kept_apart():
    own = {"previous_url": "/a/", "previous.title": "A", "previous.language": "en"}
    english = furniture.filled("cohorts/turn.html", {}, own)
    with translation.override("ar"):
        assert furniture.filled("cohorts/turn.html", {}, own) != english
    assert furniture.filled("cohorts/turn.html", {}, own) == english


def test_an_unknown_template_is_an_error():
    with pytest.raises(TemplateDoesNotExist):
        furniture.filled("nowhere.html", {}, {})


def a_request(rf, user, path="/en/somewhere/?page=2", **cookies):
    request = rf.get(path)
    request.user, request.csp_nonce, request._messages = user, f"nonce-of-{user}", []
    request.COOKIES |= cookies
    return request


def page(request, token=""):
    return furniture.page(request, "base.html", {}, {"csrf_token": token}).content.decode()


@pytest.mark.django_db
def test_a_whole_page_is_each_readers_own(rf):
    office = an_administration(name="Customs <of> here")
    learner = an_account(office, full_name="Ana & Co")
    manager = an_account(an_administration(name="Customs of there"), Role.TRAINING_MANAGER)
    first = page(a_request(rf, learner), token="token-of-ana")
    second = page(a_request(rf, manager, theme="dark"), token="token-of-manager")
    for own in ("Ana &amp; Co", "Customs &lt;of&gt; here", "token-of-ana", f"nonce-of-{learner}"):
        assert own in first
        assert own not in second
    for own in ("Customs of there", "token-of-manager", f"nonce-of-{manager}", 'data-theme="dark"', "/people/import/"):
        assert own in second
        assert own not in first
    visitor = page(a_request(rf, AnonymousUser()))
    assert not any(own in visitor for own in ("Customs", "token", f"nonce-of-{learner}", "Sign out"))


@pytest.mark.django_db
def test_what_has_just_happened_is_told_to_whom_it_happened(rf):
    told = a_request(rf, an_account())
    told._messages = [Message(SUCCESS, "Saved <it>")]
    assert "Saved &lt;it&gt;" in page(told)
    assert "Saved" not in page(a_request(rf, an_account()))

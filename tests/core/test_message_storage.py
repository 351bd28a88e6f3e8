"""A message waits until a page shows it, and is then gone; who tells none and shows none pays for none."""

import pytest
from django.contrib.messages import INFO, get_messages
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.backends.cache import SessionStore
from django.http import HttpResponse

from core.message_storage import MessageStorage


@pytest.fixture
def ask(rf):
    """Answers requests of one browser with a view, one after the other."""
    cookies, session = {}, SessionStore()

    def ask(view):
        request = rf.get("/")
        request.COOKIES, request.session = dict(cookies), session
        response = MessageMiddleware(view)(request)
        cookies.update({name: cookie.value for name, cookie in response.cookies.items()})
        return request

    return ask


def telling(*texts):
    def view(request):
        for text in texts:
            request._messages.add(INFO, text)
        return HttpResponse()

    return view


def showing(shown):
    def view(request):
        shown.append([str(message) for message in get_messages(request)])
        return HttpResponse()

    return view


@pytest.mark.parametrize("length", [10, 3000])
def test_what_is_told_is_shown_once_by_the_next_page(ask, length):
    """Long messages do not fit into a cookie, and wait in the session."""
    told, shown = ["a" * length, "b" * length], []
    ask(telling(*told))
    for _ in range(2):
        ask(showing(shown))
    assert shown == [told, []]


def looking(request):
    """As the frame of every page does."""
    return HttpResponse("some" if get_messages(request) else "none")


@pytest.mark.parametrize("view", [telling(), looking])
def test_a_request_without_messages_makes_nothing_ready(ask, view):
    request = ask(view)
    assert isinstance(request._messages, MessageStorage)
    assert "storages" not in vars(request._messages)

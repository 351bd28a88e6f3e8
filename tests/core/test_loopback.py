"""Which requests were made on this machine."""

import pytest
from django.test import RequestFactory

from core.loopback import is_loopback


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_the_loopback_addresses(address):
    assert is_loopback(RequestFactory().get("/", REMOTE_ADDR=address))


@pytest.mark.parametrize("address", ["192.168.1.4", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1", "", "localhost"])
def test_all_others(address):
    assert not is_loopback(RequestFactory().get("/", REMOTE_ADDR=address))


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP"])
def test_a_proxy_speaks_for_others(header):
    assert not is_loopback(RequestFactory().get("/", **{header: "127.0.0.1"}))


def test_no_request_no_answer():
    assert not is_loopback(None)

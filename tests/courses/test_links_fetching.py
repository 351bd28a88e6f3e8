"""An address of another host is asked politely, never inside a network of our own, and never for long."""

import socket
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from courses.links import fetching
from courses.links.fetching import Answer, ask, host_of, is_public
from courses.models import CheckedAddress

Outcome = CheckedAddress.Outcome


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.9.9.9", "0.1.2.3", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "2001:db8::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "2002:0a00:0001::1", "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe", "not an address", "",
    ],
)  # fmt: skip
def test_no_address_of_our_own_networks_is_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_addresses_of_the_open_network_are(address):
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Example.ORG/a", "example.org"),
        ("https://пример.рф/х", "xn--e1afmkfd.xn--p1ai"),
        ("https://u:p@example.org/", ""),
        ("ftp://example.org/", ""),
        ("https://", ""),
        ("https://[::1/", ""),
        ("https://example.org:99999/", ""),
    ],
)
def test_what_is_no_address_has_no_host(address, host):
    assert host_of(address) == host


# --- Asking a host --------------------------------------------------------------------------------------------------


class Host(ThreadingHTTPServer):
    """A host on this machine. `answers` gives, by path, a status, or a status and where it redirects."""

    daemon_threads = True

    def __init__(self, answers):
        self.answers, self.asked = answers, []
        super().__init__(("127.0.0.1", 0), Asked)

    def url(self, path):
        return f"http://127.0.0.1:{self.server_port}{path}"


class Asked(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.answer("HEAD")

    def do_GET(self):
        self.answer("GET")

    def answer(self, method):
        self.server.asked.append((method, self.path, dict(self.headers)))
        answer = self.server.answers.get((method, self.path)) or self.server.answers.get(self.path) or 404
        status, location = answer if isinstance(answer, tuple) else (answer, "")
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *args):
        pass


@contextmanager
def a_host(answers):
    with Host(answers) as host:
        threading.Thread(target=host.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield host
        host.shutdown()


def ask_here(address, **more):
    return ask(address, allowed=lambda ip: ip == "127.0.0.1", **more)


ANSWERS = {
    "/here": 200,
    "/no-head": 200,
    ("HEAD", "/no-head"): 405,
    "/gone": 410,
    "/sign-in": 403,
    "/error": 500,
    "/for-good": (301, "/here"),
    "/for-now": (302, "/here"),
    "/for-good-then-now": (301, "/for-now"),
    "/same": (301, "/same/"),
    "/same/": 200,
    "/round": (302, "/round"),
    "/a b/ü": 200,
    "/a%20b/%C3%BC?q=%C3%BC": 200,
    "/inward": (302, "http://127.0.0.2:1/secret"),
    "/file": (302, "file:///etc/passwd"),
}


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/here", Answer(Outcome.REACHED, 200)),
        ("/no-head", Answer(Outcome.REACHED, 200)),
        ("/nothing", Answer(Outcome.GONE, 404)),
        ("/gone", Answer(Outcome.GONE, 410)),
        ("/sign-in", Answer(Outcome.CLOSED, 403)),
        ("/error", Answer(Outcome.FAILING, 500)),
        ("/for-now", Answer(Outcome.REACHED, 200)),
        ("/for-good-then-now", Answer(Outcome.REACHED, 200)),
        ("/same", Answer(Outcome.REACHED, 200)),
        ("/round", Answer(Outcome.FAILING, 302)),
        ("/a b/ü?q=ü", Answer(Outcome.REACHED, 200)),
        ("/inward", Answer(Outcome.INSIDE)),
        ("/file", Answer(Outcome.FAILING)),
    ],
)
def test_a_hosts_answer_says_what_is_wrong_with_a_link(path, answer):
    with a_host(ANSWERS) as host:
        assert ask_here(host.url(path)) == answer


def test_what_has_moved_for_good_says_where_to():
    with a_host(ANSWERS) as host:
        assert ask_here(host.url("/for-good")) == Answer(Outcome.MOVED, 200, host.url("/here"))


def test_the_head_alone_is_asked_for_and_nothing_of_ours_is_sent():
    with a_host(ANSWERS) as host:
        ask_here(host.url("/here"))
    [(method, _path, headers)] = host.asked
    assert method == "HEAD"
    assert set(headers) == {"Host", "Accept-Encoding", "User-Agent", "Accept"}


def test_a_host_in_a_network_of_our_own_is_not_asked():
    with a_host(ANSWERS) as host:
        assert ask(host.url("/here")) == Answer(Outcome.INSIDE)
        assert ask(f"http://localhost:{host.server_port}/here") == Answer(Outcome.INSIDE)
    assert host.asked == []


def test_a_name_that_leads_inward_by_one_of_its_addresses_is_not_asked(monkeypatch):
    found = [(None, None, None, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: found)
    assert ask("http://example.org/") == Answer(Outcome.INSIDE)


def test_the_address_that_was_judged_is_the_one_that_is_asked(monkeypatch):
    """A name may lead elsewhere the second time it is looked up; so it is looked up once."""
    with a_host(ANSWERS) as host:
        lookups = []

        def looked_up(name, *args, **kwargs):
            lookups.append(name)
            return [(None, None, None, "", ("127.0.0.1" if len(lookups) == 1 else "127.0.0.9", 0))]

        monkeypatch.setattr(fetching.socket, "getaddrinfo", looked_up)
        monkeypatch.setattr(fetching.socket, "create_connection", connect_without_lookup)
        assert ask_here(f"http://example.org:{host.server_port}/here").outcome == Outcome.REACHED
    assert lookups == ["example.org"]


def connect_without_lookup(address, timeout):
    line = socket.socket()
    line.settimeout(timeout)
    line.connect(address)
    return line


def test_nobody_at_home_is_silence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        assert ask_here(f"http://127.0.0.1:{taken.getsockname()[1]}/") == Answer(Outcome.SILENT)
    assert ask_here("http://no-such-host.invalid/") == Answer(Outcome.SILENT)


@pytest.mark.parametrize(("scheme", "beginning"), [("http", b""), ("https", b"\x16\x03\x03\x40\x00")])
def test_a_host_that_speaks_a_letter_at_a_time_is_cut_off(scheme, beginning):
    """In the middle of an answer, and in the middle of shaking hands."""
    gate = threading.Event()

    def drip(listening):
        line, _who = listening.accept()
        with line:
            line.sendall(beginning)
            while not gate.wait(0.05):
                try:
                    line.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=drip, args=(listening,), daemon=True)
        thread.start()
        began = time.monotonic()
        answer = ask_here(f"{scheme}://127.0.0.1:{listening.getsockname()[1]}/", seconds=0.4)
        took = time.monotonic() - began
        gate.set()
        thread.join(5)
    assert answer == Answer(Outcome.SILENT)
    assert took < 3


def test_a_name_that_nobody_can_tell_in_time_is_silence(monkeypatch):
    told = threading.Event()
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *args, **kwargs: told.wait(10) and [])
    assert ask("http://example.org/", seconds=0.1) == Answer(Outcome.SILENT)
    told.set()


def test_who_speaks_no_tls_where_it_was_promised_is_unsafe():
    with a_host(ANSWERS) as host:
        assert ask_here(host.url("/here").replace("http:", "https:")) == Answer(Outcome.UNSAFE)

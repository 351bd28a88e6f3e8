"""Asking an address of another host whether it is there. Knows no database.

The address was written by an author, and may be anybody's: it is asked only where its host's name leads to public
addresses alone, and then at one of just those, so that a name that answers differently the second time gains nothing.
Each redirect is a new address, judged anew. Nothing of the answer but its status is read, and nothing of ours is sent.
"""

import http.client
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings

from courses.models import CheckedAddress

Outcome = CheckedAddress.Outcome
Allowed = Callable[[str], bool]

# In all, redirects included; and for each word of the other side.
SECONDS = 15
SECONDS_A_STEP = 5
MOST_REDIRECTS = 5
# A host's further addresses are asked only as far as this.
MOST_TRIED = 2

_REDIRECTS = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}
_GONE = {404, 410}
# Whoever answers so is there: a sign-in, a bar to programs, too many questions, or the law.
_CLOSED = {401, 402, 403, 405, 406, 407, 418, 429, 451, 999}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Answer:
    """`status` is what the last host said; `moved_to` where the address now leads for good, if it does."""

    outcome: Outcome
    status: int | None = None
    moved_to: str = ""


@dataclass(frozen=True)
class _Place:
    """An address in its parts, in the letters that travel."""

    scheme: str
    host: str
    port: int
    path: str


class _Inside(Exception):
    """The host is, or may be, in a network that is not public."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network: not private, loopback, link-local, shared, reserved or many's.

    An IPv6 address that carries an IPv4 one is public only where that one is too.
    """
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    inner = []
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if ip in _NAT64:
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.ipv4_mapped:
            return is_public(str(ip.ipv4_mapped))
    return ip.is_global and not ip.is_multicast and all(is_public(str(one)) for one in inner if one)


def host_of(address: str) -> str:
    """The host's name as it is asked; empty for what is no address."""
    try:
        return _parsed(address).host
    except ValueError:
        return ""


def ask(address: str, *, allowed: Allowed = is_public, seconds: float = SECONDS) -> Answer:
    """Ask an address: the head of its answer, and the whole where a host does not give heads. Follows redirects.

    `allowed` says which IP addresses may be asked. Takes little more than `seconds`, whatever the other side does.
    """
    ends, for_good, at = time.monotonic() + seconds, True, address
    for _hop in range(MOST_REDIRECTS + 1):
        try:
            place = _parsed(at)
        except ValueError:
            return Answer(Outcome.WRONG if at == address else Outcome.FAILING)
        try:
            status, location = _status(place, ends, allowed)
        except _Inside:
            return Answer(Outcome.INSIDE)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return Answer(Outcome.SILENT)
        except ssl.SSLError:
            return Answer(Outcome.UNSAFE)
        except http.client.InvalidURL:
            return Answer(Outcome.WRONG)
        except (OSError, http.client.HTTPException):
            return Answer(Outcome.SILENT)
        if status not in _REDIRECTS or not location:
            return _judged(status, moved_to=at if for_good and not _is_same(at, address) else "")
        for_good = for_good and status in _FOR_GOOD
        at = urljoin(at, location)
    return Answer(Outcome.FAILING, status)


def _judged(status: int, moved_to: str) -> Answer:
    if status in _GONE:
        return Answer(Outcome.GONE, status)
    if status in _CLOSED:
        return Answer(Outcome.CLOSED, status)
    if status >= 400:
        return Answer(Outcome.FAILING, status)
    return Answer(Outcome.MOVED, status, moved_to) if moved_to else Answer(Outcome.REACHED, status)


def _is_same(one: str, other: str) -> bool:
    """Whether two addresses differ in nothing that an author would change a link for."""

    def essence(address):
        parts = urlsplit(address)
        return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query

    return essence(one) == essence(other)


def _parsed(address: str) -> _Place:
    """Raises ValueError for what is no address of the web, or names somebody's password."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError(address)
    host = parts.hostname
    if not host.isascii():
        host = host.encode("idna").decode("ascii")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return _Place(parts.scheme, host, parts.port or (443 if parts.scheme == "https" else 80), path)


def _status(place: _Place, ends: float, allowed: Allowed) -> tuple[int, str]:
    """The status, and where a redirect leads."""
    addresses = _addresses(place, ends, allowed)
    for number, ip in enumerate(addresses[:MOST_TRIED], start=1):
        try:
            status, location = _answer("HEAD", place, ip, ends)
            if status >= 400:
                # Some hosts know no heads, and say so in many ways.
                status, location = _answer("GET", place, ip, ends)
            return status, location
        except ssl.SSLError:
            raise
        except OSError:
            if number == min(len(addresses), MOST_TRIED):
                raise
    raise OSError("the host has no address")


def _addresses(place: _Place, ends: float, allowed: Allowed) -> list[str]:
    """The IP addresses of the host. Raises _Inside where one of them may not be asked, OSError where there is none."""
    found: queue.SimpleQueue = queue.SimpleQueue()

    def look_up():
        # A label may be too long for the resolver's own encoding, which is no OSError.
        with suppress(OSError, UnicodeError):
            found.put(socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM))
            return
        found.put([])

    # In a thread, because nothing else limits how long the resolver of names takes.
    threading.Thread(target=look_up, daemon=True).start()
    try:
        answers = found.get(timeout=max(ends - time.monotonic(), 0.001))
    except queue.Empty as problem:
        raise TimeoutError from problem
    addresses = list(dict.fromkeys(str(each[4][0]) for each in answers))
    if not all(allowed(ip) for ip in addresses):
        raise _Inside
    return addresses


def _answer(method: str, place: _Place, ip: str, ends: float) -> tuple[int, str]:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    connection = _Connection(place, ip, timeout=min(SECONDS_A_STEP, left))
    with _cut_off_after(connection, left):
        connection.request(
            method,
            place.path,
            headers={"User-Agent": f"Plumbline link check (+{settings.SITE_URL})", "Accept": "*/*"},
        )
        response = connection.getresponse()
        return response.status, response.getheader("Location") or ""


class _Connection(http.client.HTTPConnection):
    """A connection to one IP address of a host, whatever its name leads to by now."""

    def __init__(self, place: _Place, ip: str, timeout: float):
        super().__init__(place.host, place.port, timeout=timeout)
        self._ip = ip
        self._is_safe = place.scheme == "https"
        self.default_port = 443 if self._is_safe else 80

    def connect(self):
        self.sock = socket.create_connection((self._ip, self.port), self.timeout)
        if self._is_safe:
            # Shaking hands on our own: by then the line can be cut off.
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()


@contextmanager
def _cut_off_after(connection: _Connection, seconds: float):
    """Close the line in the end, and when the time is over: a host may answer a letter at a time, for ever."""

    def cut():
        with suppress(OSError, TypeError):
            # The socket's own, beneath TLS: whoever waits for the other side wakes up.
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        connection.close()

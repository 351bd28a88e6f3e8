"""Finding an account by what somebody types: a staff number, an e-mail or a name."""

from datetime import date

from django.db.models import Case, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from people.models import Posting, User


def find(typed: str, among: QuerySet[User]) -> QuerySet[User]:
    """The accounts that `typed` may mean, those first of which it is the whole staff number or e-mail, then by name.

    It is the beginning of a staff number or an e-mail, or each of its words stands in the name, as it is written or
    in Latin letters. Nothing typed means nobody.
    """
    typed = " ".join(typed.split())
    if not typed:
        return among.none()
    is_named = Q()
    for word in typed.split():
        is_named &= _holds("full_name__icontains", word) | _holds("latin_name__icontains", word)
    begins = _holds("staff_number__istartswith", typed) | _holds("email__istartswith", typed)
    is_it = _holds("staff_number__iexact", typed) | _holds("email__iexact", typed)
    found = among.filter(begins | is_named)
    return found.order_by(Case(When(is_it, then=Value(0)), default=Value(1)), Lower("full_name"), "pk")


def offices_of(users: list[User], on: date) -> dict[int, str]:
    """The names of the offices where people are posted on a day, by the accounts' ids. One query."""
    postings = Posting.objects.current(on).filter(officer__user__in=users).order_by("since")
    return dict(postings.values_list("officer__user", "post__office__name"))


def _holds(lookup: str, text: str) -> Q:
    """SQLite compares letters beyond Latin's as they are: there each of the usual ways to write them is asked for."""
    ways = {text} if text.isascii() else {text, text.lower(), text.upper(), text.title()}
    found = Q()
    for way in sorted(ways):
        found |= Q(**{lookup: way})
    return found

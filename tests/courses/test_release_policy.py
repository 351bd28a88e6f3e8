"""What may be released in which language."""

from courses.release_policy import Page, offered, page_by_page


def pages(*languages, mandatory=True):
    return [Page(frozenset(codes.split()), mandatory) for codes in languages]


def test_a_language_is_offered_where_every_mandatory_page_is_there():
    assert offered(pages("en fr ar", "en ar", "ar en ru"), "en") == ["en", "ar"]


def test_the_source_language_comes_first():
    assert offered(pages("ar en ru", "ar en ru"), "ru") == ["ru", "ar", "en"]


def test_a_page_that_nobody_must_read_closes_no_language():
    assert offered(pages("en fr", "en fr") + pages("en", mandatory=False), "en") == ["en", "fr"]


def test_without_a_page_nothing_is_offered():
    assert offered([], "en") == []
    assert offered(pages("en", "fr"), "en") == []


def test_what_is_there_in_part_is_read_page_by_page():
    some = pages("en fr ar", "en ar", "ar en ru")
    assert page_by_page(some, offered(some, "en")) == ["fr", "ru"]

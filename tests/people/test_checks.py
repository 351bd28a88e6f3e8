"""What is told about people before anything starts."""

from people import checks


def test_a_demonstration_never_starts_in_settings_for_the_open_network(settings):
    settings.DEMONSTRATION = True
    assert checks.no_demonstration_in_a_real_installation(None) == []
    settings.SESSION_COOKIE_SECURE = True
    assert [error.id for error in checks.no_demonstration_in_a_real_installation(None)] == ["people.E001"]
    settings.DEMONSTRATION = False
    assert checks.no_demonstration_in_a_real_installation(None) == []


def test_an_entry_of_the_navigation_that_leads_nowhere_is_reported(settings):
    assert checks.every_navigation_entry_leads_somewhere(None) == []
    settings.NAVIGATION = [{"url_name": "no_such_page", "label": "x"}]
    assert [error.id for error in checks.every_navigation_entry_leads_somewhere(None)] == ["people.E002"]

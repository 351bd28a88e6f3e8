"""What must hold about people before anything starts."""

from django.conf import settings
from django.core.checks import Error, register
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse


@register()
def no_demonstration_in_a_real_installation(app_configs, **kwargs):
    """Demonstration accounts have published passwords. Asking the database for them at each start would cost a query
    and a connection that may not be there yet; the sign-in refuses them whenever DEMONSTRATION is off.
    """
    if settings.DEMONSTRATION and (settings.SECURE_SSL_REDIRECT or settings.SESSION_COOKIE_SECURE):
        return [
            Error(
                "DEMONSTRATION is on in settings made for the open network.",
                hint="Unset DEMONSTRATION, or use elearning.settings.dev on this machine alone.",
                id="people.E001",
            )
        ]
    return []


@register()
def every_navigation_entry_leads_somewhere(app_configs, **kwargs):
    found = []
    for entry in settings.NAVIGATION:
        try:
            reverse(entry["url_name"])
        except NoReverseMatch:
            found.append(
                Error(
                    f"NAVIGATION names “{entry['url_name']}”, which is no page.",
                    hint="Correct the name in settings.NAVIGATION, or add the page to the addresses.",
                    id="people.E002",
                )
            )
    return found


@register()
def every_page_for_external_learners_exists(app_configs, **kwargs):
    names = _names(get_resolver())
    return [
        Error(
            f"OPEN_TO_EXTERNAL_LEARNERS names “{name}”, which is no page.",
            hint="Correct the name in settings.OPEN_TO_EXTERNAL_LEARNERS, or take it out.",
            id="people.E003",
        )
        for name in sorted(settings.OPEN_TO_EXTERNAL_LEARNERS)
        if name not in names
    ]


def _names(resolver, namespace=""):
    """The names by which requests know their pages."""
    found = set()
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            found.add(namespace + (pattern.name or pattern.lookup_str))
        else:
            found |= _names(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
    return found

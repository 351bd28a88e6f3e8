"""What must hold about people before anything starts."""

from django.conf import settings
from django.core.checks import Error, register
from django.urls import NoReverseMatch, reverse


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

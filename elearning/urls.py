"""Every address. Pages that people read carry their language; what machines and letters point at does not."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from certificates import urls as certificates_urls
from core.views import kept_file
from elearning import health

# Learners' pages first, and the answers they give before all: an address is compared with one pattern after the other.
urlpatterns = i18n_patterns(
    path("quiz/", include("quizzes.urls")),
    path("", include("cohorts.urls")),
    path("", include("courses.urls")),
    path("", include(certificates_urls.in_a_language)),
    path("", include(wagtail_urls)),
)

urlpatterns += [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("people.urls")),
    path("", include("core.urls")),
    # Wagtail's own sign-in knows no second factor.
    path("cms/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    # Its page for one's own account asks for names and a language that accounts here do not have or keep elsewhere.
    path("cms/account/", RedirectView.as_view(pattern_name="mfa_index")),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    # Pictures alone: documents go through the view above, which knows how a browser may show them.
    re_path(r"^media/(?P<path>(?:original_)?images/.+)$", serve, {"document_root": settings.MEDIA_ROOT}),
    re_path(r"^media/released/(?P<path>[0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,5})$", kept_file, name="kept_file"),
    path("oversight/places/", include("cohorts.auditor_urls")),
    path("oversight/", include("oversight.urls")),
    path("assessment/", include("quizzes.staff_urls")),
    path("dashboard/", include("reporting.urls")),
    path("runs/", include("cohorts.manager_urls")),
    path("calendar/", include("cohorts.feed_urls")),
    path("", include("certificates.urls")),
]

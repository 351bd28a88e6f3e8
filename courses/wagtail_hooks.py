"""Where Wagtail's pages lead to the release of a course, and what is left out of its menus."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import path, reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from courses.arrivals import wagtail_pages as arrival_pages
from courses.exchange import wagtail_pages as exchange_pages
from courses.kind_viewsets import ProgrammeKindViewSet
from courses.languages import urls as translation_urls
from courses.links import wagtail_pages as link_pages
from courses.models import CoursePage, HomePage, ProgrammePage
from courses.permissions import may_release, may_translate
from courses.programmes import is_open_to_partners
from courses.viewsets import ReleaseView

RELEASE = _("Release to learners")
RELEASABLE = (CoursePage, ProgrammePage)


@hooks.register("register_admin_urls")
def register_release_page():
    return [path("courses/<int:page>/release/", ReleaseView.as_view(), name="release_course")]


@hooks.register("register_admin_viewset")
def register_programme_kinds():
    return ProgrammeKindViewSet("programmekind")


@hooks.register("register_page_header_buttons")
def release_in_the_header(page, user, view_name, next_url=None):
    if isinstance(page, RELEASABLE) and may_release(user):
        yield Button(RELEASE, url=reverse("release_course", args=[page.pk]), icon_name="upload", priority=5)


@hooks.register("register_page_listing_buttons")
def release_in_a_listing(page, user, next_url=None):
    if page.specific_class in RELEASABLE and may_release(user):
        yield Button(RELEASE, url=reverse("release_course", args=[page.pk]), priority=5)


@hooks.register("register_admin_urls")
def register_exchange():
    return exchange_pages.addresses + arrival_pages.addresses


@hooks.register("register_page_header_buttons")
def exchange_in_the_header(page, user, view_name, next_url=None):
    yield from exchange_pages.export_button(page, user, priority=60)
    yield from arrival_pages.lessons_button(page, user, priority=60)


@hooks.register("register_page_listing_buttons")
def exchange_in_a_listing(page, user, next_url=None):
    yield from exchange_pages.export_button(page, user, priority=60)
    yield from arrival_pages.lessons_button(page, user, priority=60)


@hooks.register("register_admin_menu_item")
def bring_a_course_in_the_menu():
    return arrival_pages.BringMenuItem(
        _("Import a course"), reverse_lazy("import_course"), icon_name="upload", order=250
    )


@hooks.register("register_admin_menu_item")
def bring_lessons_in_the_menu():
    return arrival_pages.BringMenuItem(
        _("Lessons from a file"), reverse_lazy("import_lessons"), icon_name="doc-full", order=251
    )


@hooks.register("register_admin_urls")
def register_links():
    return link_pages.addresses


@hooks.register("register_page_header_buttons")
def links_in_the_header(page, user, view_name, next_url=None):
    yield from link_pages.links_button(page, user, priority=61)


@hooks.register("register_page_listing_buttons")
def links_in_a_listing(page, user, next_url=None):
    yield from link_pages.links_button(page, user, priority=61)


@hooks.register("register_reports_menu_item")
def links_in_the_reports():
    return link_pages.AuthorsReport(
        _("Links of courses"), reverse_lazy("links_of_courses"), icon_name="link", order=1300
    )


@hooks.register("register_reports_menu_item")
def uses_in_the_reports():
    return link_pages.AuthorsReport(_("Where it is used"), reverse_lazy("where_used"), icon_name="view", order=1310)


class ReleaseMenuItem(ActionMenuItem):
    """Beside “publish” on a course's or programme's own page, because publishing alone reaches no learner."""

    name = "action-release"
    label = RELEASE
    icon_name = "upload"

    def is_shown(self, context):
        return (
            context["view"] == "edit"
            and isinstance(context["page"].specific_deferred, RELEASABLE)
            and may_release(context["request"].user)
        )

    def get_url(self, context):
        return reverse("release_course", args=[context["page"].pk])


@hooks.register("register_page_action_menu_item")
def register_release_menu_item():
    return ReleaseMenuItem(order=90)


@hooks.register("after_publish_page")
def tell_that_publishing_reaches_no_learner(request, page):
    course = page.get_ancestors(inclusive=True).type(*RELEASABLE).first()
    if course is not None and may_release(request.user):
        release = messages.button(reverse("release_course", args=[course.pk]), RELEASE)
        messages.info(request, _("Learners get this with the next release of the course."), buttons=[release])


@hooks.register("before_serve_page")
def partners_read_what_is_theirs(page, request, serve_args, serve_kwargs):
    """The administration's own courses do not exist for a partner from outside; the front door, which shows them,
    leads on to the partners' catalogue."""
    if not (request.user.is_authenticated and request.user.is_external):
        return None
    page = page.specific
    if isinstance(page, HomePage):
        return redirect("partner_catalogue")
    if not is_open_to_partners(page):
        raise Http404
    return None


@hooks.register("construct_help_menu")
def leave_out_other_hosts(request, menu_items):
    """Wagtail's guide and news stand on hosts that an administration's network need not reach."""
    menu_items[:] = [item for item in menu_items if item.name == "keyboard-shortcuts-trigger"]


@hooks.register("register_admin_menu_item")
def corrections_in_the_menu():
    """Authors find the corrections by law beside their pages; the page itself is not Wagtail's."""
    return MenuItem(_("Corrections by law"), reverse("corrections"), icon_name="edit", order=900)


# --- Languages ------------------------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_translation_pages():
    return translation_urls.urlpatterns


@hooks.register("register_admin_menu_item")
def translations_in_the_menu():
    return TranslationsMenuItem(_("Translations"), reverse_lazy("translations"), icon_name="globe", order=260)


class TranslationsMenuItem(MenuItem):
    def is_shown(self, request):
        return may_translate(request.user)


@hooks.register("register_page_header_buttons")
def languages_in_the_header(page, user, view_name, next_url=None):
    if isinstance(page, RELEASABLE) and may_translate(user):
        yield Button(_("Languages"), url=reverse("translation_board", args=[page.pk]), icon_name="globe", priority=6)

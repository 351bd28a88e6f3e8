"""The kinds of programme in Wagtail: their names and rules, for authors."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from courses.models import ProgrammeKind
from quizzes.allowing import Allowing

# A kind that programmes have had is not deleted: their releases name it.
register_permission_policy(ProgrammeKind, Allowing(ProgrammeKind, {"view", "add", "change"}))


class ProgrammeKindViewSet(ModelViewSet):
    model = ProgrammeKind
    icon = "clipboard-list"
    menu_label = _("Programme kinds")
    menu_order = 240
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = ["__str__", "audience", "award", "validity_months", "external_learners"]
    edit_handler = ObjectList(
        [
            HelpPanel(_("What you change here holds for releases that are made from now on, and for nobody before.")),
            FieldPanel("code"),
            InlinePanel("names", label=_("Name"), min_num=1),
            FieldPanel("audience"),
            FieldPanel("award"),
            FieldPanel("validity_months"),
            FieldPanel("validity_months_high_risk"),
            FieldPanel("recurs_after_months"),
            FieldPanel("in_order"),
            FieldPanel("minimum_hours"),
            FieldPanel("external_learners"),
        ]
    )

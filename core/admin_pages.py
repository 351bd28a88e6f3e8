"""What our own pages in Wagtail's admin share: who may open one, and the way back from it."""

from django.http import HttpResponse
from django.views.defaults import permission_denied
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin


class AuthoringPage(WagtailAdminTemplateMixin, TemplateView):
    """A page for those whom `may_open` names; nobody else learns even whether its address stands for something."""

    def may_open(self, user) -> bool:
        raise NotImplementedError

    def find(self, **named) -> HttpResponse | None:
        """Look up what the address names, once the person may see it; an answer where it lives elsewhere."""
        return None

    def dispatch(self, request, *args, **kwargs):
        # Raised, the refusal would become Wagtail's message on another page, with the status of a success.
        if not self.may_open(request.user):
            return permission_denied(request, None)
        return self.find(**kwargs) or super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self):
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

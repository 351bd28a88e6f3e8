"""What a request for publication would change, question by question, for those who decide on it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from oversight import four_eyes
from oversight.models import FourEyesRequest
from quizzes.authoring.comparing import compared, facts
from quizzes.drafts import states
from quizzes.drafts.labels import DRAFT_STATES
from quizzes.services.publishing import PUBLISH, asked_candidates

PER_PAGE = 20


@never_cache
@login_required
@require_GET
def publication(request, uuid):
    """Each draft that would be published, beside what learners have of it."""
    visible = FourEyesRequest.objects.visible_to(request.user).with_people().filter(action=PUBLISH)
    asked = get_object_or_404(visible, uuid=uuid)
    if not four_eyes.may_see(request.user, asked):
        raise PermissionDenied
    digests = {each["item"]: each["digest"] for each in asked.payload["items"]}
    is_pending = asked.state == FourEyesRequest.State.PENDING
    page = Paginator(asked_candidates(asked) if is_pending else [], PER_PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "key": each.item.key,
            "kind": each.draft.get_kind_display(),
            "is_new": each.published is None,
            "review": DRAFT_STATES[each.state],
            "is_returned": each.state not in states.PUBLISHABLE,
            "has_changed": each.draft.digest != digests[str(each.item.uuid)],
            "facts": facts(each.draft, each.published),
            "compared": compared(each.draft, each.published),
        }
        for each in page
    ]
    context = {"asked": asked, "page": page, "shown": shown, "count": len(digests), "is_pending": is_pending}
    return render(request, "quizzes/publication.html", context)

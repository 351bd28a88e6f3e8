"""Author, subject reviewer, legal reviewer: the workflow of every page below the homes, and what it says of a page."""

from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext_noop
from wagtail.models import Page, Revision, Task, TaskState, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from courses.models import ReviewTask
from people.models import Role
from people.services import group_of

NAME = gettext_noop("Review")
# In their order; each by people of its own.
STEPS = (
    (gettext_noop("Subject review"), Role.SUBJECT_REVIEWER),
    (gettext_noop("Legal review"), Role.LEGAL_REVIEWER),
)


def attach(homes: Iterable[Page]) -> Workflow:
    """Let what is written below these pages be handed in for review. Doing it again changes nothing.

    A home that has another workflow keeps it.
    """
    workflow = Workflow.objects.filter(name=NAME, active=True).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=NAME)
        for order, (name, role) in enumerate(STEPS):
            task = ReviewTask.objects.create(name=name)
            task.groups.add(group_of(role))
            WorkflowTask.objects.create(workflow=workflow, task=Task.objects.get(pk=task.pk), sort_order=order)
    for home in homes:
        WorkflowPage.objects.get_or_create(page_id=home.pk, defaults={"workflow": workflow})
    return workflow


def unreviewed(pages: Iterable[Page]) -> list[Page]:
    """Those of the published pages whose published words passed no whole review, in their order. One query.

    What the system itself published (the curriculum that ships, a course brought in) was reviewed where it was made.
    """
    pages = list(pages)
    by_people = Revision.objects.filter(pk__in={page.live_revision_id for page in pages}).exclude(user=None)
    approved = TaskState.objects.filter(
        status=TaskState.STATUS_APPROVED, workflow_state__status=WorkflowState.STATUS_APPROVED
    )
    # Every step on these very words: approved once and sent back later is not reviewed.
    passed = approved.values("revision").annotate(steps=Count("task", distinct=True)).filter(steps__gte=len(STEPS))
    waiting = set(by_people.exclude(pk__in=passed.values("revision")).values_list("pk", flat=True) if pages else ())
    return [page for page in pages if page.live_revision_id in waiting]

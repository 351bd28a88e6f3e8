"""The review that a page passes before its words are approved: Wagtail's workflow, with eyes that must be others'."""

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, Revision, TaskState

from courses.languages.models import TranslationWork


class ReviewTask(AbstractGroupApprovalTask):
    """A step of the review, decided by a group of reviewers: never by who wrote, submitted or reviewed before.

    Superusers get no say by being superusers: whoever runs the machine has no right to content (rule 9).
    """

    pii = {}

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")

    @classmethod
    def get_description(cls):
        return _("A reviewer of the chosen groups decides, who has neither written the page nor reviewed it before")

    def user_can_access_editor(self, obj, user):
        return self._user_in_groups(user)

    def locked_for_user(self, obj, user):
        return not self._user_in_groups(user)

    def get_actions(self, obj, user):
        return super().get_actions(obj, user) if self.may_decide(obj, user) else []

    def get_task_states_user_can_moderate(self, user, **kwargs):
        waiting = self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        if not self._user_in_groups(user):
            return waiting.none()
        theirs = [
            state.pk
            for state in waiting.select_related("workflow_state")
            if self.may_decide(state.workflow_state.content_object, user)
        ]
        return waiting.filter(pk__in=theirs)

    def on_action(self, task_state, user, action_name, **kwargs):
        if not self.may_decide(task_state.workflow_state.content_object, user):
            raise PermissionDenied(_("Who wrote, submitted or reviewed a page does not decide on it."))
        return super().on_action(task_state, user, action_name, **kwargs)

    def may_decide(self, obj, user) -> bool:
        """Whether the person is a reviewer of this step and has had no hand in the page since it was last approved."""
        if not self._user_in_groups(user):
            return False
        state = obj.current_workflow_state
        if state is None or state.requested_by_id == user.pk:
            return False
        # Coming back after a rejection, the same reviewer may decide on the same step again.
        before = state.task_states.filter(status=TaskState.STATUS_APPROVED, finished_by=user).exclude(task_id=self.pk)
        return not before.exists() and user.pk not in writers_since_approval(obj)


def writers_since_approval(page) -> set[int]:
    """Whoever saved a draft of the page after its last approved one; of a page never approved, whoever saved any.

    Of a translation that came from the translators' desk, whoever wrote a passage or approved it there, too.
    """
    drafts = Revision.objects.for_instance(page).exclude(user=None)
    approved = (
        TaskState.objects.filter(
            revision__in=Revision.objects.for_instance(page),
            status=TaskState.STATUS_APPROVED,
            workflow_state__status="approved",
        )
        .order_by("-revision_id")
        .values_list("revision_id", flat=True)
        .first()
    )
    if approved is not None:
        drafts = drafts.filter(pk__gt=approved)
    return set(drafts.values_list("user_id", flat=True)) | _at_the_desk(page)


def _at_the_desk(page) -> set[int]:
    submitted = TranslationWork.objects.filter(kind="page", stage=TranslationWork.Stage.SUBMITTED)
    work = submitted.filter(key=page.translation_key, language=page.locale.language_code).first()
    if work is None:
        return set()
    writers = get_user_model().objects.filter(uuid__in=work.writers).values_list("pk", flat=True)
    return {work.translator_id, work.approved_by_id, *writers}

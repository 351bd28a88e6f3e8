"""Celery's side of a run: carrying on what a manager has begun."""

from celery import shared_task
from django.utils import timezone

from cohorts import moving, refreshers, reminders, withdrawing
from cohorts.models import CohortMove, Refresher, RefresherWithdrawal


@shared_task
def carry_on(move_id: int) -> None:
    """Move the next learners of a run, and ring again while some wait."""
    move = CohortMove.objects.filter(pk=move_id, finished_at=None).first()
    if move is None:
        return
    moving.carry_on(move.pk, now=timezone.now())
    if CohortMove.objects.filter(pk=move.pk, finished_at=None).exists():
        moving.ring(move.pk)


@shared_task
def fill_refresher(refresher_id: int) -> None:
    """Give the places of a refresher. What a time limit cuts off the sweeper takes up again."""
    refresher = Refresher.objects.filter(pk=refresher_id, filled_at=None).first()
    if refresher is not None:
        refreshers.fill(refresher.pk, now=timezone.now())


@shared_task
def withdraw_refresher(withdrawal_id: int) -> None:
    """Withdraw the open places of a refresher. What a time limit cuts off the sweeper takes up again."""
    withdrawal = RefresherWithdrawal.objects.filter(pk=withdrawal_id, finished_at=None).first()
    if withdrawal is not None:
        withdrawing.carry_on(withdrawal.pk, now=timezone.now())


@shared_task
def sweep() -> None:
    """Ring for moves, refreshers and withdrawals whose worker went, or whose bell nobody heard.

    Each minute, perhaps twice.
    """
    for move_id in CohortMove.objects.filter(finished_at=None).values_list("pk", flat=True):
        moving.ring(move_id)
    for refresher_id in Refresher.objects.filter(filled_at=None).values_list("pk", flat=True):
        refreshers.ring(refresher_id)
    for withdrawal_id in RefresherWithdrawal.objects.filter(finished_at=None).values_list("pk", flat=True):
        withdrawing.ring(withdrawal_id)


@shared_task
def remind_of_last_days() -> None:
    """Write the letters about last days that are near. Runs every quarter of an hour, and may run twice."""
    reminders.remind(now=timezone.now())

"""Every periodic job and why; beat reads the rows that `install_schedule` makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_celery_beat.models import IntervalSchedule, PeriodicTask

# Rows with this prefix are ours; any other row belongs to the operator.
PREFIX = "itogi."


@dataclass(frozen=True)
class Job:
    """A task that beat sends again and again; its arguments are none, because rows say what is to be done."""

    name: str
    task: str
    every: timedelta
    why: str | Promise


JOBS = (
    Job(
        name="itogi.tick",
        task="crmsync.tasks.tick",
        every=timedelta(seconds=15),
        why=_("Asks what is due for each portal: syncs, nightly checks, and work that a dead worker left behind."),
    ),
    Job(
        name="itogi.refill",
        task="kpis.tasks.refill_portals",
        every=timedelta(seconds=15),
        why=_("Brings the figures up to date after a sync; returns at once when no day was touched."),
    ),
    Job(
        name="itogi.scorecards",
        task="targets.tasks.follow_facts",
        every=timedelta(minutes=10),
        why=_("Computes open scorecards anew, and settles what the CRM has changed in closed periods."),
    ),
)


@dataclass
class Installed:
    """What an installation did, by the names of the jobs."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)


def install_schedule(jobs: Sequence[Job] = JOBS) -> Installed:
    """Create the rows that are missing; an operator's interval and switch of an existing row stay."""
    done = Installed()
    with transaction.atomic():
        for job in jobs:
            row = PeriodicTask.objects.filter(name=job.name).first()
            if row is None:
                create_row(job)
                done.created.append(job.name)
            else:
                (done.updated if update_row(row, job=job) else done.kept).append(job.name)
        done.disabled = disable_removed(jobs)
    return done


def create_row(job: Job) -> None:
    """Create the row of a job; a wake-up that no worker took before the next one is dropped."""
    seconds = int(job.every.total_seconds())
    PeriodicTask.objects.create(
        name=job.name,
        task=job.task,
        description=str(job.why),
        interval=find_interval(seconds),
        expire_seconds=seconds,
    )


def find_interval(seconds: int) -> IntervalSchedule:
    """Find or create the interval, in minutes where they are whole."""
    every, period = seconds, IntervalSchedule.SECONDS
    if seconds % 60 == 0:
        every, period = seconds // 60, IntervalSchedule.MINUTES
    found = IntervalSchedule.objects.filter(every=every, period=period).first()
    return found or IntervalSchedule.objects.create(every=every, period=period)


def set_interval(name: str, *, seconds: int) -> bool:
    """Set the interval of one job, as an operator does in the admin; False when there is no such job."""
    row = PeriodicTask.objects.filter(name=name).first()
    if row is not None:
        row.interval, row.expire_seconds = find_interval(seconds), seconds
        row.save()
    return row is not None


def update_row(row: PeriodicTask, *, job: Job) -> bool:
    """Follow the declaration in what is not the operator's; say whether anything differed."""
    if (row.task, row.description) == (job.task, str(job.why)):
        return False
    row.task, row.description = job.task, str(job.why)
    row.save()
    return True


def disable_removed(jobs: Sequence[Job]) -> list[str]:
    """Switch off our rows that are declared no longer; their history stays."""
    removed = PeriodicTask.objects.filter(name__startswith=PREFIX, enabled=True)
    removed = removed.exclude(name__in=[job.name for job in jobs])
    for row in removed:
        row.enabled = False
        row.save()
    return [row.name for row in removed]

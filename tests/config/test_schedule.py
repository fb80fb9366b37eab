"""The declared jobs become beat's rows, and an operator's edits of them stay."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import call_command
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from config.celery import app
from config.schedule import JOBS, Job, install_schedule

pytestmark = pytest.mark.django_db
JOB = Job(name="itogi.count", task="kpis.tasks.count", every=timedelta(minutes=5), why="Counts.")


def test_missing_job_is_created() -> None:
    assert install_schedule([JOB]).created == ["itogi.count"]
    row = PeriodicTask.objects.get()
    assert (row.task, row.enabled, row.expire_seconds) == ("kpis.tasks.count", True, 300)
    assert (row.interval.every, row.interval.period) == (5, IntervalSchedule.MINUTES)


def test_seconds_stay_seconds() -> None:
    install_schedule([replace(JOB, every=timedelta(seconds=90))])
    interval = PeriodicTask.objects.get().interval
    assert (interval.every, interval.period) == (90, IntervalSchedule.SECONDS)


def test_second_installation_changes_nothing() -> None:
    install_schedule([JOB])
    assert install_schedule([JOB]).kept == ["itogi.count"]
    assert PeriodicTask.objects.count() == IntervalSchedule.objects.count() == 1


def test_edits_of_an_operator_stay() -> None:
    install_schedule([JOB])
    hourly = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.HOURS)
    PeriodicTask.objects.update(interval=hourly, enabled=False)
    install_schedule([JOB])
    row = PeriodicTask.objects.get()
    assert (row.interval, row.enabled) == (hourly, False)


def test_moved_task_is_followed() -> None:
    install_schedule([JOB])
    assert install_schedule([replace(JOB, task="kpis.tasks.sum_up")]).updated == ["itogi.count"]
    assert PeriodicTask.objects.get().task == "kpis.tasks.sum_up"


def test_removed_job_is_disabled_and_kept() -> None:
    install_schedule([JOB])
    assert install_schedule([]).disabled == ["itogi.count"]
    assert PeriodicTask.objects.get().enabled is False


def test_job_of_an_operator_is_left_alone() -> None:
    PeriodicTask.objects.create(
        name="my own", task="x", interval=IntervalSchedule.objects.create(every=1, period="days")
    )
    assert install_schedule([]).disabled == []
    assert PeriodicTask.objects.get().enabled is True


def test_command_reports_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("install_schedule")
    output = capsys.readouterr().out
    assert all(job.name in output for job in JOBS)


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_declared_task_exists(job: Job) -> None:
    app.loader.import_default_modules()
    assert job.task in app.tasks

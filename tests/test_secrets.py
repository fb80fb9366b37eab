"""The canary: no webhook's code comes out anywhere. tests/canary.py hangs the net; these tests show that it holds."""

import io
import logging
import subprocess
import sys
from collections.abc import Callable

import pytest
import structlog
from celery import signals
from django.core.management import call_command
from django.core.management.base import CommandError, OutputWrapper
from django.db import connection
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from crmsync.models import Portal
from crmsync.sandbox import SandboxServer, Store
from tests.canary import CANARY, NET, find_silenced

urlpatterns = [path("leak/", lambda _request: HttpResponse(f"<p>{CANARY}</p>"))]


def log_a_line() -> None:
    logging.getLogger("somebody").warning("code %s", CANARY)


def log_an_address() -> None:
    logging.getLogger("crmsync.client").warning("GET /rest/1/%s/profile", CANARY)


def log_an_event() -> None:
    structlog.get_logger("crmsync.planted").warning("call", url=f"/rest/1/{CANARY}/profile")


def log_an_exception() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("crmsync.sync").exception("call failed")


def raise_it() -> None:
    with pytest.raises(ValueError):
        raise ValueError("GET", CANARY)


def raise_it_as_a_cause() -> None:
    with pytest.raises(RuntimeError):
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise RuntimeError("call failed") from error


def write_it() -> None:
    OutputWrapper(io.StringIO()).write(CANARY)


def print_it_in_a_process() -> None:
    subprocess.run([sys.executable, "-c", f"print('{CANARY}')"], capture_output=True, check=True)


def show_it() -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        Client().get("/leak/")


def store_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [CANARY])


def send_it() -> None:
    signals.before_task_publish.send(sender="task", body=(["x", CANARY], {}, {}))


def run_it() -> None:
    signals.task_prerun.send(sender=None, args=(), kwargs={"code": CANARY})


WAYS_OUT = [
    log_a_line,
    log_an_address,
    log_an_event,
    log_an_exception,
    raise_it,
    raise_it_as_a_cause,
    write_it,
    print_it_in_a_process,
    show_it,
    store_it,
    send_it,
    run_it,
]


@pytest.mark.plants_a_leak
@pytest.mark.parametrize("leak", WAYS_OUT)
def test_planted_leak_is_caught(leak: Callable[[], None], db: None) -> None:
    leak()
    assert NET.take()


def test_captured_output_is_watched(capsys: pytest.CaptureFixture[str]) -> None:
    sys.stdout.write(CANARY)
    capsys.readouterr()
    assert NET.take() == ["output"]


def test_silenced_logger_is_noticed() -> None:
    logger = logging.getLogger("crmsync.planted")
    logger.disabled = True
    assert find_silenced() == ["crmsync.planted"]
    logger.disabled = False


def test_suppressed_cause_is_no_leak() -> None:
    with pytest.raises(RuntimeError):
        try:
            raise ValueError(CANARY)
        except ValueError:
            raise RuntimeError("call failed") from None
    assert NET.take() == []


def test_stored_portal_is_no_leak(portal: Portal) -> None:
    portal.refresh_from_db()
    assert CANARY in portal.webhook_url
    assert NET.take() == []


PLANTED = f"""
def test_prints_it():
    print("{CANARY}")
"""


@pytest.mark.parametrize("options", [[], ["-n", "1"]], ids=["alone", "with a worker"])
def test_suite_fails_for_a_leak_in_the_output(
    options: list[str], pytester: pytest.Pytester, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(pytestconfig.rootpath))
    pytester.makepyfile(PLANTED)
    result = pytester.runpytest_subprocess("-p", "tests.canary", "-p", "no:django", "-p", "no:randomly", *options)
    result.stdout.fnmatch_lines(["*came out: Captured stdout call*"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("fault", ["revoked", "overload", "insufficient_scope", "redirect302"])
def test_failed_sync_tells_no_secret(fault: str, admin_client: Client) -> None:
    with SandboxServer(Store.from_records({}), bucket_capacity=0, code=CANARY) as server:
        call_command("connect_portal", server.url)
        server.faults.add(fault)
        with pytest.raises(CommandError):
            call_command("sync")
    portal = Portal.objects.get()
    assert portal.runs.exclude(error="").exists()
    pages = ["/", "/admin/crmsync/portal/", f"/admin/crmsync/portal/{portal.pk}/change/", "/admin/crmsync/syncrun/"]
    assert [admin_client.get(page).status_code for page in pages] == [200] * 4

"""The API is loaded at its first request: no command, check or address pays for pandas and the REST framework."""

import subprocess
import sys

from django.conf import settings

CODE = """
import sys
import django
django.setup()
from django.core.management import call_command
from django.urls import reverse
call_command("check", stdout=open("/dev/null", "w"))
reverse("home"), reverse("api")
heavy = {"pandas", "config.api", "kpis.api.routes", "rest_framework.routers", "drf_spectacular.views"}
print(sorted(heavy & set(sys.modules)))
from django.urls import resolve
resolve("/api/v1/kpis/", urlconf="config.api")
print(len(heavy & set(sys.modules)) == len(heavy))
"""


def test_api_is_loaded_at_its_first_request() -> None:
    told = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=settings.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(settings.DATA_DIR)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["[]", "True"]

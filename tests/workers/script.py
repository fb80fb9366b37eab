"""A few lines of Python as a process of their own that has the product's settings and the test's database."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.conf import settings

from tests.workers.fleet import name_database

PREAMBLE = "import sys, time, django\ndjango.setup()\n"


@contextmanager
def run_script(code: str, *arguments: object, knobs: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run the code, which may read lines from its input and print lines; it is killed where it does not end."""
    names = {"DATABASE_URL": name_database(), "DJANGO_SETTINGS_MODULE": "config.settings"}
    with subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + code, *map(str, arguments)],
        cwd=settings.BASE_DIR,
        env=os.environ | names | dict(knobs),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()

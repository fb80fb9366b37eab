"""`manage.py demo`: from nothing to a table of KPIs and a running site, on a sandbox portal."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo import ADMIN, DemoBusyError, Stage, StepFailedError, find_free_port, name_webhook
from config.processes import LOOPBACK, WORKER, Crew, exit_on_signals, is_free, name_site
from kpis.periods import add_months, month_of

ZONE = "Europe/Moscow"


class Command(BaseCommand):
    help = _("Connect a sandbox portal, synchronise it, print its first KPIs and serve the site.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--deals", type=int, default=2000)
        parser.add_argument("--no-serve", action="store_true", help=_("End after the table."))

    def handle(self, *args: Any, port: int, deals: int, no_serve: bool, **options: Any) -> None:
        if not no_serve and not is_free(port):
            raise CommandError(_("Port %d is taken; choose another with PORT=….") % port, returncode=2)
        stage = Stage(manage=Path(settings.BASE_DIR) / "manage.py", folder=settings.DATA_DIR / "demo")
        exit_on_signals()
        try:
            with stage.hold(), Crew(stage.environment, logs=stage.folder) as crew:
                self.prepare(stage, crew, deals=deals)
                if not no_serve:
                    self.serve(stage, crew, port=port)
        except DemoBusyError as error:
            raise CommandError(_("A demo is running already; end it with Ctrl-C first."), returncode=2) from error
        except StepFailedError as error:
            raise CommandError(_("The step “%s” failed; its message is above.") % error.step) from error
        except KeyboardInterrupt:
            sys.exit(130)

    def prepare(self, stage: Stage, crew: Crew, *, deals: int) -> None:
        """Fill the mirror and the facts from a sandbox, and show what comes out."""
        self.say(_("Sandbox portal: %d deals of a made-up company …") % deals)
        sandbox_port = find_free_port()
        crew.start("sandbox", str(stage.manage), *name_sandbox(sandbox_port, deals=deals))
        stage.run("migrate", "--verbosity", "0")
        if not crew.wait_for_port("sandbox", port=sandbox_port):
            raise CommandError(describe_end(stage, "sandbox"))
        stage.run("connect_portal", name_webhook(sandbox_port), "--name", _("Sandbox"), "--timezone", ZONE)
        stage.run("sync")
        stage.run("refill")
        for month in name_months(timezone.now()):
            stage.run("kpis", "--period", month)

    def serve(self, stage: Stage, crew: Crew, *, port: int) -> None:
        """Serve the site until Ctrl-C; the sandbox lives on, and a sync each minute follows it."""
        stage.run("install_schedule", "--verbosity", "0", "--every", "itogi.sync", "60")
        password = stage.add_admin()
        crew.start("site", *name_site(port))
        crew.start("worker", *WORKER)
        crew.wait_for_port("site", port=port)
        address = f"http://{LOOPBACK}:{port}/"
        self.say(_("The site: %s") % address)
        access = {"name": ADMIN, "password": password}
        self.say(_("Log in as %(name)s with the password %(password)s (shown only now).") % access)
        self.say(_("The mirror, runs and settings: %s") % f"{address}admin/")
        self.say(_("The sandbox keeps changing, and the numbers follow within two minutes. Ctrl-C ends everything."))
        dead = crew.watch()
        raise CommandError(describe_end(stage, dead))

    def say(self, line: str) -> None:
        """Print a line at once: the steps print from processes of their own."""
        self.stdout.write(line)
        self.stdout.flush()


def describe_end(stage: Stage, name: str) -> str:
    """Say which process ended and where it left its last words."""
    found = {"name": name, "log": stage.folder / f"{name}.log"}
    return _("The process “%(name)s” ended by itself; its messages are in %(log)s.") % found


def name_sandbox(port: int, *, deals: int) -> tuple[str, ...]:
    """Name the command that serves the sandbox portal."""
    return ("sandbox", "--port", str(port), "--deals", str(deals), "--living")


def name_months(now: datetime) -> list[str]:
    """Name the previous and the current month in the demo's zone."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    return [month_of(add_months(today, -1)).key, month_of(today).key]

"""`manage.py demo`: from nothing to a table of KPIs and a running site, on a sandbox portal."""

import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from config.demo import DemoBusyError, Login, add_logins, enter_stage, find_free_port, hold_stage, name_webhook
from config.logs import redact
from config.processes import LOOPBACK, WORKER, Crew, exit_on_signals, is_free, name_site
from crmsync.models import Portal
from kpis.periods import add_months, month_of

ZONE = "Europe/Moscow"
SYNC_SECONDS = 60
MANAGE = str(Path(settings.BASE_DIR) / "manage.py")


class Command(BaseCommand):
    help = _("Connect a sandbox portal, synchronise it, print its first KPIs and serve the site.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--deals", type=int, default=2000)
        parser.add_argument("--no-serve", action="store_true", help=_("End after the table."))

    def handle(self, *args: Any, port: int, deals: int, no_serve: bool, **options: Any) -> None:
        if not no_serve and not is_free(port):
            raise CommandError(_("Port %d is taken; choose another with PORT=….") % port, returncode=2)
        folder = enter_stage()
        exit_on_signals()
        try:
            with hold_stage(folder), Crew({}, logs=folder) as crew:
                self.prepare(crew, deals=deals)
                if no_serve:
                    self.say(_("The data stays in %s; “make demo” starts anew and serves the site.") % folder)
                else:
                    self.serve(crew, port=port)
        except DemoBusyError as error:
            raise CommandError(_("A demo is running already; end it with Ctrl-C first."), returncode=2) from error
        except KeyboardInterrupt:
            sys.exit(130)

    def prepare(self, crew: Crew, *, deals: int) -> None:
        """Fill the mirror and the facts from a sandbox, and show what comes out."""
        self.say(_("Sandbox portal: %d deals of a made-up company …") % deals)
        port = find_free_port()
        crew.start("sandbox", MANAGE, "sandbox", "--port", str(port), "--deals", str(deals), "--living")
        call_command("migrate", verbosity=0)
        self.await_port(crew, "sandbox", port=port)
        self.run_step("connect_portal", name_webhook(port), "--name", _("Sandbox"), "--timezone", ZONE)
        self.run_step("sync")
        self.run_step("refill")
        for month in name_months(timezone.now()):
            self.run_step("kpis", "--period", month)

    def serve(self, crew: Crew, *, port: int) -> None:
        """Serve the site until Ctrl-C; the sandbox lives on, and a sync each minute follows it."""
        call_command("install_schedule", verbosity=0)
        Portal.objects.update(sync_seconds=SYNC_SECONDS)
        logins = add_logins()
        crew.start("site", *name_site(port))
        crew.start("worker", *WORKER)
        self.await_port(crew, "site", port=port)
        self.announce(f"http://{LOOPBACK}:{port}/", logins=logins)
        try:
            dead = crew.watch()
        except KeyboardInterrupt:
            return
        raise CommandError(describe_end(crew, dead))

    def announce(self, address: str, *, logins: list[Login]) -> None:
        """Say where to look next, and as whom; passwords are shown only now."""
        self.say(_("The site: %s") % address)
        for login in logins:
            told = {"name": login.name, "password": login.password, "role": login.role.label}
            self.say(_("Log in as %(name)s (%(role)s) with the password %(password)s (shown only now).") % told)
        self.say(_("The mirror, runs and settings: %s") % f"{address}admin/")
        self.say(_("The sandbox keeps changing, and the numbers follow within two minutes. Ctrl-C ends everything."))

    def await_port(self, crew: Crew, name: str, *, port: int) -> None:
        """Wait until a member listens, or say where it left its last words."""
        if not crew.wait_for_port(name, port=port):
            raise CommandError(describe_end(crew, name))

    def run_step(self, *arguments: str) -> None:
        """Run a step under the command that an operator would type for it."""
        self.say(f"$ manage.py {redact(shlex.join(arguments))}")
        call_command(*arguments)

    def say(self, line: str) -> None:
        """Print a line at once, so that it stands before what other processes print."""
        self.stdout.write(line)
        self.stdout.flush()


def describe_end(crew: Crew, name: str) -> str:
    """Say which process ended and where it left its last words."""
    found = {"name": name, "log": crew.name_log(name)}
    return _("The process “%(name)s” ended by itself; its messages are in %(log)s.") % found


def name_months(now: datetime) -> list[str]:
    """Name the previous and the current month in the demo's zone."""
    today = now.astimezone(ZoneInfo(ZONE)).date()
    return [month_of(add_months(today, -1)).key, month_of(today).key]

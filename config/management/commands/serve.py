"""`manage.py serve`: the site, a worker and beat on one machine, until one of them or the operator ends it."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.processes import LOOPBACK, WORKER, Crew, exit_on_signals, is_free, name_site


class Command(BaseCommand):
    help = _("Migrate, then run the site, a worker and the periodic jobs until Ctrl-C.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if not is_free(port):
            raise CommandError(_("Port %d is taken; choose another with PORT=….") % port, returncode=2)
        call_command("migrate", verbosity=0)
        call_command("install_schedule", verbosity=0, stdout=self.stdout)
        exit_on_signals()
        try:
            with Crew({}) as crew:
                crew.start("site", *name_site(port))
                crew.start("worker", *WORKER)
                if crew.wait_for_port("site", port=port):
                    self.say(_("The site is on %s; Ctrl-C ends it.") % f"http://{LOOPBACK}:{port}/")
                dead = crew.watch()
        except KeyboardInterrupt:
            return
        raise CommandError(_("The process “%s” ended by itself; its messages are above.") % dead)

    def say(self, line: str) -> None:
        """Print a line at once, whoever reads it."""
        self.stdout.write(line)
        self.stdout.flush()

"""`manage.py install_schedule`: make the rows that beat reads, as config/schedule.py declares them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from config.schedule import Installed, install_schedule, set_interval


class Command(BaseCommand):
    help = _("Install the periodic jobs; intervals and switches that an operator has set stay.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--every",
            nargs=2,
            metavar=("JOB", "SECONDS"),
            help=_("Set the interval of one job, as an operator does in the admin."),
        )

    def handle(self, *args: Any, every: list[str] | None, verbosity: int, **options: Any) -> None:
        done = install_schedule()
        if every:
            self.set_interval(*every)
        if verbosity:
            self.report(done)

    def set_interval(self, name: str, seconds: str) -> None:
        """Set one job's interval, or say what is wrong with the request."""
        if not seconds.isdecimal() or not int(seconds):
            raise CommandError(_("Give the interval in whole seconds, for example 600."), returncode=2)
        if not set_interval(name, seconds=int(seconds)):
            raise CommandError(_("There is no job “%s”; the jobs are listed in the admin.") % name, returncode=2)

    def report(self, done: Installed) -> None:
        """Print what was done, one line a kind."""
        for heading, names in (
            (_("created"), done.created),
            (_("updated"), done.updated),
            (_("kept"), done.kept),
            (_("disabled, no longer declared"), done.disabled),
        ):
            if names:
                self.stdout.write(f"{heading}: {', '.join(names)}")

"""`manage.py install_schedule`: make the rows that beat reads, as config/schedule.py declares them."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from config.schedule import install_schedule


class Command(BaseCommand):
    help = _("Install the periodic jobs; intervals and switches that an operator has set stay.")

    def handle(self, *args: Any, **options: Any) -> None:
        done = install_schedule()
        for heading, names in (
            (_("created"), done.created),
            (_("updated"), done.updated),
            (_("kept"), done.kept),
            (_("disabled, no longer declared"), done.disabled),
        ):
            if names:
                self.stdout.write(f"{heading}: {', '.join(names)}")

"""`manage.py link_accounts`: link users of the site to employees by addresses that the users have proved."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from crmsync.links import link_accounts
from crmsync.models import Portal


class Command(BaseCommand):
    help = _("Link users of the site to the employees who have the same, proven e-mail address.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--portal", type=int, required=True, help=_("The portal's number in the admin."))
        parser.add_argument("--dry-run", action="store_true", help=_("Tell what would be linked and change nothing."))

    def handle(self, *args: Any, portal: int, dry_run: bool, **options: Any) -> None:
        known = Portal.objects.defer("webhook_url").filter(pk=portal).first()
        if known is None:
            raise CommandError(_("There is no portal %d: take its number from the admin.") % portal, returncode=2)
        found = link_accounts(known, is_dry=dry_run)
        for user, employee in found.pairs:
            self.stdout.write(f"{user} ▸ {employee} <{employee.email}>")
        for doubt in found.doubts:
            self.stderr.write(doubt)
        told = _("Would be linked: %(count)d.") if dry_run else _("Linked: %(count)d.")
        self.stdout.write(told % {"count": len(found.pairs)})

"""Connect a portal by its incoming webhook; run again to renew the webhook or the name."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.bitrix24.errors import PortalError
from crmsync.connect import LONGEST_NAME, connect_portal
from crmsync.models.portal import is_zone


class Command(BaseCommand):
    help = str(gettext_lazy("Connect a Bitrix24 portal by the address of an incoming webhook."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("url", help=_("the webhook's address: https://HOST/rest/USER/CODE/"))
        parser.add_argument("--name", default="", help=_("how the portal is called here"))
        parser.add_argument("--timezone", default="", help=_("business time zone, for example Europe/Moscow"))

    def handle(self, *args: Any, url: str, name: str, timezone: str, **options: Any) -> None:
        if timezone and not is_zone(timezone):
            raise CommandError(_("There is no such time zone: use a name such as Europe/Moscow."), returncode=2)
        if len(name) > LONGEST_NAME:
            raise CommandError(_("This name is too long: use a shorter one."), returncode=2)
        try:
            connected = connect_portal(url, name=name, time_zone=timezone)
        except PortalError as error:
            raise CommandError(str(error), returncode=2) from None
        portal, probe = connected.portal, connected.probe
        text = (
            _("Connected %(name)s (No. %(id)s) as %(user)s.")
            if connected.created
            else _("Renewed %(name)s (No. %(id)s) as %(user)s.")
        )
        self.stdout.write(text % {"name": portal.name, "id": portal.pk, "user": probe.user})
        for scope in probe.missing_scopes:
            self.stdout.write(
                _("Missing permission “%(scope)s”: tick it in the webhook; until then that part is not read.")
                % {"scope": scope}
            )
        if not probe.is_admin:
            self.stdout.write(
                _("The webhook's owner is no administrator: records that this user may not see will be missing.")
            )
        if connected.zone_changed:
            self.stdout.write(
                _("The time zone has changed; days move with: manage.py sync --full --portal %(id)s")
                % {"id": portal.pk}
            )
        else:
            self.stdout.write(_("Next: manage.py sync --portal %(id)s") % {"id": portal.pk})

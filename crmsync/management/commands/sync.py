"""Synchronise connected portals now; exit 0 only when every stream is complete."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.bitrix24.stream import Stream
from crmsync.bitrix24.streams import BY_KEY, STREAMS
from crmsync.lease import AlreadyRunningError
from crmsync.models import Portal, SyncRun
from crmsync.portals import PortalChoiceError, choose_portals
from crmsync.progress import ProgressBar, describe_run, summarize_run
from crmsync.sweep import Sweep
from crmsync.sync import sync_portal

PATIENCE = timedelta(minutes=30)


class Command(BaseCommand):
    help = str(gettext_lazy("Bring the mirror of connected portals up to date."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--portal", help=_("number or name of the portal; all of them when not given"))
        parser.add_argument("--stream", action="append", nargs="+", metavar="S", help=_("only these streams"))
        parser.add_argument("--full", action="store_true", help=_("read everything again, not only what changed"))
        parser.add_argument("--sweep", action="store_true", help=_("look for deleted records too"))
        parser.add_argument(
            "--accept-deletions",
            action="store_true",
            help=_("with --sweep: remove what was missed twice, however much it is"),
        )
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *args: Any, portal: str | None, stream: list[list[str]] | None, **options: Any) -> None:
        if options["accept_deletions"] and not options["sweep"]:
            raise CommandError(_("--accept-deletions belongs to --sweep: give both."), returncode=2)
        streams = self.choose_streams([key for keys in stream or [] for key in keys])
        try:
            # A portal that is switched off is read only by name.
            portals = [found for found in choose_portals(portal) if portal or found.is_enabled]
            if not portals:
                raise PortalChoiceError(_("Every portal is switched off: name one with --portal."))
            runs = [self.sync_one(found, streams, **options) for found in portals]
        except (PortalChoiceError, AlreadyRunningError) as error:
            raise CommandError(str(error), returncode=2) from None
        if options["json"]:
            self.stdout.write(json.dumps([summarize_run(run) for run in runs], ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(line for run in runs for line in describe_run(run)))
        if any(run.outcome == SyncRun.Outcome.FAILED for run in runs):
            raise CommandError("\n".join(run.error for run in runs if run.error), returncode=2)
        if any(told.get("is_braked") for run in runs for told in run.streams.values()):
            raise CommandError(
                _("Nothing was removed where too much is missing: if that is right, add --accept-deletions."),
                returncode=1,
            )
        if any(run.outcome != SyncRun.Outcome.COMPLETE for run in runs):
            raise CommandError(_("Not everything could be read: run sync again later."), returncode=1)

    def choose_streams(self, keys: Sequence[str]) -> Sequence[Stream]:
        """Find the named streams, in the order in which they are read."""
        wrong = [key for key in keys if key not in BY_KEY]
        if wrong:
            told = {"wrong": ", ".join(wrong), "known": ", ".join(BY_KEY)}
            raise CommandError(_("There is no stream %(wrong)s: choose among %(known)s.") % told, returncode=2)
        return [stream for stream in STREAMS if not keys or stream.key in keys]

    def sync_one(
        self,
        portal: Portal,
        streams: Sequence[Stream],
        *,
        full: bool,
        sweep: bool,
        accept_deletions: bool,
        **_options: Any,
    ) -> SyncRun:
        """Synchronise one portal under a progress bar."""
        order = Sweep(timezone.now(), accepts_deletions=accept_deletions) if sweep else None
        with ProgressBar(portal.name) as bar:
            return sync_portal(
                portal,
                streams=streams,
                full=full,
                sweep=order,
                report=bar.show,
                patience=PATIENCE,
            )

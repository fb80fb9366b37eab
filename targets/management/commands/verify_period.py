"""`manage.py verify_period 2026-10`: compute closed scorecards anew from their stored inputs and compare."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from targets.verify import Verified, verify_period


class Command(BaseCommand):
    help = str(
        gettext_lazy("Compute closed scorecards of a period anew from what they store, and compare payout and hash.")
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("period", help=_("such as 2026-10"))
        parser.add_argument("--json", action="store_true", help=_("one JSON object a line"))

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(verify_period(options["period"]))
        if not found:
            raise CommandError(_("No scorecard of %(period)s is closed.") % {"period": options["period"]})
        for each in found:
            self.stdout.write(json.dumps(describe(each), ensure_ascii=False) if options["json"] else tell(each))
        wrong = sum(not each.is_good for each in found)
        if wrong:
            raise CommandError(
                ngettext(
                    "%(count)s scorecard is not what it was closed as.",
                    "%(count)s scorecards are not what they were closed as.",
                    wrong,
                )
                % {"count": wrong}
            )


def describe(each: Verified) -> dict[str, Any]:
    """Describe a verified scorecard for JSON."""
    card = each.card
    return {
        "employee": card.employee.external_id,
        "period": card.period_key,
        "payout": each.payout,
        "computed": each.computed,
        "hash": card.content_hash,
        "same": each.is_good,
    }


def tell(each: Verified) -> str:
    """Tell a verified scorecard in a line."""
    verdict = _("matches") if each.is_good else _("DIFFERS")
    return f"{each.card.employee}  {each.payout} {each.card.currency}  {verdict}  {each.card.content_hash[:12]}"

"""Prove that the mirror equals the portal; exit 0 only if it does, 1 if something differs, 2 if nobody could tell."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmsync.lease import AlreadyRunningError
from crmsync.models import Portal, Proof
from crmsync.portals import PortalChoiceError, choose_portals
from crmsync.progress import ProgressBar
from crmsync.proof import prove_portal
from crmsync.proof_texts import describe_proof, summarize_proof


class Command(BaseCommand):
    help = str(gettext_lazy("Compare the mirror with the portal, record by record and field by field."))

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--portal", help=_("number or name of the portal; all of them when not given"))
        parser.add_argument("--json", action="store_true", help=_("print the result as JSON"))

    def handle(self, *args: Any, portal: str | None, **options: Any) -> None:
        try:
            # A portal that is switched off is compared only by name.
            portals = [found for found in choose_portals(portal) if portal or found.is_enabled]
            if not portals:
                raise PortalChoiceError(_("Every portal is switched off: name one with --portal."))
            proofs = [self.prove_one(found) for found in portals]
        except (PortalChoiceError, AlreadyRunningError) as error:
            raise CommandError(str(error), returncode=2) from None
        self.show(proofs, as_json=options["json"])
        if any(proof.outcome == Proof.Outcome.FAILED for proof in proofs):
            raise CommandError("\n".join(proof.error for proof in proofs if proof.error), returncode=2)
        if any(proof.outcome != Proof.Outcome.EQUAL for proof in proofs):
            raise CommandError(
                _("The mirror differs: run sync, with --sweep for deleted records, and compare again."), returncode=1
            )

    def show(self, proofs: list[Proof], *, as_json: bool) -> None:
        """Print the proofs for people or for programs."""
        if as_json:
            told = [summarize_proof(proof) for proof in proofs]
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(line for proof in proofs for line in describe_proof(proof)))

    def prove_one(self, portal: Portal) -> Proof:
        """Compare one portal under a progress bar."""
        with ProgressBar(portal.name) as bar:
            return prove_portal(portal, report=lambda proof: bar.count(proof.compared))

"""Which portal is meant: found by its number or name, or the only one there is."""

from django.utils.translation import gettext as _

from crmsync.models import Portal


class PortalChoiceError(Exception):
    """No portal, or no single one, is meant; the text says what to do."""


def choose_portals(named: str | None) -> list[Portal]:
    """Find the portals that are meant: the named one, or all. *Raises* PortalChoiceError where there is none."""
    portals = list(Portal.objects.order_by("pk"))
    if not portals:
        raise PortalChoiceError(_("No portal is connected yet: run manage.py connect_portal URL first."))
    if named is None:
        return portals
    found = [portal for portal in portals if named in (str(portal.pk), portal.name)]
    if not found:
        known = ", ".join(f"{portal.pk} ({portal.name})" for portal in portals)
        raise PortalChoiceError(
            _("There is no portal “%(named)s”: choose one of %(known)s.") % {"named": named, "known": known}
        )
    return found[:1]


def choose_portal(named: str | None) -> Portal:
    """Find the one portal that is meant. *Raises* PortalChoiceError where several could be."""
    portals = choose_portals(named)
    if len(portals) > 1:
        known = ", ".join(f"{portal.pk} ({portal.name})" for portal in portals)
        raise PortalChoiceError(
            _("Several portals are connected: name one with --portal (%(known)s).") % {"known": known}
        )
    return portals[0]

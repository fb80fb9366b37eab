"""Which portal a command means: the named one, or the only one there is."""

from django.utils.translation import gettext as _

from crmsync.models import Portal


class PortalChoiceError(LookupError):
    """No portal can be meant; the text is a translated sentence that says what to do."""


def choose_portal(text: str | None) -> Portal:
    """Find the portal by its row's id or its name; without a text, take the only one.

    Raises: PortalChoiceError when there is no such portal, no portal at all, or more than one that fits.
    """
    portals = list(Portal.objects.order_by("pk"))
    if not portals:
        raise PortalChoiceError(_("No portal is connected yet: run “manage.py connect_portal URL” first."))
    # An id names one row for certain; a name, typed by people, may be shared or look like an id.
    fitting = [portal for portal in portals if text in (None, str(portal.pk))]
    fitting = fitting or [portal for portal in portals if text == portal.name]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(f"{portal.pk} ({portal.name})" for portal in portals)
    if fitting:
        raise PortalChoiceError(_("Say which portal is meant with --portal: %(known)s.") % {"known": known})
    raise PortalChoiceError(
        _("There is no portal “%(text)s”; use --portal with one of %(known)s.") % {"text": text, "known": known}
    )

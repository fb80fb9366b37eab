"""Reading mirrored activities again when a portal's own rules about their kinds have changed."""

from django.db import transaction

from crmsync.bitrix24.activities import classify, freeze_rules
from crmsync.deals import touch_everything
from crmsync.models import Activity, Portal


def reclassify(portal: Portal) -> int:
    """Give every mirrored activity the kind that the portal's rules now say. Returns how many changed.

    One update for each pair of type and provider, of which a portal has a few dozen.
    *Raises* ValueError for a rule that is no [type or null, provider or null, kind].
    """
    rules = freeze_rules(portal.activity_map)
    known = Activity.objects.filter(portal=portal)
    changed = 0
    with transaction.atomic():
        for type_id, provider in known.values_list("type_id", "provider").distinct().order_by():
            kind = classify(type_id, provider, rules)
            changed += known.filter(type_id=type_id, provider=provider).exclude(kind=kind).update(kind=kind)
        if changed:
            touch_everything(portal)
    return changed

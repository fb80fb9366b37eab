"""Findings about streams: which are not fresh, which have an error, from which too much vanished at once."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmsync.bitrix24.stream import SPARED
from crmsync.findings.causes import name_error
from crmsync.findings.evidence import Evidence
from crmsync.findings.finding import Finding, Level, count_records, list_streams, write_count, write_moment
from crmsync.models import StreamState
from crmsync.selectors import title_stream

# Nobody has to act on these while the next runs may still set them right.
PASSING = {"TransientError", "LimitedError", "NotExecuted"}


def is_stale(state: StreamState, seen: Evidence) -> bool:
    """Tell whether a stream has been whole once but is not fresh any more."""
    return state.watermark_at is not None and seen.now - state.watermark_at > seen.find_patience(state.stream)


def review_freshness(seen: Evidence) -> Iterator[Finding]:
    """Tell of streams that fell behind without an error of their own."""
    stale = [state for state in seen.states if is_stale(state, seen) and not state.error]
    if not stale or not seen.portal.is_enabled:
        return
    oldest = min(state.watermark_at for state in stale if state.watermark_at)
    told = {"streams": list_streams(state.stream for state in stale), "at": write_moment(oldest)}
    text = _("Not fresh: %(streams)s; complete only through %(at)s.") % told
    if seen.is_broken or seen.is_silent:
        advice = _("They catch up by themselves once what is said above is mended.")
    elif seen.is_busy:
        advice = _("A run is under way and reads what is missing; nothing to do.")
    else:
        advice = _("Press “Sync now” and see in the last runs what stops them.")
    level = Level.NOTE if seen.is_busy and not (seen.is_broken or seen.is_silent) else Level.URGENT
    yield Finding(level, _("freshness"), text, advice, "#streams")


def review_first_reading(seen: Evidence) -> Iterator[Finding]:
    """Tell how far the first reading is."""
    unread = [state for state in seen.states if state.watermark_at is None and not state.error]
    if seen.states and not unread:
        return
    text = _("Nothing has been read yet.")
    if seen.states:
        text = _("The first reading is not complete: %(streams)s.")
        text %= {"streams": list_streams(state.stream for state in unread)}
    advice = _("It goes on by itself; figures are complete when it is. “Sync now” begins it at once.")
    yield Finding(Level.NOTE, _("first reading"), text, advice, "#runs" if seen.states else "")


def review_errors(seen: Evidence) -> Iterator[Finding]:
    """Tell of streams that end in an error, those with the same one together."""
    groups: dict[tuple[str, str], list[StreamState]] = {}
    for state in seen.states:
        if state.error and state.error_class != SPARED:
            groups.setdefault((state.error_class, state.error), []).append(state)
    for (error_class, error), states in groups.items():
        stale = any(state.watermark_at is None or is_stale(state, seen) for state in states)
        passes = error_class in PASSING and not stale
        told = {"streams": list_streams(state.stream for state in states), "error": name_error(error_class)}
        text = _("%(streams)s: %(error)s.") % told
        level = Level.NOTE if passes else Level.URGENT if stale else Level.WARNING
        yield Finding(level, _("streams"), text, error, "#streams")


def review_spared(seen: Evidence) -> Iterator[Finding]:
    """Tell of streams that the portal does not offer and that most companies can do without."""
    if any(state.error_class == SPARED for state in seen.states):
        text = _("Purchase prices of products are not read: the portal does not offer its catalogue to this webhook.")
        advice = _(
            "Nothing to do unless the cost of deals is to be taken from their products: then tick the scope “catalog” "
            "in the webhook; its owner must be an administrator of the portal."
        )
        yield Finding(Level.NOTE, _("purchase prices"), text, advice, "#streams")


def review_brake(seen: Evidence) -> Iterator[Finding]:
    """Tell of streams from which so much vanished that nothing was removed."""
    for state in seen.states:
        if not state.is_braked:
            continue
        told = {
            "stream": title_stream(state.stream),
            "missing": count_records(state.missing),
            "all": write_count(seen.mirrored.get(state.stream, 0)),
        }
        yield Finding(
            Level.URGENT,
            _("deletions"),
            _("%(stream)s: %(missing)s of %(all)s vanished from the portal at once; they are still counted.") % told,
            _(
                "Most often the webhook's owner lost the right to see them: give it back and press “Check now”. "
                "If they were really deleted, accept the deletions."
            ),
            reverse("admin:crmsync_portal_accept", args=[seen.portal.pk]),
            act=_("Accept deletions"),
        )


def review_fields(seen: Evidence) -> Iterator[Finding]:
    """Tell of custom fields that are to be copied but that the portal does not have."""
    if seen.portal.missing_fields:
        text = _("The portal has no custom fields %(names)s.") % {"names": ", ".join(seen.portal.missing_fields)}
        advice = _("Correct their names in the settings below, or take them out.")
        yield Finding(Level.WARNING, _("custom fields"), text, advice, "#id_custom_fields")


def review_missing(seen: Evidence) -> Iterator[Finding]:
    """Tell of records that wait for the second check before they count as deleted."""
    missing = sum(state.missing for state in seen.states if not state.is_braked)
    if missing:
        text = ngettext(
            "%(count)s record was not found on the portal.", "%(count)s records were not found on the portal.", missing
        )
        advice = _("The next nightly check takes them for deleted unless they turn up.")
        yield Finding(Level.NOTE, _("deletions"), text % {"count": write_count(missing)}, advice, "#streams")

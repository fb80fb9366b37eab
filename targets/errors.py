"""What a service of plans and scorecards refuses; the text is one translated sentence that says what to do."""


class PlanError(Exception):
    """A plan, target, scheme or scorecard cannot be changed like this; nothing was written."""


class StaleError(PlanError):
    """Somebody else has changed the same thing meanwhile; nothing was written."""

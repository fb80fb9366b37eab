"""Requests of clients: one row per request, with the answer to it."""

import pandas as pd

from crmsync.models import Portal
from kpis.derived.columns import fill_gaps, spread
from kpis.derived.differences import Rows, Table
from kpis.derived.hours import count_business_seconds
from kpis.derived.pairing import NOBODY, pair_requests
from kpis.models import ClientRequest

TABLE = Table(
    ClientRequest,
    (
        "activity_id",
        "employee_id",
        "owner_type",
        "owner_external_id",
        "asked_at",
        "asked_on",
        "count",
        "answer_id",
        "response_seconds",
        "business_seconds",
    ),
    dated="asked_on",
    instant="asked_at",
)


def compute_requests(portal: Portal, activities: pd.DataFrame) -> Rows:
    """Compute the requests that these activities are, in the shape of the table."""
    if activities.empty:
        return {}
    found = pair_requests(activities)
    answered = (found["answer"] != NOBODY).to_numpy()
    known = found[answered]
    business = count_business_seconds(portal, known["employee"], known["at"], known["answered_at"])
    columns = [
        found["activity"].tolist(),
        fill_gaps(found["employee"]),
        found["owner_type"].tolist(),
        found["owner"].tolist(),
        found["at"].tolist(),
        found["asked_on"].tolist(),
        found["count"].tolist(),
        fill_gaps(found["answer"]),
        spread((known["answered_at"] - known["at"]).to_numpy(), answered),
        spread(business, answered),
    ]
    return {row[0]: row for row in zip(*columns, strict=True)}

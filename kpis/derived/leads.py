"""What became of leads: the first answer to each, and whether it led to a won deal."""

import pandas as pd
from django.db.models.functions import Coalesce

from crmsync.models import Deal, Lead, Portal
from kpis.derived.columns import fill_gaps, spread
from kpis.derived.differences import Rows, Table
from kpis.derived.hours import count_business_seconds
from kpis.derived.objects import Objects
from kpis.derived.pairing import NOBODY, find_first_answers
from kpis.derived.reading import Epoch, make_frame
from kpis.models import LeadProgress

TABLE = Table(
    LeadProgress,
    ("lead_id", "employee_id", "created_on", "is_won", "answer_id", "response_seconds", "business_seconds"),
    dated="created_on",
)
COLUMNS = ["owner", "at", "lead", "employee", "created_on"]
# A lead that does not say when it came has no answer since then.
NEVER = 2**62


def compute_leads(portal: Portal, leads: Objects, activities: pd.DataFrame) -> Rows:
    """Compute the progress of these leads, in the shape of the table; `activities` are those on them."""
    known = read_leads(portal, leads)
    answers = find_first_answers(activities, known[["owner", "at"]])
    found = known.merge(answers, on="owner", how="left")
    found["is_won"] = found["owner"].isin(read_won(portal, leads))
    found = found[found["is_won"] | found["answer"].notna()]
    return dict(zip(found["lead"].tolist(), list_rows(portal, found), strict=True))


def read_leads(portal: Portal, leads: Objects) -> pd.DataFrame:
    """Read the leads that count on some day."""
    counted = Lead.objects.live().filter(leads.among("external_id"), portal=portal, created_on__isnull=False)
    at, employee = Coalesce(Epoch("created_at"), NEVER), Coalesce("responsible_id", NOBODY)
    return make_frame(list(counted.values_list("external_id", at, "pk", employee, "created_on")), COLUMNS)


def read_won(portal: Portal, leads: Objects) -> set[int | None]:
    """Read the ids of the leads that won deals are linked to."""
    won = Deal.objects.won().filter(leads.among("lead_external_id"), portal=portal)
    return set(won.values_list("lead_external_id", flat=True))


def list_rows(portal: Portal, found: pd.DataFrame) -> list[tuple]:
    """List the rows of the table for leads that have been answered or won."""
    answered = found["answer"].notna().to_numpy()
    known = found[answered].astype({"created_at": "int64", "answered_at": "int64"})
    business = count_business_seconds(portal, known["employee"], known["created_at"], known["answered_at"])
    columns = [
        found["lead"].tolist(),
        fill_gaps(found["employee"]),
        found["created_on"].tolist(),
        found["is_won"].tolist(),
        fill_gaps(found["answer"].fillna(NOBODY).astype("int64")),
        spread((known["answered_at"] - known["created_at"]).to_numpy(), answered),
        spread(business, answered),
    ]
    return list(zip(*columns, strict=True))

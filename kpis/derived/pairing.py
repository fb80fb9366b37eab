"""Who answered whom, and when: frames of activities become requests with their answers, and first answers. Pure.

The rules: docs/algorithms/derived.md. A frame's every step is one vectorised pass; no row is looked at by itself.
"""

from enum import IntEnum

import numpy as np
import pandas as pd

# In frames a missing employee or answer is 0, as no key is, so that columns stay whole numbers.
NOBODY = 0
OWNER = ["owner_type", "owner"]


class Role(IntEnum):
    """What an activity does to the requests of the record it stands on."""

    OPENS = 0
    TAKEN = 1
    SENT = 2


def pair_requests(activities: pd.DataFrame) -> pd.DataFrame:
    """Find the requests and what answered them.

    Shape: of activities owner_type, owner, at, external_id, activity, employee, role and asked_on, in any order; a row
    per request with the columns of its opening activity and count, answer (0: none) and answered_at, by owner and time.
    Units: `at` and `answered_at` in seconds.
    """
    rows = activities.sort_values([*OWNER, "at", "external_id"], ignore_index=True)
    opens = (rows["role"] == Role.OPENS).to_numpy()
    follows = continue_owner(rows)
    # Openings in a row are one request; what comes right after them on the same record can only be an answer.
    in_a_row = follows & opens & shift(opens, 1)
    first = np.flatnonzero(opens & ~in_a_row)
    last = np.flatnonzero(opens & ~shift(in_a_row, -1))
    answer = last + 1
    answered = shift(follows, -1)[last]
    found = rows.iloc[first].reset_index(drop=True)
    after = np.minimum(answer, len(rows) - 1)
    found["count"] = last - first + 1
    found["answer"] = np.where(answered, rows["activity"].to_numpy()[after], NOBODY)
    found["answered_at"] = np.where(answered, rows["at"].to_numpy()[after], found["at"])
    return found


def find_first_answers(activities: pd.DataFrame, created: pd.DataFrame) -> pd.DataFrame:
    """Find the first outgoing activity on each record since it was created.

    Shape: `created` has owner and at, once an owner; a row per answered record with owner, created_at, answer and
    answered_at, by owner.
    """
    sent = activities.loc[activities["role"] == Role.SENT, ["owner", "at", "external_id", "activity"]]
    both = sent.merge(created.rename(columns={"at": "created_at"}), on="owner")
    later = both[both["at"] >= both["created_at"]].sort_values(["owner", "at", "external_id"])
    first = later.drop_duplicates("owner").rename(columns={"activity": "answer", "at": "answered_at"})
    return first[["owner", "created_at", "answer", "answered_at"]].reset_index(drop=True)


def continue_owner(rows: pd.DataFrame) -> np.ndarray:
    """Tell for each row whether the one before it stands on the same record."""
    follows = np.zeros(len(rows), dtype=bool)
    for column in OWNER:
        values = rows[column].to_numpy()
        follows[1:] |= values[1:] != values[:-1]
    follows[1:] = ~follows[1:]
    return follows


def shift(flags: np.ndarray, by: int) -> np.ndarray:
    """Move flags on by one row, or back; False where none comes from."""
    moved = np.zeros_like(flags)
    if by > 0:
        moved[by:] = flags[:-by]
    else:
        moved[:by] = flags[-by:]
    return moved

"""Columns of frames as lists of what tables hold, with None where nothing is known. Pure."""

import numpy as np
import pandas as pd


def fill_gaps(keys: pd.Series) -> list[int | None]:
    """Give keys with None where there is none."""
    return [key or None for key in keys.tolist()]


def spread(seconds: np.ndarray | None, known: np.ndarray) -> list[int | None]:
    """Give the seconds of the known rows among all rows; None for the others, and for all when there are none."""
    told: list[int | None] = [None] * len(known)
    if seconds is not None:
        for at, value in zip(known.nonzero()[0].tolist(), seconds.tolist(), strict=True):
            told[at] = value
    return told

"""The tables to work on: a small set of our own, and the real one where this machine has it."""

import os
from pathlib import Path

import pytest
from django.conf import settings

from tests.realdata.convert import TABLES
from tests.realdata.sample import write_sample


def find_real_data() -> Path | None:
    """Find the folder with the real tables: REALDATA_DIR, else shared/data beside the project."""
    named = os.environ.get("REALDATA_DIR")
    folder = Path(named or settings.BASE_DIR.parent / "shared" / "data")
    found = all((folder / f"{name}.csv.gz").is_file() for name in TABLES)
    assert found or not named, "REALDATA_DIR is set, but its folder does not have all tables."
    return folder if found else None


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session", params=["sample", "real"])
def source(request: pytest.FixtureRequest, sample: Path) -> Path:
    if request.param == "sample":
        return sample
    folder = find_real_data()
    if folder is None:
        pytest.skip("The real sales data is not here: name its folder in REALDATA_DIR.")
    return folder

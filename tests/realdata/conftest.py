"""The tables to work on: a small set of our own, and the real one where this machine has it."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings

from tests.realdata.convert import REVIEWS, TABLES, convert_tables
from tests.realdata.sample import write_sample
from tests.realdata.thinning import write_slice


def find_real_data() -> Path | None:
    """Find the folder with the real tables: REALDATA_DIR, else shared/data beside the project."""
    named = os.environ.get("REALDATA_DIR")
    folder = Path(named or settings.BASE_DIR.parent / "shared" / "data")
    found = all((folder / f"{name}.csv.gz").is_file() for name in (*TABLES, REVIEWS))
    assert found or not named, "REALDATA_DIR is set, but its folder does not have all tables."
    return folder if found else None


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def real() -> Path:
    folder = find_real_data()
    if folder is None:
        pytest.skip("The real sales data is not here: name its folder in REALDATA_DIR.")
    return folder


@pytest.fixture(scope="session", params=["sample", "real"])
def source(request: pytest.FixtureRequest) -> Path:
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def sliced(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A part of the real data, for what has to be quick; REALDATA_DIR asks for the whole."""
    if "REALDATA_DIR" in os.environ:
        return real
    return write_slice(real, tmp_path_factory.mktemp("slice"), every=20)


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Convert tables into a folder, once for each."""
    folders: dict[Path, Path] = {}

    def convert_once(source: Path) -> Path:
        if source not in folders:
            folders[source] = tmp_path_factory.mktemp("folder")
            convert_tables(source, folders[source])
        return folders[source]

    return convert_once

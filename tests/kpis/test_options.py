"""A portal's choice: only what departs from the catalogue is stored, and no save undoes another one unseen."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from crmsync.models import Portal, TouchedDay
from kpis import options as options_module
from kpis.catalog import BY_KEY, CATALOG
from kpis.models import KpiOptions, KpiSetting
from kpis.options import (
    SETTINGS,
    Saved,
    StaleOptionsError,
    read_choice,
    read_options,
    read_settings,
    save_choice,
    take_fingerprint,
    trim_setting,
)

needs_locks = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway")


def setting(portal: Portal, kpi: str = "csat", **fields: Any) -> KpiSetting:
    return KpiSetting(portal=portal, kpi=kpi, **fields)


def save(portal: Portal, *settings: KpiSetting, fingerprint: str | None = None, **fields: Any) -> Saved:
    options = read_options(portal)
    for name, value in fields.items():
        setattr(options, name, value)
    shown = take_fingerprint(portal) if fingerprint is None else fingerprint
    return save_choice(options, settings, fingerprint=shown)


def list_stored(portal: Portal) -> dict[str, tuple[Any, ...]]:
    return {key: tuple(getattr(row, name) for name in SETTINGS) for key, row in read_settings(portal).items()}


def test_catalogue_leaves_no_row(portal: Portal) -> None:
    assert save(portal, *(setting(portal, kpi.key) for kpi in CATALOG)) == Saved((), {})
    assert not KpiSetting.objects.exists()
    assert not KpiOptions.objects.exists()


def test_own_norm_is_stored_and_holds(portal: Portal) -> None:
    saved = save(portal, setting(portal, norm_low=Decimal(90), norm_source="договор"))
    assert saved == Saved((), {"csat": ("norm_low", "norm_source")})
    assert list_stored(portal) == {"csat": (True, Decimal(90), None, "договор")}
    (kpi,) = read_choice(portal, keys=("csat",)).kpis
    assert (kpi.norm.low, kpi.norm.source) == (Decimal(90), "договор")


def test_norm_equal_to_the_catalogues_is_not_stored(portal: Portal) -> None:
    same = {"norm_low": Decimal("15.0000"), "norm_high": Decimal(25)}
    save(portal, setting(portal, "lead_conversion", is_on=False, **same))
    assert list_stored(portal) == {"lead_conversion": (False, None, None, "")}


def test_same_figures_from_elsewhere_are_stored(portal: Portal) -> None:
    own = {"norm_low": Decimal(15), "norm_high": Decimal(25), "norm_source": "отчёт"}
    save(portal, setting(portal, "lead_conversion", **own))
    assert list_stored(portal) == {"lead_conversion": (True, Decimal(15), Decimal(25), "отчёт")}


def test_row_that_departs_no_more_is_deleted(portal: Portal) -> None:
    save(portal, setting(portal, is_on=False), setting(portal, "cac", norm_high=Decimal(5)))
    saved = save(portal, setting(portal), setting(portal, "cac", norm_high=Decimal(5)))
    assert saved == Saved((), {"csat": ("is_on",)})
    assert list(list_stored(portal)) == ["cac"]


def test_setting_of_a_kpi_that_is_gone_stays(portal: Portal) -> None:
    setting(portal, "luck", is_on=False).save()
    save(portal, *(setting(portal, kpi.key) for kpi in CATALOG))
    assert list(list_stored(portal)) == ["luck"]


def test_other_portals_keep_theirs(portal: Portal) -> None:
    other = Portal.objects.create(name="Лютик", origin="https://other.example")
    save(other, setting(other, is_on=False), churn_days=90)
    save(portal, setting(portal, norm_low=Decimal(90)))
    save(portal, setting(portal))
    assert list_stored(other) == {"csat": (False, None, None, "")}
    assert read_options(other).churn_days == 90


@pytest.mark.parametrize(
    ("fields", "is_felt"),
    [
        ({"satisfied_from": 5}, True),
        ({"cost_source": "products"}, True),
        ({"cost_source": "field", "cost_field": "UF_CRM_COST"}, True),
        ({"churn_days": 90}, False),
    ],
)
def test_everything_is_touched_when_a_definition_changes(portal: Portal, fields: dict[str, Any], is_felt: bool) -> None:
    assert save(portal, **fields) == Saved(tuple(fields), {}, is_felt)
    assert TouchedDay.objects.filter(portal=portal, employee=None, day=None).exists() == is_felt


def test_kpis_and_norms_touch_nothing(portal: Portal) -> None:
    save(portal, setting(portal, is_on=False), setting(portal, "cac", norm_high=Decimal(5)))
    assert not TouchedDay.objects.exists()


def test_later_save_does_not_undo_the_earlier(portal: Portal) -> None:
    shown = take_fingerprint(portal)
    save(portal, setting(portal, is_on=False), fingerprint=shown)
    with pytest.raises(StaleOptionsError):
        save(portal, setting(portal), setting(portal, "cac", is_on=False), satisfied_from=5, fingerprint=shown)
    assert list_stored(portal) == {"csat": (False, None, None, "")}
    assert read_options(portal).satisfied_from == 4
    assert not TouchedDay.objects.exists()


def test_without_the_fingerprint_the_earlier_save_would_be_undone(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The control: nothing but the fingerprint keeps two editors apart.
    monkeypatch.setattr(options_module, "take_fingerprint", lambda portal: "same")
    save(portal, setting(portal, is_on=False), fingerprint="same")
    save(portal, setting(portal), fingerprint="same")
    assert list_stored(portal) == {}


def test_repeated_click_is_no_conflict(portal: Portal) -> None:
    shown = take_fingerprint(portal)
    assert save(portal, setting(portal, is_on=False), satisfied_from=5, fingerprint=shown).is_felt
    assert save(portal, setting(portal, is_on=False), satisfied_from=5, fingerprint=shown) == Saved((), {})
    assert TouchedDay.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda portal: KpiOptions.objects.create(portal=portal, churn_days=90),
        lambda portal: setting(portal, is_on=False).save(),
        lambda portal: setting(portal, norm_low=Decimal("0.0001")).save(),
        lambda portal: setting(portal, norm_source="x").save(),
    ],
)
def test_fingerprint_follows_every_change(portal: Portal, change: Callable[[Portal], Any]) -> None:
    before = take_fingerprint(portal)
    assert take_fingerprint(portal) == before
    change(portal)
    assert take_fingerprint(portal) != before


def test_row_of_defaults_is_like_no_row(portal: Portal) -> None:
    before = take_fingerprint(portal)
    KpiOptions.objects.create(portal=portal)
    assert take_fingerprint(portal) == before


def save_elsewhere(portal: Portal) -> Any:
    """Save on another connection, which gives up at once instead of waiting for a lock."""

    def work() -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            return save(portal, setting(portal, "cac", is_on=False))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


@needs_locks
@pytest.mark.django_db(transaction=True)
def test_second_save_waits_for_the_first(portal: Portal) -> None:
    with transaction.atomic():
        save(portal, setting(portal, is_on=False))
        with pytest.raises(OperationalError, match="lock timeout"):
            save_elsewhere(portal)
    assert list_stored(portal) == {"csat": (False, None, None, "")}


@needs_locks
@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_second_save_would_not_wait(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: nothing but the lock keeps two saves apart between the look and the write.
    monkeypatch.setattr(Portal.objects, "select_for_update", lambda **_: Portal.objects.all())
    with transaction.atomic():
        save(portal, setting(portal, is_on=False))
        assert save_elsewhere(portal).settings == {"cac": ("is_on",)}


def land(portal: Portal) -> None:
    """Write a row that refers to the portal, as a sync does all the time, on another connection."""

    def work() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        try:
            TouchedDay.objects.create(portal=portal, employee=None, day=None)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


@needs_locks
@pytest.mark.django_db(transaction=True)
def test_mirror_is_written_while_a_save_is_under_way(portal: Portal) -> None:
    with transaction.atomic():
        save(portal, setting(portal, is_on=False))
        land(portal)
    assert TouchedDay.objects.count() == 1


@needs_locks
@pytest.mark.django_db(transaction=True)
def test_with_a_stronger_lock_the_mirror_would_wait(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    # The control: a lock against references too would stop every page of a sync.
    monkeypatch.setattr(Portal.objects, "select_for_update", lambda **_: Portal.objects.all().select_for_update())
    with transaction.atomic():
        save(portal, setting(portal, is_on=False))
        with pytest.raises(OperationalError, match="lock timeout"):
            land(portal)


LEVELS = st.none() | st.decimals(min_value=0, max_value=100, places=4)


@given(
    key=st.sampled_from(sorted(BY_KEY)), on=st.booleans(), low=LEVELS, high=LEVELS, source=st.sampled_from(["", "x"])
)
@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_saved_is_what_is_read(
    portal: Portal, key: str, on: bool, low: Decimal | None, high: Decimal | None, source: str
) -> None:
    chosen = setting(portal, key, is_on=on, norm_low=low, norm_high=high, norm_source=source)
    save(portal, chosen)
    wanted = trim_setting(chosen)
    stored = read_settings(portal).get(key, KpiSetting(kpi=key))
    assert [getattr(stored, name) for name in SETTINGS] == [getattr(wanted, name) for name in SETTINGS]
    assert save(portal, chosen, fingerprint="") == Saved((), {})

"""System checks: the two lists and the columns of the facts must agree before anything is computed from them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldDoesNotExist
from django.db.models import ForeignKey, Model

from crmsync.bitrix24.streams import BY_KEY as STREAMS
from kpis.catalog import CATALOG
from kpis.computed import COMPUTED
from kpis.kpi import Kpi, NormKind
from kpis.measures import MEASURES, Measure
from kpis.models import DailyFact, MonthlyFact
from kpis.units import Direction, Unit

OWN_COLUMNS = {"id", "day", "month"}


@register()
def check_lists(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Check the lists of this project."""
    return [*check_measures(MEASURES, [DailyFact, MonthlyFact]), *check_catalog(CATALOG, MEASURES)]


def check_measures(measures: Sequence[Measure], tables: Iterable[type[Model]]) -> list[CheckMessage]:
    """Check that measures and columns are the same set, and that each measure names what exists."""
    keys = [measure.key for measure in measures]
    errors = [Error(f"Measure {key} is declared twice.", id="kpis.E001") for key in find_repeated(keys)]
    for table in tables:
        columns = list_columns(table)
        errors += [
            Error(f"Measure {key} has no column in {table.__name__}.", id="kpis.E002")
            for key in sorted(set(keys) - columns)
        ]
        errors += [
            Error(f"Column {table.__name__}.{column} has no measure.", id="kpis.E003")
            for column in sorted(columns - set(keys))
        ]
    return [*errors, *(error for measure in measures for error in check_measure(measure))]


def check_measure(measure: Measure) -> list[CheckMessage]:
    """Check that the fields and streams that one measure names exist."""
    named = [measure.dated_by, *filter(None, [measure.credited_to, measure.total])]
    missing = [f"{measure.source.__name__}.{name}" for name in named if not has_field(measure.source, name)]
    missing += [f"stream {stream}" for stream in measure.streams if stream not in STREAMS]
    return [Error(f"Measure {measure.key} reads {name}, which does not exist.", id="kpis.E004") for name in missing]


def check_catalog(catalog: Sequence[Kpi], measures: Sequence[Measure]) -> list[CheckMessage]:
    """Check that every KPI is declared once and is computable from the measures."""
    known = {measure.key for measure in measures}
    errors: list[CheckMessage] = [
        Error(f"KPI {key} is declared twice.", id="kpis.E005") for key in find_repeated(kpi.key for kpi in catalog)
    ]
    for kpi in catalog:
        errors += [
            Error(f"KPI {kpi.key} reads measure {key}, which does not exist.", id="kpis.E006")
            for key in (kpi.shown if kpi.additive else ())
            if key not in known
        ]
        errors += [Error(f"KPI {kpi.key}: {reason}.", id="kpis.E007") for reason in find_nonsense(kpi)]
    return errors


def find_nonsense(kpi: Kpi) -> list[str]:
    """Say what is wrong with a KPI in itself."""
    wrong = {
        "its version must be 1 or more": kpi.version < 1,
        "its scale must be positive": kpi.scale <= 0,
        "it is shared out, so it needs a denominator": kpi.is_share and kpi.denominator is None,
        "it does not add up, so it needs a function": not kpi.additive and kpi.key not in COMPUTED,
        "its norm has no figures": kpi.norm.kind == NormKind.FIGURE and kpi.norm.low is kpi.norm.high is None,
        "its name, description or meaning of no data is empty": not (kpi.name and kpi.description and kpi.no_data),
        "a scale needs a denominator": kpi.denominator is None and kpi.scale != 1,
        "its unit is unknown": kpi.unit not in Unit,
        "its direction is unknown": kpi.direction not in Direction,
    }
    return [reason for reason, applies in wrong.items() if applies]


def list_columns(table: type[Model]) -> set[str]:
    """List the columns of a fact table that hold measures."""
    fields = table._meta.concrete_fields
    return {field.name for field in fields if not isinstance(field, ForeignKey)} - OWN_COLUMNS


def has_field(model: type[Model], name: str) -> bool:
    """Say whether the model has a field of that name."""
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def find_repeated(keys: Iterable[str]) -> list[str]:
    """List the keys that occur more than once."""
    return [key for key, count in Counter(keys).items() if count > 1]

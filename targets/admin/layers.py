"""What of its targets a grid shows: the targets themselves, or one of the numbers that stand beside each."""

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from targets.cells import FIELDS

LAYERS = {
    "value": _("Targets"),
    "weight": _("Weights"),
    "threshold": _("Thresholds"),
    "stretch": _("Stretch levels"),
    "min_sample": _("Least samples"),
}
FIELD_NAMES = {
    "value": _("target"),
    "weight": _("weight"),
    "threshold": _("threshold"),
    "stretch": _("stretch level"),
    "min_sample": _("least sample"),
}


@dataclass(frozen=True, slots=True)
class View:
    """What the address chooses: a field of the targets, KPIs to show without a target, and the selected cell."""

    layer: str = "value"
    kpis: tuple[str, ...] = ()
    cell: str = ""

    def address(self, **changes: str) -> str:
        """Write the query of this view with some of it changed."""
        parts = {"layer": self.layer if self.layer != "value" else "", "cell": self.cell, **changes}
        pairs = [(name, value) for name, value in parts.items() if value]
        return "?" + urlencode([*pairs, *(("kpi", key) for key in self.kpis)])

    def list_layers(self) -> list[dict[str, object]]:
        """List the layers with their addresses."""
        return [
            {"name": name, "link": self.address(layer=key if key != "value" else ""), "is_shown": key == self.layer}
            for key, name in LAYERS.items()
        ]


def read_view(data: "Collection[tuple[str, str]]") -> View:
    """Read the view that an address asks for; what it does not know is as if it were not there."""
    single = dict(data)
    layer = single.get("layer", "value")
    kpis = tuple(dict.fromkeys(value for name, value in data if name == "kpi"))
    return View(layer if layer in FIELDS else "value", kpis, single.get("cell", ""))

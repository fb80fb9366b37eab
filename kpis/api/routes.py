"""The addresses that this app adds to the API; `config/api.py` collects those of all apps."""

from rest_framework.routers import SimpleRouter

from kpis.api.catalogue import KpiView
from kpis.api.employees import EmployeeView
from kpis.api.explanations import ExplanationView
from kpis.api.values import KpiValueView

router = SimpleRouter()
router.register("kpis", KpiView, basename="kpi")
router.register("kpi-values", KpiValueView, basename="kpi-value")
router.register("explain", ExplanationView, basename="explanation")
router.register("employees", EmployeeView, basename="employee")

"""What a comparison supposes of the portal: its zone, what is known of costs, and the definitions' own choices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    """One way to read the same tables; the plain one is what a portal without any options says."""

    zone: str = "Europe/Moscow"
    costs: bool = False
    churn_days: int = 180
    satisfied_from: int = 4
    business_hours: bool = False


PLAIN = Scenario()
# Everything that an administrator can choose is chosen otherwise.
CHOSEN = Scenario(costs=True, churn_days=90, satisfied_from=5, business_hours=True)
WESTERN = Scenario(zone="America/Sao_Paulo", costs=True)

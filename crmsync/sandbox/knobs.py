"""What can be turned on a running sandbox: limits, costs, and the habits the documentation is not sure about."""

from dataclasses import dataclass

DEFAULT_CODE = "sandbox-secret"


@dataclass
class Knobs:
    """Settings of one server; tests may change them between two requests.

    Units: bucket_leak in requests a second, operating_limit and the charges in seconds.
    Empty: a bucket capacity or an operating limit of 0 switches that limit off.
    """

    bucket_capacity: float = 50
    bucket_leak: float = 2.0
    operating_limit: float = 480.0
    seconds_per_row: float = 0.0
    seconds_per_call: float = 0.0
    uncounted_total: str = "absent"
    scope_status: int = 403
    batch_overflow: str = "commands"
    user_tz_shift: int = 0
    refuse: str = ""
    unknown_code: str = "no_auth"
    token_calls: int = 0
    token_seconds: float = 3600.0
    keep_refresh: bool = False
    event_drop: float = 0.0
    event_copies: int = 1
    event_order: str = "sent"
    event_timing: str = "after"
    event_proof: str = "right"
    event_shape: str = "plain"
    event_echo: bool = True

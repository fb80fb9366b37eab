"""The read-only API of targets and scorecards, over the framework of `kpis.api`."""

"""Fills of the facts: everything by ranges of days, or just the touched cells, and the state of both."""

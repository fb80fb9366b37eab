"""Derived rows: computed from several records of the mirror together, before the facts count them."""

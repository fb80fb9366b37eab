"""A made-up Russian company of any size: its history is drawn from a seed and kept as columns."""

from crmsync.sandbox.company.build import make_company

__all__ = ["make_company"]

"""Costs of marketing and sales: files read, compared with what is stored, written with their day touched."""

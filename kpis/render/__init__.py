"""What is computed, written for people or as JSON: the edges share it, and nothing is computed here."""

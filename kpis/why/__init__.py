"""Why revenue changed between two periods: read by source, split exactly, told in words and tables."""

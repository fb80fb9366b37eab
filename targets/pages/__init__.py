"""What the pages of scorecards show: selectors that read, and frozen values that templates only write out."""

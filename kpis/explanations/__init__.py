"""Why a number is what it is: the formula, the very records that count, and those that do not."""

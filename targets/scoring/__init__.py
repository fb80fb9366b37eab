"""From results and rules to a payout, exact to the kopeck: pure, and the same for the site, the API and `simulate`."""

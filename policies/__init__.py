"""Says what happens to a finding, and does it: profiles, burning, tokens, dates, and the attack on the result."""

"""Traffic: how much of what there was over time."""

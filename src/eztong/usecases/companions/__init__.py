"""The companion actions: comparing identity data for a merchant, and charging for it."""

"""Counts over time, as the charts of the console draw them."""

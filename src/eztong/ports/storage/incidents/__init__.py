"""Ports of incidents."""

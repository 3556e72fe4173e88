"""Incidents: what everybody reads of them on the pages, and what is reported to the authorities."""

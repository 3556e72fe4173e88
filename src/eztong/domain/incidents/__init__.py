"""Incidents and announced work: what people are told while the service is out of order, or will be."""

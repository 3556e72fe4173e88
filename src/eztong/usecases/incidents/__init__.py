"""Incidents: opened, announced, told of and ended, by staff or by the circuit breaker in front of the authority."""

"""Incidents: opened, announced, told of, ended and reported to the authorities, by staff or the circuit breaker."""

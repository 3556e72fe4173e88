"""Going live: from nothing to a service that may start, step by step."""

"""Tables of talks with the service."""

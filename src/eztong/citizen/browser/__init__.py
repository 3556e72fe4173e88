"""What journeys know of a browser: what it is, what it keeps, the session it is given."""

"""Messages to holders: queued, warned of, delivered."""

"""Messages that leave through the outbox."""

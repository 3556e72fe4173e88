"""A partner's requests: opened, answered, refused, set aside."""

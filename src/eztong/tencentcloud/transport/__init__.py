"""What comes before any action: framing, signature, account, parameters, errors."""

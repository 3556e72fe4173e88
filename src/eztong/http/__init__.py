"""What every HTTP door shares; it knows nothing about identity."""

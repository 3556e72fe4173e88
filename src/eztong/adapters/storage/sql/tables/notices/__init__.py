"""What is told to holders, and what they chose of it."""

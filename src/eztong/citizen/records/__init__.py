"""What was used when, and «that was not me»."""

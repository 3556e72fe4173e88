"""What is out of order, announced and over, for everybody."""

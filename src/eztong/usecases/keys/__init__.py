"""What is done to the service's keys: ceremonies that two operators stand for, and sealing again."""

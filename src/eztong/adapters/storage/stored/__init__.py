"""What is looked up in a stored database, whichever it is, before or beside the service that has it open."""

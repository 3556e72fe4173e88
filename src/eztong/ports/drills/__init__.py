"""The port of the machine that the service runs on."""

"""The command line: thin commands over use cases and wiring, one file for each noun."""

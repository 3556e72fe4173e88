"""The ports of deregistration: the deregistrations themselves, and the eraser."""

"""Presentation codes and the verifications that they make."""

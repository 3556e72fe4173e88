"""Texts of messages: proposed, and published by a second operator."""

"""Assistance: who helps an elder for a while, with notices alone, and until when."""

"""The holder's contact: changing the phone, keeping the old one, what waits meanwhile."""

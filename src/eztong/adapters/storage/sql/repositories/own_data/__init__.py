"""Repositories of a holder's own data: what is kept, and corrections of it."""

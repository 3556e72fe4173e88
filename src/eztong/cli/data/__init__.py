"""Commands that keep a database: check, backup, restore, upgrade."""

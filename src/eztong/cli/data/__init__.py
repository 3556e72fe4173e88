"""Commands that keep a database: check, backup, restore, upgrade; and the lock of its folder."""

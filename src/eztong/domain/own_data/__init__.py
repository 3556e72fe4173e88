"""A holder's own data: corrections of what was checked."""

"""The service's keys: making, listing and changing them, each change a ceremony that two operators stand for."""

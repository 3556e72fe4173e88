"""Work that outlives the request that caused it: kinds, their pauses, and what becomes of a piece of it."""

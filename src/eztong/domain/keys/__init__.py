"""The service's keys as operators see them: what there is, what is done to it, and how far a re-seal has come."""

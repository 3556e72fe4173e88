"""Partners at the console: whom there are, their applications, keys, people at the portal, and webhooks."""

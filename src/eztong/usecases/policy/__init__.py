"""The policy for applications: published as versions by two operators, called off, tried on past decisions."""

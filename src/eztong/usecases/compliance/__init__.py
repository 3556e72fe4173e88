"""What an auditor of compliance asks for: one pack of what is kept, let out, accepted, done and proven."""

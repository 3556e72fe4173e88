"""The policy for applications: its versions, what each rule does, trying a version, proposing and calling off."""

"""The partner portal: who acts there, invited, signed in, and asked for their role at every act."""

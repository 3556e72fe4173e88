"""The actions of the door, with their parameters and answers."""

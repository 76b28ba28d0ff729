"""What a person, a schedule or a state machine asks for: a module each."""

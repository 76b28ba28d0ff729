"""What people are told: the text, and that it reaches them."""

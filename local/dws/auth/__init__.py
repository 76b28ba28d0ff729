"""Who asks: signatures, tokens, and what the gateway makes of them."""

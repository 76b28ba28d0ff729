"""Each schema of `schemas/` as the code that checks it, up to the first fault."""

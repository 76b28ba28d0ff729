"""One file for each command; `program.py` lists them."""

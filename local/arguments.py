"""What is typed for the commands of this machine."""

import argparse


def whole_number(text: str, most: int | None = None) -> int:
    """A whole number from 1 on, as argparse takes it.

    Raises:
        argparse.ArgumentTypeError: it is none, or more than the most that is allowed.
    """
    if text.isascii() and text.isdigit() and int(text) and (most is None or int(text) <= most):
        return int(text)
    end = "on" if most is None else f"to {most}"
    raise argparse.ArgumentTypeError(f"found {text!r}, allowed: a whole number from 1 {end}")

"""Where things are: the one module that computes a path from its own."""

from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
CORPUS = TESTS / "corpus"
SIGNING_VECTORS = TESTS / "signing-vectors.json"
EMBEDDED_AWS = TESTS / "support" / "embedded_aws"

"""An AWS of one's own: ministack with its gaps filled, and what deploys to it."""

from local.aws.embedded import EmbeddedAws

__all__ = ["EmbeddedAws"]

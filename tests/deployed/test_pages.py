"""Whoever follows README.md and docs/ line by line gets what they say: each command runs as it is printed."""

import json
import re

import pytest
import yaml
from pages import STACK, Reader, blocks, outputs
from places import ROOT
from template import TEMPLATE, Loader

from local.aws import EmbeddedAws
from local.dws import Emulator

# What cannot be followed here. Each line is a block's first line, whole.
NOT_HERE = {
    "make demo    # deploys to an embedded AWS, breaks an emulated pair, fails it over and proves it": (
        "the targets are what runs this test; the demo has tests of its own"
    ),
    "hcloud SMN AddSubscription --topic_urn=<topic URN> --protocol=https --endpoint=<SmnEndpointUrl>": (
        "the provider's own command line, and a topic of the provider's"
    ),
    "git pull": "a copy of the working tree has nowhere to pull from",
}
FOLLOWED = [one for one in blocks("sh", "toml") if one.first_line not in NOT_HERE]


@pytest.fixture(scope="module")
def followed(tmp_path_factory):
    """What became of each block, one after another, for a reader with an account and a pair of their own."""
    with EmbeddedAws(auth=True) as aws, Emulator(sync_every_s=1) as emulator:
        reader = Reader(aws, emulator, tmp_path_factory.mktemp("reader"))
        return {block: reader.follow(block) for block in FOLLOWED}


@pytest.mark.parametrize("block", FOLLOWED, ids=[one.name for one in FOLLOWED])
def test_a_block_runs_as_it_is_printed(followed, block):
    ran = followed[block]
    assert ran.code == 0, ran.output
    assert "errorType" not in ran.output

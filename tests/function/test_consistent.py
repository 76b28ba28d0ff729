"""The table is read as it is: a copy that lags behind may show a pair that no run holds."""

import json

import pytest
from outages import PartsBehind, is_over_in_the_end
from parts import bus_alarm

from local.aws.proxy import Proxy

READS = {"GetItem", "Query", "BatchGetItem"}


@pytest.fixture
def reads(aws, emulator):
    """Each read of the table from an alarm to the proven end of its run, and of who asks for all."""
    emulator.vary(switching_s=0)
    with Proxy() as proxy:
        proxy.forward_to(aws.port)
        with PartsBehind(aws, emulator, proxy) as parts:
            parts.arm()
            emulator.break_production()
            parts.send(bus_alarm("dws-outage-analytics"))
            is_over_in_the_end(parts)
            parts.send({"command": "status"})
            parts.send({"command": "history", "pair": "analytics"})
            yield [
                (one.operation, json.loads(one.body))
                for one in proxy.calls
                if one.operation in READS
            ]


def test_every_read_is_strongly_consistent(reads):
    assert {operation for operation, _ in reads} == READS
    for operation, asked in reads:
        tables = asked["RequestItems"].values() if operation == "BatchGetItem" else [asked]
        assert all(one["ConsistentRead"] for one in tables), asked

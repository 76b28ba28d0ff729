"""Many invocations over one table and one provider, in simulated time.

The function's own code runs; only the clock and what lies behind the wires is simulated.
"""

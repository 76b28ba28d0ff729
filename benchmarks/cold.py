"""From the start of a process to the order: as shipped, compiled, and on a share of a CPU."""

from contextlib import ExitStack
from typing import Any

from benchmarks.ground import Ground, in_turn
from benchmarks.packages import fingerprint
from benchmarks.share import OF_1024_MB, Share
from benchmarks.taken import Sample, fail_one_over

VARIANTS = ("shipped", "compiled", "throttled")


def measure(ground: Ground, rounds: int) -> dict[str, Any]:
    """All packages in turn, in each variant.

    Returns:
        for each variant and each package its samples, and how the share was given.

    Raises:
        RuntimeError: a package was written to.
    """
    found: dict[str, Any] = {name: {one.name: [] for one in ground.packages} for name in VARIANTS}
    before = _fingerprints(ground)
    with Share(OF_1024_MB) as share:
        for turn in ground.follow(range(rounds), "cold starts"):
            for variant, samples in _turn(ground, share, turn).items():
                for name, sample in samples.items():
                    found[variant][name].append(sample)
    if _fingerprints(ground) != before:
        raise RuntimeError("a package was written to while it was measured")
    return {**found, "share": share.how}


def _turn(ground: Ground, share: Share, turn: int) -> dict[str, dict[str, Sample]]:
    found: dict[str, dict[str, Sample]] = {name: {} for name in VARIANTS}
    with ExitStack() as stack:
        stages = ground.stages(stack)
        for variant in VARIANTS:
            how = {"on_ready": share.limit} if variant == "throttled" else {}
            for package in in_turn(ground.packages, turn):
                stage, is_compiled = stages[package.name], variant != "shipped"
                with stage.environment(package, is_compiled=is_compiled, **how) as environment:
                    found[variant][package.name] = fail_one_over(
                        stage, environment, package, is_cold=True
                    )
    return found


def _fingerprints(ground: Ground) -> list[str]:
    return [fingerprint(one) for package in ground.packages for one in package.folders]

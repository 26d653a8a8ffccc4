# SPDX-License-Identifier: Apache-2.0
"""Waiting for what happens by itself. The bound is for what never comes; no machine is slow enough to reach it."""

import time

PATIENCE_S = 300


def until(condition, seconds=PATIENCE_S):
    """What `condition` gives, once that is true."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.02)
    return result

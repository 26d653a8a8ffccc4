# SPDX-License-Identifier: Apache-2.0
"""How much is prepared for a slice: by the rate seen of the same work, first in a short warm-up."""

import math

from postgres import Failed

WARM_UP_S = 1
MARGIN = 2  # times what the rate says; connections and clients do not get on equally fast
ATTEMPTS = 4


class Stocks:
    def __init__(self, warm):
        """`warm`: records prepared for a warm-up."""
        self.warm = warm
        self.rates = {}  # work -> requests a second of one lane, the most that was seen

    def slice(self, work, seconds, lanes, go, depth=1, rows=1):
        """The result of a slice that did not use up what was prepared. `go(n, seconds)` is one with n requests prepared for
        each of its lanes (connections, clients), and its result says `requests` done, `seconds`, and whether it `ran_out`."""
        if work not in self.rates:
            n = max(2 * depth, math.ceil(self.warm / lanes / max(1, rows)))
            self.rates[work] = self.rate(go(n, min(seconds, WARM_UP_S)), lanes)
        for _ in range(ATTEMPTS):
            n = math.ceil(self.rates[work] * seconds * MARGIN) + depth
            result = go(n, seconds)
            least = self.rates[work] * (2 if result["ran_out"] else 1)
            self.rates[work] = max(least, self.rate(result, lanes))
            if not result["ran_out"]:
                return result
        raise Failed(f"{n} requests prepared for each of {lanes} connections were used up in less than {seconds} s, "
                     f"as those of {ATTEMPTS - 1} slices before")

    @staticmethod
    def rate(result, lanes):
        return result["requests"] / result["seconds"] / lanes

"""`python -m tests.kills 1000 [--seed 7] [--at-once 2]`: so many kills. Exit status 1 where anything was lost."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context

from tests.kills.campaign import campaign
from tests.kills.tally import Tally

A_HOME = 25
"""Kills in one home."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=sys.modules["tests.kills"].__doc__)
    parser.add_argument("kills", type=int, nargs="?", default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first home; the next ones count on")
    parser.add_argument("--at-once", type=int, default=2, help="homes at one time")
    wanted = parser.parse_args()
    tally = Tally()
    with ProcessPoolExecutor(wanted.at_once, mp_context=get_context("spawn")) as pool:
        seed, going = wanted.seed, set[Future[Tally]]()
        while tally.count < wanted.kills or going:
            while tally.count + A_HOME * len(going) < wanted.kills and len(going) < wanted.at_once:
                going.add(pool.submit(campaign, seed, min(A_HOME, wanted.kills)))
                seed += 1
            done, going = wait(going, return_when=FIRST_COMPLETED)
            for one in done:
                tally.add(one.result())
                for sentence in one.result().lost:
                    print(sentence, file=sys.stderr, flush=True)
                print(f"{tally.count} kills, lost: {len(tally.lost)}", file=sys.stderr, flush=True)
    print(tally.table())
    return 1 if tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())

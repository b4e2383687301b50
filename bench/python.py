#!/usr/bin/env python3
"""One way from Python to verdicts, timed by bench/run: python.py WAY FILE [POLICIES]

FILE is NDJSON. Prints `ready`; then each line that comes in is a round over all documents:
    round    the nanoseconds that it took
    thread   how many per cent of its speed another Python thread keeps meanwhile
WAYS: dumps (json.dumps of dicts and nothing else), dicts (dicts are judged), dumps-texts (json.dumps, and the texts are
judged), texts (texts are judged), fill (dicts become documents of a batch and are not judged).
"""
import json
import pathlib
import sys
import threading
import time


def read_documents(path, way):
    lines = pathlib.Path(path).read_bytes().splitlines()
    return lines if way == "texts" else [json.loads(line) for line in lines]


def make_round(way, documents, policies):
    if way == "dumps":
        return lambda: [json.dumps(d) and None for d in documents]
    import berm
    policy = berm.compile(policies)
    if way == "fill":
        from berm import _core

        def fill():
            for first in range(0, len(documents), 1024):
                batch = _core.Batch(policy._handle.engine, "")
                for document in documents[first:first + 1024]:
                    batch.add(document, "")
        return fill
    encode = way == "dumps-texts"

    def judge():
        given = (json.dumps(d).encode() for d in documents) if encode else iter(documents)
        report = policy.check_many(given, workers=1, together=False, report=False)
        assert report.documents == len(documents)
    return judge


def count_until(done):
    """How many turns of a small loop this thread gets through a second until it is told."""
    turns, start = 0, time.perf_counter()
    while not done.is_set():
        for _ in range(1000):
            pass
        turns += 1
    return turns / (time.perf_counter() - start)


def other_thread_keeps(run):
    alone, beside = [], []
    for rates, work in ((alone, lambda: time.sleep(1)), (beside, run)):
        done = threading.Event()
        thread = threading.Thread(target=lambda rates=rates: rates.append(count_until(done)))
        thread.start()
        work()
        done.set()
        thread.join()
    return 100 * beside[0] / alone[0]


def main():
    way, path, *policies = sys.argv[1:]
    run = make_round(way, read_documents(path, way), policies[0] if policies else None)
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "thread":
            print(round(other_thread_keeps(run)), flush=True)
            continue
        start = time.perf_counter_ns()
        run()
        print(time.perf_counter_ns() - start, flush=True)


if __name__ == "__main__":
    main()

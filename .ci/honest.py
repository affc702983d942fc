"""An honest client next to hostile ones: a request every few milliseconds on a kept-alive connection, timed.

As a program, `honest.py PORT PATH` prints a line when it is about to begin, works until its standard input ends,
and prints how many requests failed and the latencies; as a module, `Client` runs that program.
"""
import json
import os
import select
import subprocess
import sys
import time
import http.client

PAUSE = 0.005


class Client:
    """The program, running; after `end`, its figures in seconds."""

    def __init__(self, port, path="/readyz"):
        self.process = subprocess.Popen(
            [sys.executable, "-B", os.path.abspath(__file__), str(port), path], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.process.stdout.readline()

    def end(self):
        output, _ = self.process.communicate(timeout=15)
        figures = json.loads(output.splitlines()[-1])
        self.count, self.failures = figures["count"], figures["failures"]
        self.p50, self.p99, self.most = figures["p50"], figures["p99"], figures["most"]
        return self

    def __str__(self):
        return "%d requests, %d refused, p50 %.1f ms, p99 %.1f ms, max %.1f ms" % (
            self.count, self.failures, self.p50 * 1000, self.p99 * 1000, self.most * 1000)


def main(port, path):
    print("ready", flush=True)
    times, failures, connection = [], 0, None
    while not select.select([sys.stdin], [], [], PAUSE)[0]:
        began = time.monotonic()
        try:
            if connection is None:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                failures += 1
            if response.will_close:
                connection.close()
                connection = None
        except (OSError, http.client.HTTPException):
            failures += 1
            connection = None
        times.append(time.monotonic() - began)
    times.sort()
    pick = lambda part: times[min(len(times) - 1, int(len(times) * part))] if times else 0.0
    print(json.dumps({
        "count": len(times), "failures": failures, "p50": pick(0.5), "p99": pick(0.99), "most": pick(1.0)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

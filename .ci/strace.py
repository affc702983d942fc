"""A server's writes to its data folder and answers to its clients, in order, as traced by strace under load.

strace lets a call run only after it has noted the call's start, and notes its end only when it is over: when the end
of one call stands before the start of another, it happened before it.
"""
import os
import re
import shutil
import signal
import threading

import driver

CALLS = ("openat,write,pwrite64,writev,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,ftruncate,fallocate,"
         "mkdir,mkdirat,sendto,sendmsg")
LINE = re.compile(r"(\d+) +(.*)")
UNFINISHED = " <unfinished ...>"
RESUMED = re.compile(r"<\.\.\. \w+ resumed>(.*)")
WHOLE = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
DESCRIPTOR = re.compile(r"\d+<([^>]*(?:->[^>]*)?)>")


class Call:
    """One system call: `start` and `end` are the lines where strace noted them."""

    def __init__(self, name, arguments, result, start, end):
        self.name, self.arguments, self.result, self.start, self.end = name, arguments, result, start, end
        self.texts = [unescaped(text) for text in TEXT.findall(arguments)]
        found = DESCRIPTOR.match(arguments)
        self.file = None
        if found:
            name = found.group(1)
            self.file = unescaped(name).decode() if name.startswith("\\x") else name

    @property
    def is_done(self):
        return self.result >= 0

    def paths(self):
        return [text.decode() for text in self.texts]

    def __repr__(self):
        return "%s(%s) = %d, lines %d to %d" % (
            self.name, self.file or ", ".join(map(repr, self.texts)), self.result, self.start, self.end)


def unescaped(text):
    return bytes.fromhex(text.replace("\\x", ""))


def parse(path):
    """The calls in the order in which they ended."""
    calls, begun = [], {}
    with open(path) as file:
        for number, line in enumerate(file):
            process, text = LINE.match(line.rstrip("\n")).groups()
            if text.endswith(UNFINISHED):
                begun[process] = (text[:-len(UNFINISHED)], number)
                continue
            resumed = RESUMED.match(text)
            start = number
            if resumed:
                text, start = begun.pop(process)
                text += resumed.group(1)
            whole = WHOLE.match(text)
            if whole:
                name, arguments, result = whole.groups()
                calls.append(Call(name, arguments, int(result), start, number))
    return calls


class TracedWorker(driver.Worker):
    """Remembers, for every acknowledged write, the request's id and the state after it; and what had no answer."""

    def __init__(self, name, world):
        super().__init__(name, world)
        self.written, self.states = [], [{}]
        self.steps = None

    def write(self, method, path, body, effects, statuses, touched=(), **headers):
        answer = super().write(method, path, body, effects, statuses, touched, **headers)
        self.written.append(self.client.request)
        self.states.append(dict(self.state))
        return answer

    def run(self, stop):
        self.client = TracedClient(self.world.server)
        try:
            for _ in range(self.steps):
                self.step()
        finally:
            self.client.close()


class TracedClient(driver.Client):
    """Knows the id of the request before."""

    def __call__(self, method, path, body=None, **headers):
        status, fields, answer = super().__call__(method, path, body, **headers)
        self.request = fields["X-Request-Id"]
        return status, fields, answer


def leave_crash(folder):
    """Adds what a crash in the middle of a write and of a snapshot leaves of a directory."""
    last = max(name for name in os.listdir(folder) if name.startswith("journal-"))
    for name, text in [(last, b'{"seq":'), ("journal-0000000000009999.jsonl.tmp", b'{"scimd":'),
                       ("snapshot-0000000000009998.jsonl.tmp", b'{"scimd":')]:
        with open(folder + "/" + name, "ab") as file:
            file.write(text)


def record(path, folder, operations, workers, crashed=False):
    """Plays `operations` of each worker to a traced server on a new data folder, or on one that a crash left.

    The world and the calls; `folder` holds the data folder in `data` and what it was at first in `before`.
    """
    if not shutil.which("strace"):
        raise SystemExit("install strace first")
    server = driver.Server(path, folder + "/data", ["--snapshot-bytes", "16384"])
    problems = driver.Problems()
    world = driver.World(server, problems, workers=workers, seed=5, most_users=20, most_groups=4, worker=TracedWorker)
    if crashed:
        server.start()
        world.prepare()
        server.kill()
        leave_crash(folder + "/data/directories/default")
    shutil.copytree(folder + "/data", folder + "/before", ignore=shutil.ignore_patterns("*.sock"))
    server.start(through=["strace", "-f", "-yy", "-xx", "-s", "100000000", "-o", folder + "/trace", "-e",
                          "trace=" + CALLS], limit=60)
    if not crashed:
        world.prepare()
    for worker in world.workers:
        worker.steps = operations
    threads = [threading.Thread(target=worker.run, args=(None,)) for worker in world.workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.compare()
    # strace keeps the signal for itself.
    with open(folder + "/data/LOCK") as file:
        os.kill(int(file.read()), signal.SIGTERM)
    server.process.wait()
    if problems.counts:
        raise SystemExit("the traced server answers wrongly: %s" % problems.counts)
    return world, parse(folder + "/trace")


REQUEST = re.compile(rb"\r\nX-Request-Id: *([^\r]+)\r\n", re.IGNORECASE)


def acknowledgements(calls):
    """The first call that sends anything of the answer to a request, by the request's id; successful ones only."""
    sent = {}
    for call in calls:
        if call.name in ["sendto", "sendmsg", "write", "writev"] and call.texts:
            data = b"".join(call.texts)
            found = REQUEST.search(data[:4096])
            if data.startswith(b"HTTP/1.1 2") and found:
                sent.setdefault(found.group(1).decode(), call)
    return sent

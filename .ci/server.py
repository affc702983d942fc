"""One scimd process, its folder, and a connection to it; what every script here needs to try it from outside."""
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time


def binary(arguments, position):
    """The scimd to test: an argument, $SCIMD, or where a release build puts it."""
    if len(arguments) > position:
        return os.path.abspath(arguments[position])
    for path in [os.environ.get("SCIMD", ""), ".build/release/scimd"]:
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    raise SystemExit("no scimd found; build with `swift build -c release` or name it")


class Problems:
    """What went wrong, by kind."""

    def __init__(self, quiet=False):
        self.counts, self.quiet = {}, quiet
        self.lock = threading.Lock()

    def add(self, kind, text):
        with self.lock:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            if self.counts[kind] <= 20 and not self.quiet:
                print("%s: %s" % (kind.upper(), text), flush=True)

    def __getitem__(self, kind):
        return self.counts.get(kind, 0)


def free_port():
    """A port that no connection takes as its own end meanwhile, so that a server can have it again and again."""
    with open("/proc/sys/net/ipv4/ip_local_port_range") as file:
        first = int(file.read().split()[0])
    while True:
        port = random.SystemRandom().randrange(max(first - 20000, 1024), first)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def made_key(path, folder):
    """A new key of the folder, which is made if it does not exist."""
    if not os.path.exists(folder + "/format"):
        subprocess.run([path, "store", "init", "--data", folder], capture_output=True, check=True)
    # Some scripts move the clock by years.
    subprocess.run([path, "directory", "update", "default", "--key-max-days", "0", "--data", folder], capture_output=True)
    made = subprocess.run(
        [path, "key", "create", "--data", folder, "--name", "load", "--expires", "never", "--json"],
        capture_output=True, text=True)
    if made.returncode != 0:
        raise SystemExit("no key could be made: " + made.stderr)
    return json.loads(made.stdout)["key"]


def compiled(source, folder):
    """A library of Tests/Faults for LD_PRELOAD, put into the folder."""
    here = os.path.dirname(os.path.abspath(__file__))
    library = os.path.join(folder, source.replace(".c", ".so"))
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise SystemExit("install a C compiler first")
    subprocess.run([compiler, "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library,
                    os.path.join(here, "../Tests/Faults", source)], check=True)
    return library


class Server:
    """One scimd process on one folder and one port, started again and again; makes a key unless it is given one."""

    def __init__(self, path, folder, options=(), key=None):
        self.path, self.folder, self.options = path, folder, list(options)
        self.process = None
        self.port = free_port()
        self.key = key or made_key(path, folder)
        self.errors = tempfile.TemporaryFile(mode="w+")

    def command(self, options=()):
        return [self.path, "serve", "--data", self.folder, "--listen", "127.0.0.1:%d" % self.port,
                "--access-log", "off", "--key-rate", "off"] + self.options + list(options)

    def start(self, options=(), limit=30.0, through=(), environment=None):
        """Seconds until it answers; `through` is a command line that runs the server's."""
        began = time.monotonic()
        self.process = subprocess.Popen(
            list(through) + self.command(options), stdout=subprocess.DEVNULL, stderr=self.errors,
            env={**os.environ, **(environment or {})})
        while True:
            code = self.process.poll()
            if code is not None:
                raise RuntimeError("the server ended with %d: %s" % (code, self.messages()[-500:]))
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                status = connection.getresponse().status
                connection.close()
                if status == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            if time.monotonic() - began > limit:
                raise RuntimeError("the server does not answer")
            time.sleep(0.001)

    def messages(self):
        self.errors.seek(0)
        return self.errors.read()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self, limit=20.0):
        """The exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(limit), time.monotonic() - began
        except subprocess.TimeoutExpired:
            self.kill()
            return None, time.monotonic() - began

    def verify(self):
        """None when `store verify` finds the folder sound, else what it says."""
        done = subprocess.run(
            [self.path, "store", "verify", "--data", self.folder], capture_output=True, text=True)
        return None if done.returncode == 0 and "is sound" in done.stdout else done.stdout + done.stderr


class Client:
    """One keep-alive connection."""

    def __init__(self, server):
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        self.headers = {"Authorization": "Bearer " + server.key, "Content-Type": "application/scim+json"}

    def __call__(self, method, path, body=None, **headers):
        """Status, fields, and the body as JSON or None; OSError or HTTPException without an answer."""
        self.connection.request(
            method, "/scim/v2" + path, None if body is None else json.dumps(body),
            {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}})
        response = self.connection.getresponse()
        data = response.read()
        return response.status, response.headers, json.loads(data) if data else None

    def close(self):
        self.connection.close()


class ControlSocket(http.client.HTTPConnection):
    """The unix socket of a data folder."""

    def __init__(self, folder):
        super().__init__("localhost", timeout=30)
        self.path = folder + "/control.sock"

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Version(int):
    """The own part of a version, such as W/"4gT0aZk9.7-0123456789ab": ordered by its number, equal only within the same
    life of the log. The part after the dash, for values of other resources, does not count."""

    def __new__(cls, text):
        own = text[3:-1].split("-")[0]
        version = super().__new__(cls, own.split(".")[-1])
        version.own = own
        version.text = text
        return version

    def __getnewargs__(self):
        return (self.text,)

    def __eq__(self, other):
        return self.own == other.own if isinstance(other, Version) else int(self) == other

    def __ne__(self, other):
        return not self == other

    __hash__ = int.__hash__

    def before(self):
        """The version with the number before."""
        return Version('W/"%s%d"' % (self.own[:-len(str(int(self)))], self - 1))

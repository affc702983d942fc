"""The rows of `budget` that ask for much memory: what the process holds before, at most and after each."""
import json
import socket
import time
import urllib.parse

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
BULK = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"


def resident(process, name="VmRSS"):
    """MiB."""
    with open("/proc/%d/status" % process) as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":")) / 1024


class Memory:
    """What a process holds while something is asked of it."""

    def __init__(self, process):
        self.process = process
        self.before = resident(process)
        with open("/proc/%d/clear_refs" % process, "w") as file:
            file.write("5")

    def end(self, seconds=12):
        """Waits for memory to be given back."""
        self.peak = resident(self.process, "VmHWM")
        for _ in range(seconds * 5):
            self.after = resident(self.process)
            if self.after < self.before + 16:
                break
            time.sleep(0.2)
        return self

    def __str__(self):
        return "RSS %6.0f -> %6.0f -> %6.0f MiB" % (self.before, self.peak, self.after)


def bulk(operations):
    return {"schemas": [BULK], "Operations": operations}


def large_users(table, count, byte_count):
    """Users of so many bytes each: ids."""
    emails = [{"value": "a" * 64_950 + str(i)} for i in range(byte_count // 65_000)]
    return [table.user("large%d" % i, emails=emails) for i in range(count)]


def chain(table, length):
    """Groups each of which contains the one before; the first has 200 users."""
    members, previous = table.users(200), None
    for start in range(0, length, 1000):
        operations = []
        for number in range(start, min(start + 1000, length)):
            inner = [{"value": i} for i in members] if number == 0 else [
                {"value": "bulkId:c%d" % (number - 1) if number > start else previous}]
            operations.append({"method": "POST", "path": "/Groups", "bulkId": "c%d" % number, "data": {
                "schemas": [CORE + "Group"], "displayName": "chain %d" % number, "members": inner}})
        status, answer = table.ask("POST", "/Bulk", bulk(operations))
        if status != 200 or any(o["status"] != "201" for o in answer["Operations"]):
            raise SystemExit("no chain could be made: %s" % str(answer)[:400])
        previous = answer["Operations"][-1]["location"].rsplit("/", 1)[1]


class Reader:
    """A client that asks and does not read."""

    def __init__(self, table, path):
        self.socket = socket.create_connection(("127.0.0.1", table.port))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.sendall(("GET /scim/v2%s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n" % (
            path, table.server.key)).encode())

    def close(self):
        self.socket.close()

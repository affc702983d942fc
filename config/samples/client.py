"""An application of scimd: lists users, asks what one may do, and follows a snapshot.

SCIMD_URL=http://127.0.0.1:8080 SCIMD_KEY=... python3 client.py ada@example.com members:read
The key needs the scopes api.people.read and api.access.read.
"""
import json
import os
import sys
import urllib.parse
import urllib.request

URL, KEY = os.environ["SCIMD_URL"], os.environ["SCIMD_KEY"]


def call(path, body=None):
    """The open answer to a request; an HTTPError whose body says what to do if it is refused."""
    data = None if body is None else json.dumps(body).encode()
    fields = {"Authorization": "Bearer " + KEY, "Content-Type": "application/json"}
    return urllib.request.urlopen(urllib.request.Request(URL + path, data, fields), timeout=30)


def users():
    """Every user, page by page."""
    cursor = ""
    while True:
        page = json.load(call("/api/v1/users?limit=100" + cursor))
        yield from page["items"]
        if "next" not in page:
            return
        cursor = "&cursor=" + urllib.parse.quote(page["next"])


def snapshot():
    """How many of each there are, and the record after which that was so; read line by line, whatever its size."""
    counts = {"user": 0, "group": 0, "grant": 0}
    for line in call("/api/v1/snapshot"):
        for kind, value in json.loads(line).items():
            if kind == "asOf":
                return counts, value
            counts[kind] += 1
    raise SystemExit("the snapshot has no end: read it again")


user, permission = sys.argv[1], sys.argv[2]
print("users: %d" % sum(1 for _ in users()))
answer = json.load(call("/api/v1/access/check", {"user": user, "permission": permission}))
print("%s %s: %s" % (user, permission, "allowed" if answer["allowed"] else "denied"))
counts, as_of = snapshot()
print("snapshot: %(user)d users, %(group)d groups, %(grant)d grants" % counts)
print("as of: %s" % as_of)

"""A receiver of scimd's webhooks: verifies calls, handles each event once, and catches up from the feed.

SCIMD_SECRET=whsec_... python3 receiver.py 3000 handled.txt; it reads what it missed with SCIMD_URL and SCIMD_KEY.
"""
import base64
import hashlib
import hmac
import http.server
import json
import os
import sys
import time
import urllib.request

PORT, FILE = int(sys.argv[1]), sys.argv[2]
SECRET = base64.b64decode(os.environ["SCIMD_SECRET"].removeprefix("whsec_"))
handled = dict.fromkeys(open(FILE).read().split()) if os.path.exists(FILE) else {}


def handle(event):
    """What the application does with an event; it may come twice."""
    if event["id"] not in handled:
        print(event["id"], event["type"], event.get("subject", {}).get("userName", ""), flush=True)
        handled[event["id"]] = None
        with open(FILE, "a") as file:
            file.write(event["id"] + "\n")


def is_genuine(fields, body):
    """Whether the call is signed with the secret, and not older than five minutes."""
    number, timestamp = fields.get("webhook-id", ""), fields.get("webhook-timestamp", "0")
    text = ("%s.%s." % (number, timestamp)).encode() + body
    signature = "v1," + base64.b64encode(hmac.new(SECRET, text, hashlib.sha256).digest()).decode()
    given = fields.get("webhook-signature", "").split(" ")
    return abs(time.time() - int(timestamp)) < 300 and any(hmac.compare_digest(signature, one) for one in given)


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        genuine = is_genuine(self.headers, body)
        if genuine:
            handle(json.loads(body))
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_):
        pass


after = next((id for id in reversed(handled) if id.startswith("evt_")), None)
while after and "SCIMD_URL" in os.environ:
    request = urllib.request.Request("%s/api/v1/events?after=%s" % (os.environ["SCIMD_URL"], after))
    request.add_header("Authorization", "Bearer " + os.environ["SCIMD_KEY"])
    page = json.load(urllib.request.urlopen(request, timeout=30))
    for item in page["items"]:
        handle(item)
    after = page["next"] if page["items"] else None
http.server.HTTPServer(("127.0.0.1", PORT), Receiver).serve_forever()

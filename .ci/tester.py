"""Runs scim2-tester against BASE with the key in KEYFILE; exits with 0 where every result is SUCCESS."""

import sys
from collections import Counter

from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import check_server

base, key_file = sys.argv[1:]
with open(key_file) as file:
    key = file.read().strip()

scim = SyncSCIMClient(Client(base_url=base, headers={"Authorization": f"Bearer {key}"}))
scim.discover()
results = check_server(scim)
for result in results:
    if result.status.name != "SUCCESS":
        print(result.status.name, result.title, "|", result.reason, "|", str(result.data or "")[:300])
counts = Counter(result.status.name for result in results)
print(dict(counts))
sys.exit(0 if results and set(counts) == {"SUCCESS"} else 1)

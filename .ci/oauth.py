"""oauth.py BASE KEY-ID KEY-FILE: a real OAuth 2.0 client (requests-oauthlib) gets a token and lists users with it."""
import os
import sys
import urllib.parse

os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"  # http on this machine

import requests
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session

base, key_id, key_file = sys.argv[1:]
secret = open(key_file).read().strip()
endpoint = urllib.parse.urljoin(base, "/oauth2/token")

for form in [False, True]:
    session = OAuth2Session(client=BackendApplicationClient(client_id=key_id, scope=["scim.users.read"]))
    # By Basic, and with the credentials in the form.
    given = {"include_client_id": True, "client_secret": secret} if form else \
        {"auth": requests.auth.HTTPBasicAuth(key_id, secret)}
    token = session.fetch_token(endpoint, **given)
    assert token["token_type"] == "Bearer" and token["scope"] == ["scim.users.read"], token
    assert 3590 <= token["expires_in"] <= 3600, token
    users = session.get(base + "/Users")
    assert users.status_code == 200 and "totalResults" in users.json(), users.text
    groups = session.get(base + "/Groups")
    assert groups.status_code == 403, groups.text
    assert 'error="insufficient_scope", scope="scim.groups.read"' in groups.headers["WWW-Authenticate"]

for scope, password, error in [(["nothing"], secret, "invalid_scope"), (None, "wrong", "invalid_client")]:
    session = OAuth2Session(client=BackendApplicationClient(client_id=key_id, scope=scope))
    try:
        session.fetch_token(endpoint, auth=requests.auth.HTTPBasicAuth(key_id, password))
        raise SystemExit("a token was given: %s" % error)
    except OAuth2Error as refusal:
        assert refusal.error == error, refusal

answer = requests.get(base + "/Users", auth=(key_id, secret))
assert answer.status_code == 200, answer.text
print("requests-oauthlib: tokens by Basic and by form, scopes and errors as RFC 6749 says; requests: Basic")

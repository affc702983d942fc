"""A scimd process on an empty folder with a Chromium in front of it, and what must hold on every page of the console."""
import json
import os
import re
import shutil
import subprocess
import tempfile

from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

import server as scimd

CORE = "urn:ietf:params:scim:schemas:core:2.0:"


class Failed(Exception):
    pass


def check(condition, text):
    if not condition:
        raise Failed(text)


class Console:
    """A server on an empty folder, and a browser."""

    def __init__(self, path, playwright, shots=None, options=()):
        self.path = path
        self.shots = shots
        self.folder = tempfile.mkdtemp(prefix="scimd-console-")
        self.data = self.folder + "/data"
        self.server = scimd.Server(path, self.data, ["--outbound-allow", "127.0.0.1", *options])
        self.server.start()
        self.base = "http://127.0.0.1:%d" % self.server.port
        self.browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
        self.messages, self.foreign, self.calls = [], [], set()
        self.axe = Axe()

    def close(self):
        self.browser.close()
        self.server.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words):
        done = subprocess.run([self.path, *words, "--data", self.data], capture_output=True, text=True)
        check(done.returncode == 0, "scimd %s: %s" % (" ".join(words), done.stderr))
        return done.stdout.strip()

    def key(self, *scopes):
        return json.loads(self.command("key", "create", "--name", "console", "--scopes", ",".join(scopes), "--json"))

    def page(self, width=1280, height=860, **options):
        context = self.browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.on("console", lambda message: self.message(page, message.type, message.text))
        page.on("pageerror", lambda error: self.message(page, "error", str(error)))
        page.on("request", self.request)
        page.set_default_timeout(15000)
        return page

    def message(self, page, kind, text):
        # The browser reports refused requests itself; those are answers that the tests provoke.
        if not text.startswith("Failed to load resource"):
            self.messages.append("%s %s: %s" % (page.url, kind, text))

    def request(self, request):
        if not request.url.startswith((self.base + "/", "blob:")):
            self.foreign.append(request.url)
        path = request.url[len(self.base):].split("?")[0]
        if not re.match(r"/(console|setup)(/[0-9a-f]{16}/[a-z-]+\.[a-z]+|/)?$", path):
            self.calls.add((request.method.lower(), path))

    def unknown_calls(self):
        """What the pages asked for that the description of the API does not have."""
        client = scimd.Client(self.server)
        client.connection.request("GET", "/docs/openapi.json")
        paths = json.loads(client.connection.getresponse().read())["paths"]
        client.close()
        known = [(re.compile(re.sub(r"\\{[^}]+\\}", "[^/]+", re.escape(path)) + "$"), path) for path in paths]
        own = ("/console/session", "/setup/session", "/setup/api/")
        return sorted(
            "%s %s" % (method, path) for method, path in self.calls
            if not path.startswith(own) and not any(one.match(path) and method in paths[name] for one, name in known))

    def sign_in(self, page, *options):
        page.goto(self.command("console", *options))
        page.wait_for_selector("h1")
        expect(page.locator("h1")).to_have_text("Overview")
        check("scimc_" not in page.evaluate("location.href"), "the secret is still in the address")

    def go(self, page, place):
        page.goto("%s/console/#/default/%s" % (self.base, place))
        self.settle(page)

    def settle(self, page):
        """Until a page shows content and nothing says that it loads."""
        for _ in range(300):
            # Not `wait_for_function`, which the policy of the pages forbids.
            if page.evaluate("Boolean(document.querySelector('main h1, main .empty, main .problem')) && !document.querySelector('.loading')"):
                return page.wait_for_timeout(150)
            page.wait_for_timeout(50)
        raise Failed("%s shows nothing" % page.url)

    def look(self, page, name, schemes=("light", "dark")):
        """What must hold on every page, in light and in dark."""
        self.settle(page)
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            # What is not a colour is the same in both.
            options = {"runOnly": ["color-contrast"]} if scheme != schemes[0] else None
            found = self.axe.run(page, options=options)["violations"]
            details = ["%s %s" % (one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
            check(not found, "%s, %s: %s" % (name, scheme, details))
        page.emulate_media(color_scheme="light")
        check(page.evaluate("window.stolen") is None, "%s: a value was executed" % name)
        check(page.locator("img[src=x], script:not([src])").count() == 0, "%s: a value became markup" % name)
        self.fits(page, name)
        check(not self.messages, "%s: %s" % (name, self.messages))
        check(not self.foreign, "%s: requests to %s" % (name, self.foreign))

    def fits(self, page, name):
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(wide <= 0, "%s: wider than the window by %d" % (name, wide))

    def shot(self, page, name):
        if self.shots:
            os.makedirs(self.shots, exist_ok=True)
            page.wait_for_timeout(300)
            page.screenshot(path="%s/%s.png" % (self.shots, name))

    def scim(self, key, method, path, body=None, agent="ci"):
        client = scimd.Client(self.server)
        client.headers["Authorization"] = "Bearer " + key
        client.headers["User-Agent"] = agent
        try:
            return client(method, path, body)
        finally:
            client.close()


def user(user_name, **more):
    return {"schemas": [CORE + "User"], "userName": user_name, "active": True, **more}

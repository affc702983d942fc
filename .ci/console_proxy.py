"""The console behind a proxy that adds a path and speaks https, and over the server's own TLS."""
import json
import os
import shutil
import subprocess
import time

from playwright.sync_api import expect

import server as scimd
from browser import Console, check, user

PEM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/TLSTests/Fixtures/server")

NGINX = """
daemon off; pid %(folder)s/nginx.pid; error_log stderr crit; worker_processes 1;
events {}
http {
  access_log off; client_body_temp_path %(folder)s; proxy_temp_path %(folder)s; fastcgi_temp_path %(folder)s;
  uwsgi_temp_path %(folder)s; scgi_temp_path %(folder)s;
  server {
    listen 127.0.0.1:%(port)d ssl;
    ssl_certificate %(pem)s.pem; ssl_certificate_key %(pem)s.key;
    location /iam/ {
      proxy_pass http://127.0.0.1:%(upstream)d/;
      proxy_buffering off;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
    }
  }
}
"""


class ProxiedConsole(Console):
    """One behind nginx: https, and every path under /iam."""

    def __init__(self, path, playwright):
        self.proxy_port = scimd.free_port()
        super().__init__(path, playwright, options=[
            "--trusted-proxies", "127.0.0.1", "--doors", "scim,api,admin,console,setup,docs,health",
            "--public-url", "https://127.0.0.1:%d/iam" % self.proxy_port])
        self.base = "https://127.0.0.1:%d/iam" % self.proxy_port
        with open(self.folder + "/nginx.conf", "w") as file:
            file.write(NGINX % {"folder": self.folder, "port": self.proxy_port, "upstream": self.server.port, "pem": PEM})
        self.nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", self.folder + "/nginx.conf"])
        time.sleep(0.5)

    def close(self):
        self.nginx.terminate()
        self.nginx.wait(10)
        super().close()


def enter(console, page):
    """Signs in with a key, as one does from afar."""
    page.goto(console.base + "/console")
    page.get_by_label("Admin key").fill(console.key("admin.write", "scim.*")["key"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Overview")
    cookie, = page.context.cookies()
    check(cookie["secure"] and cookie["httpOnly"] and cookie["name"].startswith("__Host-"), "the cookie is %s" % cookie)


def proxied(path, playwright, places):
    """Every page, the wizard, live requests, a change and the set-up room under a path of a proxy."""
    console = ProxiedConsole(path, playwright)
    try:
        page = console.page(ignore_https_errors=True)
        enter(console, page)
        for place in places:
            console.go(page, place)
            console.look(page, "%s behind a proxy" % place, ("light",))
        console.go(page, "connect/generic")
        page.get_by_label("Name of this connection").fill("Proxied")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Base URL and key")).to_be_visible()
        base, key = page.locator(".secret code").all_inner_texts()
        check(base == console.base + "/scim/v2", "the base URL behind a proxy is " + base)
        page.get_by_label("I have stored the key").check()
        page.get_by_role("button", name="Continue").click()
        expect(page.locator(".live.on")).to_be_visible()
        console.scim(key, "POST", "/Users", user("proxied@example.com"))
        page.wait_for_selector("li.done[data-step=userCreated]", timeout=2000)
        page.get_by_role("link", name="See people").click()
        page.get_by_role("link", name="proxied@example.com").click()
        page.get_by_role("button", name="Deactivate").click()
        page.locator("dialog").get_by_role("button", name="Deactivate").click()
        expect(page.get_by_role("button", name="Reactivate")).to_be_visible()
        url = json.loads(console.command("connection", "link", "create", "Proxied", "--json"))["url"]
        check(url.startswith(console.base + "/setup#"), "the link leads to " + url)
        room = console.page(ignore_https_errors=True)
        room.goto(url)
        room.get_by_role("button", name="Begin").click()
        room.get_by_role("button", name="Make the key").click()
        check(room.locator(".secret code").nth(1).inner_text().startswith("scim_"), "the room makes no key")
        console.look(room, "room behind a proxy", ("light",))
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("h1")).to_have_text("Sign in")
        return "%d places under %s" % (len(places), console.base)
    finally:
        console.close()


def secure(path, playwright):
    """Over the server's own TLS: sign in, and watch a request arrive."""
    console = Console(path, playwright)
    try:
        console.server.terminate()
        console.server.options += [
            "--tls-certificate", PEM + ".pem", "--tls-key", PEM + ".key"]
        process = subprocess.Popen(console.server.command(), stdout=subprocess.DEVNULL, stderr=console.server.errors)
        console.server.process = process
        for _ in range(200):
            if subprocess.run([path, "health", "--data", console.data], capture_output=True).returncode == 0:
                break
            time.sleep(0.05)
        console.base = "https://127.0.0.1:%d" % console.server.port
        page = console.page(ignore_https_errors=True)
        enter(console, page)
        console.go(page, "activity")
        expect(page.locator(".live.on")).to_have_text("live")
        key = console.key("scim.*")["key"]
        page.evaluate("key => fetch('../scim/v2/Users', {headers: {Authorization: 'Bearer ' + key}}).then(answer => answer.status)", key)
        expect(page.locator("tbody tr").first).to_contain_text("200", timeout=3000)
        console.look(page, "over TLS", ("light",))
    finally:
        console.close()

"""The console's way to a connected provider: the wizard, and the set-up room for somebody without an account."""
import json
import os
import shutil
import subprocess
import time

from playwright.sync_api import expect

from browser import CORE, check, user

HERE = os.path.dirname(os.path.abspath(__file__))
SCRIPTS = {"okta": "okta-oin-lifecycle", "entra": "entra-scim2020"}


def connect(console, provider, title):
    """From the cards to green, with the provider's own traffic."""
    page = console.page()
    console.sign_in(page)
    page.get_by_role("link", name="Connect a provider").first.click()
    expect(page.locator("h1")).to_have_text("Connect a provider")
    page.locator("[data-provider=%s]" % provider).click()
    page.get_by_label("Name of this connection").fill(title)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Base URL and key")).to_be_visible()
    base, key = page.locator(".secret code").all_inner_texts()
    check(base == console.base + "/scim/v2" and key.startswith("scim_"), "base URL and key: " + base)
    check(page.get_by_role("button", name="Continue").is_disabled(), "the key need not be stored")
    console.look(page, provider + ": key")
    if provider == "okta":
        console.shot(page, "connect-key")
    page.get_by_label("I have stored the key").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".live")).to_have_text("watching its requests")
    guide = page.locator(".steps").inner_text()
    check(base in guide and key in guide, provider + ": the steps lack the values")
    # A key with two characters swapped.
    wrong = key[:-2] + key[-1] + key[-2] if key[-1] != key[-2] else key[:-1] + "0"
    console.scim(wrong, "GET", "/Users?count=1")
    expect(page.locator("[data-refusal]").first).to_contain_text("typing error", timeout=2000)
    console.look(page, provider + ": wrong key")
    # A mapping that leaves out what everybody must have.
    console.scim(key, "POST", "/Users", {"schemas": [CORE + "User"], "displayName": "Nameless"})
    expect(page.locator("[data-refusal]").first).to_contain_text("userName", timeout=2000)
    file = console.folder + "/connection.key"
    with open(file, "w") as out:
        out.write(key)
    script = SCRIPTS.get(provider, provider + "-lifecycle")
    if provider == "generic":
        console.scim(key, "POST", "/Users", user("generic@example.com"))
    else:
        console.command("simulate", script, "--url", base, "--key-file", file, "--profile", provider)
    began = time.monotonic()

    def steps():
        return {step["step"] for step in json.loads(console.command("connection", "show", title, "--json"))["steps"]}

    seen = steps()
    for step in seen:
        page.wait_for_selector("li.done[data-step=%s]" % step, timeout=2000)
    took = time.monotonic() - began
    check(took < 2, "%s: the steps took %.1f s" % (provider, took))
    ticked = set(page.locator("li.done[data-step]").evaluate_all("items => items.map(item => item.dataset.step)"))
    # A step is noted a moment after its request was answered, and may be on the page before the next question.
    check(seen <= ticked <= steps(), "%s: %s are ticked, %s were seen" % (provider, ticked, seen))
    if "userCreated" in seen:
        expect(page.get_by_text("%s is connected" % title)).to_be_visible()
    console.look(page, provider + ": green")
    if provider == "okta":
        page.locator(".checklist").scroll_into_view_if_needed()
        console.shot(page, "connect-watch")
    page.context.close()
    return took


def providers(console, is_short):
    names = sorted(name[:-5] for name in os.listdir(HERE + "/../Sources/CAssets/Providers"))
    if is_short:
        names = ["okta", "entra", "generic"]
    slowest = max(connect(console, name, "My " + name) for name in names)
    return "%d, the slowest checklist after %.2f s" % (len(names), slowest)


def room(console):
    """From the link in a mail to green, for somebody without an account; then again when it was revoked."""
    mail = console.folder + "/mail.txt"
    console.server.terminate()
    console.server.start(["--mail-command", "%s,%s" % (shutil.which("tee"), mail)])
    console.command("connection", "create", "--name", "Room", "--provider", "okta")
    console.command("connection", "create", "--name", "Elsewhere", "--provider", "okta")
    made = json.loads(console.command("connection", "link", "create", "Room", "--email", "it@example.com", "--json"))
    with open(mail) as file:
        message = file.read()
    link = [line for line in message.splitlines() if line.startswith("http")][0]
    check(made["sent"] and link == made["url"], "the mail has another link")
    check("To: it@example.com" in message, "the mail is for somebody else")
    page = console.page()
    asked = []
    page.on("request", lambda request: asked.append(request.url + json.dumps(request.headers)))
    page.goto(link)
    expect(page.locator("h1")).to_have_text("Set up provisioning")
    console.look(page, "room: welcome")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator("h1")).to_have_text("Connect Okta")
    page.get_by_role("button", name="Make the key").click()
    key = page.locator(".secret code").nth(1).inner_text()
    check(key.startswith("scim_") and key in page.locator(".steps").inner_text(), "the steps lack the key")
    console.look(page, "room: key")
    console.shot(page, "room")
    file = console.folder + "/room.key"
    with open(file, "w") as out:
        out.write(key)
    console.command("simulate", SCRIPTS["okta"], "--url", console.base + "/scim/v2", "--key-file", file, "--profile", "okta")
    expect(page.get_by_text("It works")).to_be_visible(timeout=2000)
    console.look(page, "room: green")
    page.reload()
    expect(page.locator("h1")).to_have_text("Connect Okta")
    expect(page.get_by_text("was made and shown once")).to_be_visible()
    check(page.evaluate("fetch('../setup/api/key', {method: 'POST', headers: {'X-Scimd-Console': '1'}}).then(answer => answer.status)") == 409,
          "a second key is made")
    for path in ("admin/v1/directories", "admin/v1/directories/default/users", "admin/v1/sessions", "setup/api/nothing"):
        status = page.evaluate("path => fetch('../' + path).then(answer => answer.status)", path)
        check(status in (401, 404), "the room reaches %s: %d" % (path, status))
    secret = link.split("#")[1]
    check(not any(secret in text for text in asked), "the secret is in a request line or Referer")
    check(secret not in console.server.messages(), "the secret is in the log")
    page.go_back()
    check(secret not in page.url, "the secret is in the history")
    page.context.close()
    phone = console.page(390, 844)
    phone.goto(link)
    phone.get_by_role("button", name="Begin").click()
    expect(phone.locator("h1")).to_have_text("Connect Okta")
    console.look(phone, "room at 390")
    console.command("connection", "link", "revoke", "Room", made["id"])
    expect(phone.locator("h1")).to_have_text("This link does not work", timeout=10000)
    console.look(phone, "room: revoked")
    phone.goto("about:blank")
    phone.goto(link)
    phone.get_by_role("button", name="Begin").click()
    expect(phone.locator(".problem")).to_contain_text("was revoked")
    phone.context.close()
    found = subprocess.run(["grep", "-rl", secret, console.data], capture_output=True, text=True).stdout
    check(not found, "the secret is in " + found)

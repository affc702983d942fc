"""The console's pages of events and of access reviews, with a receiver that accepts and refuses."""
import csv
import http.server
import json
import threading

from playwright.sync_api import expect

import server as scimd
from browser import CORE, check, user


class Receiver:
    """Gets the calls of a webhook; answers with `status`."""

    def __init__(self):
        self.port, self.status, self.calls = scimd.free_port(), 204, []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                event = json.loads(self.rfile.read(int(self.headers["content-length"])))
                receiver.calls.append((event, dict(self.headers)))
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def types(self):
        return [event["type"] for event, _ in self.calls]

    def close(self):
        self.http.shutdown()


def until(page, condition, text):
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    check(False, text)


def press(page, name):
    """A button of the page, then the same of the dialog that asks."""
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.locator("dialog").get_by_role("button", name=name, exact=True).click()
    expect(page.locator("dialog")).to_have_count(0)


def feed(console):
    """Events appear in both tabs as they happen, and lead to the request that made them."""
    page = console.page()
    console.sign_in(page)
    other = page.context.new_page()
    key = json.loads(console.command("connection", "create", "--name", "Feed", "--provider", "generic", "--json"))["key"]
    for tab in (page, other):
        console.go(tab, "events")
        expect(tab.locator(".live.on")).to_have_text("live")
    _, _, made = console.scim(key, "POST", "/Users", user("feed@example.com", displayName="Feed"))
    for tab in (page, other):
        expect(tab.locator("tbody tr").first).to_contain_text("feed@example.com", timeout=2000)
        expect(tab.locator("tbody tr").first).to_contain_text("Feed")
    other.close()
    console.scim(key, "PATCH", "/Users/" + made["id"], {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "title", "value": "Engineer"}]})
    expect(page.locator("tbody tr").first).to_contain_text("user.updated", timeout=2000)
    page.locator("tbody a").first.click()
    expect(page.locator("main h1")).to_have_text("user.updated")
    expect(page.locator(".is")).to_have_text("Engineer")
    console.look(page, "an event")
    page.locator("dd a[href*=activity]").click()
    expect(page.locator("main h2").first).to_have_text("What came")
    console.go(page, "people/%s/timeline" % made["id"])
    page.locator(".timeline a[href*=activity]").first.click()
    expect(page.locator("main h2").first).to_have_text("What came")
    console.go(page, "events")
    page.get_by_label("Show").select_option(label="Leavers")
    expect(page.locator("main")).not_to_contain_text("user.updated")
    check("types=user.deactivated" in page.url, "the filter is not in the address")
    console.scim(key, "DELETE", "/Users/" + made["id"])
    expect(page.locator("tbody tr").first).to_contain_text("user.deleted", timeout=2000)
    page.context.close()


def webhooks(console):
    """A webhook from its first test to its end; a leaver whom an application does not know yet."""
    receiver = Receiver()
    page = console.page()
    console.sign_in(page)
    key = json.loads(console.command("connection", "create", "--name", "Hooked", "--provider", "generic", "--json"))["key"]
    console.go(page, "events/webhooks")
    page.get_by_role("button", name="New webhook").first.click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Name").fill("billing")
    dialog.get_by_label("URL").fill("http://127.0.0.1:%d/hook" % receiver.port)
    dialog.get_by_label("Events", exact=True).select_option(label="These …")
    console.look(page, "new webhook")
    dialog.get_by_role("button", name="Create").click()
    expect(dialog.locator(".problem")).to_contain_text("No event is chosen")
    dialog.get_by_label("Events", exact=True).select_option(label="People")
    dialog.get_by_role("button", name="Create").click()
    secret = page.locator("dialog .secret code")
    check(secret.inner_text().startswith("whsec_"), "no signing secret is shown")
    first = secret.inner_text()
    page.keyboard.press("Escape")
    check(secret.is_visible(), "Escape loses a signing secret")
    page.get_by_role("button", name="I have stored it").click()
    expect(page.locator("main h1")).to_have_text("billing")
    page.get_by_role("button", name="Send a test call").click()
    expect(page.locator(".note.good")).to_contain_text("Accepted with 204")
    press(page, "Pause")
    expect(page.locator(".facts").first).to_contain_text("paused")
    _, _, made = console.scim(key, "POST", "/Users", user("hooked@example.com"))
    check(receiver.types() == ["webhook.test"], "a paused webhook is called")
    press(page, "Resume")
    until(page, lambda: "user.created" in receiver.types(), "a resumed webhook is not called")
    expect(page.locator("tbody")).to_contain_text("user.created", timeout=10000)
    page.get_by_role("button", name="Resend").first.click()
    until(page, lambda: receiver.types().count("user.created") == 2, "an event is not sent again")
    page.locator("tbody a", has_text="user.created").first.click()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".note.good")).to_contain_text("Accepted with 204")
    console.look(page, "an event that was sent again")
    console.go(page, "events/webhooks/billing")
    page.get_by_role("button", name="Rotate secret").click()
    dialog.get_by_role("button", name="Rotate").click()
    page.locator("dialog .secret").wait_for()
    check(secret.inner_text() not in ("", first), "the secret is the old one")
    page.get_by_role("button", name="I have stored it").click()
    page.get_by_role("button", name="Send a test call").click()
    expect(page.locator(".note.good")).to_be_visible()
    signatures = {name.lower(): text for name, text in receiver.calls[-1][1].items()}["webhook-signature"]
    check(len(signatures.split()) == 2, "a call has not both signatures: " + signatures)
    receiver.status = 500
    console.scim(key, "PATCH", "/Users/" + made["id"], {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "active", "value": False}]})
    until(page, lambda: "user.deactivated" in receiver.types(), "a leaver is not sent")
    expect(page.locator("tbody")).to_contain_text("500", timeout=10000)
    expect(page.locator(".facts").first).to_contain_text("retrying", timeout=10000)
    console.look(page, "a webhook that is refused")
    console.go(page, "events/leavers")
    expect(page.locator("tbody tr").first).to_contain_text("does not know yet")
    console.look(page, "leavers")
    receiver.status = 204
    page.locator("tbody a").first.click()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".note.good")).to_be_visible()
    console.go(page, "events/webhooks/billing")
    page.get_by_role("button", name="Edit").click()
    dialog.get_by_label("Events", exact=True).select_option(label="Leavers")
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".facts").nth(1)).to_contain_text("user.deactivated, user.deleted, user.erased")
    press(page, "Delete")
    expect(page.locator("main")).to_contain_text("No webhooks yet")
    page.context.close()
    receiver.close()


def reviews(console):
    """A review opened, decided and closed by mouse; what it took away is gone, and its export says who decided."""
    page = console.page()
    console.sign_in(page)
    key = json.loads(console.command("connection", "create", "--name", "Reviewed", "--provider", "generic", "--json"))["key"]
    names = ["%s@reviewed.example" % name for name in ("grace", "edsger", "barbara")]
    for name in names:
        console.scim(key, "POST", "/Users", user(name))
    console.command("role", "create", "auditor", "--permissions", "books:read", "--critical", "yes")
    for name in names:
        console.command("grant", "add", "--user", name, "--role", "auditor")
    console.go(page, "access/reviews")
    page.get_by_role("button", name="Open a review").first.click()
    dialog = page.locator("dialog")
    dialog.get_by_label("Name", exact=True).first.fill("First quarter")
    dialog.get_by_label("Due").fill("2030-03-31")
    dialog.get_by_label("Grants of").select_option("auditor")
    console.look(page, "a new review")
    dialog.get_by_role("button", name="Open").click()
    expect(page.locator("main h1")).to_have_text("First quarter")
    expect(page.locator(".figures")).to_contain_text("3undecided")
    page.get_by_role("button", name="Approve auditor of " + names[0]).click()
    expect(page.locator(".figures")).to_contain_text("1approved")
    page.get_by_role("button", name="Revoke auditor of " + names[1]).click()
    dialog.get_by_label("Comment").fill("left the team")
    dialog.get_by_role("button", name="Revoke").click()
    expect(page.locator(".figures")).to_contain_text("1revoked")
    console.look(page, "a review half decided")
    console.command("access", "show", names[0])
    check("auditor" not in console.command("access", "show", names[1], "--json"), "a revoked right holds")
    page.get_by_role("button", name="Close").click()
    dialog.get_by_role("button", name="Close", exact=True).click()
    expect(dialog.locator(".problem")).to_contain_text("1 of the 3 grants are undecided")
    dialog.get_by_role("button", name="Close anyway").click()
    expect(page.locator("main .page-head")).to_contain_text("closed")
    check(page.get_by_role("button", name="Revoke").count() == 0, "a closed review can be decided")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    with open(download.value.path(), newline="") as file:
        rows = list(csv.DictReader(file))
    check(download.value.suggested_filename == "First quarter.csv", download.value.suggested_filename)
    decisions = {row["user"]: row["decision"] for row in rows}
    check(decisions == {names[0]: "approve", names[1]: "revoke", names[2]: ""}, "the export says %s" % decisions)
    console.look(page, "a closed review")
    page.context.close()

"""How the pages of the console look, at both widths, against the pictures in Tests/ConsoleTests/Fixtures.

Pictures are compared in coarse grains of grey, so that another font or a longer id passes, and a page that fell apart does
not. RECORD_SCREENS=1 makes the pictures again: look at each before you commit it.
"""
import json
import os
import shutil
import subprocess

from PIL import Image

from browser import CORE, Console, check, user
from console_events import Receiver

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Tests/ConsoleTests/Fixtures")
GRAIN, DIFFERENT, SHARE = 16, 28, 0.012
# The family in which the pictures were taken: another one has other widths, so that lines break elsewhere.
FONT = "DejaVu Sans"
# Looks at a page that differs: one that was still being filled is alike the next time.
ATTEMPTS = 3
WIDTHS = ((1280, 860), (390, 844))

# What differs from run to run is written the same: ids, ports, times, durations.
NORMALISE = """() => {
  const rules = [
    [/[0-9a-f]{40,}/g, '0'.repeat(64)], [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{18,}/g, '00000000-0000-4000-8000-000000000000'],
    [/[0-9a-f]{8}…/g, '00000000…'], [/key_\\w+…?/g, 'key_0000…'], [/evt_[A-Za-z0-9]+_\\d+_\\d+/g, 'evt_00000000_1_0'],
    [/lnk_\\w+/g, 'lnk_00000000'], [/\\b(admin-)?[0-9a-f]{8}(-\\d+)?\\b/g, '00000000-1'], [/(scim|whsec)_[\\w+/=]+…?\\w*/g, '$1_0000…0000'],
    [/127\\.0\\.0\\.1:\\d+/g, '127.0.0.1:8080'], [/\\d+ (second|minute)s? ago|^now$/g, '1 minute ago'],
    [/\\d\\d:\\d\\d:\\d\\d/g, '12:00:00'], [/[A-Z][a-z]{2} \\d+, \\d{4}, \\d+:\\d\\d:\\d\\d [AP]M/g, 'Jan 1, 2027, 10:00:00 AM'],
    [/in \\d+ (day|hour)s?/g, 'in 80 days'], [/\\d+(\\.\\d+)? (ms|s)\\b/g, '1 ms'], [/\\/tmp\\/[\\w-]+/g, '/var/lib/scimd'],
  ];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    for (const [pattern, text] of rules) {
      const now = walk.currentNode.data.replace(pattern, text);
      if (now !== walk.currentNode.data) walk.currentNode.data = now;
    }
  }
  for (const cell of document.querySelectorAll('td[data-title=ms] div')) cell.textContent = '1';
}"""

PEOPLE = [
    ("ada", "Ada Lovelace", "Mathematician"), ("grace", "Grace Hopper", "Rear Admiral"), ("edsger", "Edsger Dijkstra", "Professor"),
    ("barbara", "Barbara Liskov", "Professor"), ("alan", "Alan Turing", "Cryptanalyst"), ("katherine", "Katherine Johnson", "Analyst"),
    ("dennis", "Dennis Ritchie", "Engineer"), ("radia", "Radia Perlman", "Engineer"), ("ken", "Ken Thompson", "Engineer"),
    ("margaret", "Margaret Hamilton", "Director"), ("donald", "Donald Knuth", "Author"), ("frances", "Frances Allen", "Fellow"),
]


def populate(console, receiver):
    """A small company; ids of what has a page of its own."""
    made = {"okta": json.loads(console.command("connection", "create", "--name", "Okta", "--provider", "okta", "--json"))}
    console.command("connection", "create", "--name", "Entra for contractors", "--provider", "entra")
    key = made["okta"]["key"]
    people = {}
    console.command("webhook", "create", "billing", "--url", "http://127.0.0.1:%d/scimd" % receiver.port)
    for name, shown, title in PEOPLE:
        given, family = shown.split(" ")
        people[name] = console.scim(key, "POST", "/Users", user(
            name + "@example.com", displayName=shown, title=title, externalId="00u" + name, name={"givenName": given, "familyName": family},
            emails=[{"value": name + "@example.com", "type": "work", "primary": True}]), agent="Okta SCIM Client 1.0.0")[2]["id"]
    groups = {}
    for name, members in (("Engineering", ["dennis", "ken", "radia", "ada"]), ("Research", ["edsger", "barbara", "donald"]), ("Leads", ["margaret"])):
        groups[name] = console.scim(key, "POST", "/Groups", {
            "schemas": [CORE + "Group"], "displayName": name, "members": [{"value": people[one]} for one in members]})[2]["id"]
    console.command("role", "create", "developer", "--display", "Developer", "--permissions", "code:push,code:review")
    console.command("role", "create", "admin", "--display", "Administrator", "--permissions", "users:manage,billing:read", "--critical", "yes", "--rank", "10")
    console.command("grant", "add", "--group", "Engineering", "--role", "developer")
    console.command("grant", "add", "--user", "margaret@example.com", "--role", "admin", "--reason", "on call")
    draft = json.loads(console.command("access", "draft", "--name", "Research may push", "--group", "Research", "--role", "developer", "--json"))
    console.command("review", "create", "First quarter", "--due", "30d")
    patch = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}
    console.scim(key, "PATCH", "/Users/" + people["ada"], {**patch, "Operations": [{"op": "replace", "path": "title", "value": "Countess"}]})
    console.scim(key, "PATCH", "/Users/" + people["alan"], {**patch, "Operations": [{"op": "replace", "path": "active", "value": False}]})
    console.scim(key, "POST", "/Users", user("ada@example.com"), agent="Okta SCIM Client 1.0.0")
    refused = json.loads(console.command("requests", "list", "--status", "4xx", "--json"))["items"][0]
    events = json.loads(console.command("events", "list", "--types", "user.updated", "--json"))["items"]
    return {
        "connection": made["okta"]["id"], "ada": people["ada"], "group": groups["Engineering"], "draft": draft["id"],
        "refused": refused["id"], "event": events[-1]["id"], "key": made["okta"]["keys"][0]["id"]}


def places(made):
    return [
        ("overview", "overview"), ("connections", "connections"), ("connection", "connections/" + made["connection"]),
        ("connect", "connect"), ("connect-name", "connect/okta"), ("people", "people"), ("person", "people/" + made["ada"]),
        ("person-access", "people/%s/access" % made["ada"]), ("person-timeline", "people/%s/timeline" % made["ada"]),
        ("groups", "groups"), ("group", "groups/" + made["group"]), ("access", "access"), ("role", "access/role/developer"),
        ("grants", "access/grants"), ("drafts", "access/drafts"), ("draft", "access/drafts/" + made["draft"]),
        ("reviews", "access/reviews"), ("review", "access/reviews/First quarter"), ("explain", "access/explain"),
        ("findings", "access/findings"), ("activity", "activity"), ("request", "activity/" + made["refused"]),
        ("keys", "keys"), ("key", "keys/" + made["key"]), ("events", "events"), ("event", "events/event/" + made["event"]),
        ("webhooks", "events/webhooks"), ("webhook", "events/webhooks/billing"), ("leavers", "events/leavers"),
        ("settings", "settings"), ("sessions", "settings/sessions"), ("audit", "settings/audit"), ("jobs", "settings/jobs")]


def difference(now, before):
    """The share of grains that are not as they were; 1 for another size."""
    if now.size != before.size:
        return 1.0
    size = (max(now.width // (GRAIN // 2), 1), max(now.height // (GRAIN // 2), 1))
    pairs = list(zip(*(list(one.convert("L").resize(size, Image.BOX).getdata()) for one in (now, before))))
    return sum(abs(one - other) > DIFFERENT for one, other in pairs) / len(pairs)


def picture(console, page, place):
    """The page at half its size, in grey."""
    console.go(page, place)
    page.evaluate(NORMALISE)
    file = console.folder + "/screen.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    now = Image.open(file).convert("L")
    return now.resize((now.width // 2, now.height // 2), Image.LANCZOS)


def font():
    """The family of the machine's pages; "" if nobody knows."""
    if not shutil.which("fc-match"):
        return ""
    return subprocess.run(["fc-match", "-f", "%{family}", "system-ui"], capture_output=True, text=True).stdout


def screens(path, playwright):
    family = font()
    if family != FONT:
        return "not compared: they were taken in %s, and this machine's font is %s" % (FONT, family or "unknown")
    is_recording = os.environ.get("RECORD_SCREENS") == "1"
    whole = os.environ.get("WHOLE_SCREENS")
    console, receiver = Console(path, playwright), Receiver()
    worst = (0.0, "")
    try:
        made = populate(console, receiver)
        for width, height in WIDTHS:
            page = console.page(width, height)
            console.sign_in(page)
            for name, place in places(made):
                fixture = "%s/%s-%d.png" % (FOLDER, name, width)
                if is_recording:
                    os.makedirs(FOLDER, exist_ok=True)
                    picture(console, page, place).quantize(16).save(fixture, optimize=True)
                    continue
                if whole:
                    console.go(page, place)
                    page.screenshot(path="%s/%s-%d.png" % (whole, name, width), full_page=True)
                check(os.path.exists(fixture), "there is no picture of %s: RECORD_SCREENS=1 makes it" % name)
                for attempt in range(ATTEMPTS):
                    now = picture(console, page, place)
                    share = difference(now, Image.open(fixture))
                    if share <= SHARE:
                        break
                worst = max(worst, (share, "%s-%d" % (name, width)))
                if share > SHARE:
                    now.save("/tmp/%s-%d.png" % (name, width))
                    check(False, "%s at %d looks otherwise than its picture in %.1f %% of its grains; it is in /tmp now" % (name, width, 100 * share))
            page.context.close()
    finally:
        console.close()
        receiver.close()
    return "%d pictures, the least alike %s with %.1f %%" % (len(places(made)) * len(WIDTHS), worst[1], 100 * worst[0])

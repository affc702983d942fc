"""From `scimd serve` on nothing to the first simulated person, by mouse only, with a stopwatch and a picture of each step."""
import os
import shutil
import subprocess
import tempfile
import time

from PIL import Image
from playwright.sync_api import expect

import server as scimd
from browser import check

# Seconds that somebody who has never seen the page looks at it before each click.
READING = 4.0
COLOURS = 48


class Walk:
    """Clicks of a mouse; no key is pressed."""

    def __init__(self, page, folder):
        self.page, self.folder, self.clicks, self.pictures = page, folder, 0, 0

    def click(self, target):
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        self.clicks += 1

    def picture(self, name):
        self.pictures += 1
        if not self.folder:
            return
        # What was copied is said for a moment.
        expect(self.page.locator(".toast")).to_have_count(0)
        self.page.wait_for_timeout(300)
        file = "%s/first-person-%d-%s.png" % (self.folder, self.pictures, name)
        self.page.screenshot(path=file)
        Image.open(file).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
        check(os.path.getsize(file) < 60_000, "%s has %d bytes" % (file, os.path.getsize(file)))


def stopwatch(path, playwright, folder=None):
    work = tempfile.mkdtemp(prefix="scimd-first-")
    data, port = work + "/data", scimd.free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [path, "serve", "--data", data, "--listen", "127.0.0.1:%d" % port], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"])
    try:
        while subprocess.run([path, "health", "--data", data], capture_output=True).returncode:
            time.sleep(0.05)
        link = subprocess.run([path, "console", "--data", data], capture_output=True, text=True, check=True).stdout.strip()
        context = browser.new_context(viewport={"width": 1280, "height": 800}, permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(link)
        walk = Walk(page, folder)
        expect(page.locator("main")).to_contain_text("No provider is connected yet")
        walk.picture("overview")
        walk.click(page.get_by_role("link", name="Connect a provider").first)
        page.locator("[data-provider=okta]").wait_for()
        walk.picture("provider")
        walk.click(page.locator("[data-provider=okta]"))
        walk.click(page.get_by_role("button", name="Save"))
        expect(page.get_by_role("heading", name="Base URL and key")).to_be_visible()
        values = []
        for what in ("base URL", "key"):
            walk.click(page.get_by_role("button", name="Copy " + what))
            values.append(page.evaluate("navigator.clipboard.readText()"))
        walk.click(page.get_by_label("I have stored the key"))
        walk.picture("key")
        walk.click(page.get_by_role("button", name="Continue"))
        expect(page.locator(".live")).to_have_text("watching its requests")
        walk.picture("steps")
        with open(work + "/key", "w") as file:
            file.write(values[1])
        subprocess.run(
            [path, "simulate", "okta-oin-lifecycle", "--url", values[0], "--key-file", work + "/key", "--profile", "okta"],
            capture_output=True, check=True)
        expect(page.get_by_text("Okta is connected")).to_be_visible()
        page.get_by_role("heading", name="What has arrived").evaluate("one => one.scrollIntoView()")
        walk.picture("connected")
        walk.click(page.get_by_role("link", name="Person created").or_(page.locator("li[data-step=userCreated] a")).first)
        expect(page.locator("main h1")).to_have_text("POST /Users")
        walk.picture("request")
        took = time.monotonic() - began
    finally:
        browser.close()
        process.terminate()
        process.wait(20)
        shutil.rmtree(work, ignore_errors=True)
    check(took + walk.clicks * READING < 180, "it takes more than three minutes")
    return "%d clicks in %.1f s; %.0f s if each is thought about for %.0f s" % (walk.clicks, took, took + walk.clicks * READING, READING)

"""Debian's Chromium, driven by Playwright; where there is none the tests of the page say how to get it."""

import os
import shutil
import time
from contextlib import contextmanager

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

PATIENCE = 240  # seconds until what a page should do counts as not done: how loaded the machine is decides no test


@contextmanager
def chromium():
    """A browser; a skip where none is installed, which is a failure where everything has to be checked."""
    if CHROMIUM is None:
        reason = "no browser to look at the page with: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"], timeout=1000 * PATIENCE)
        yield browser
        browser.close()


class Look:
    """A page that is looked at: what it wrote to the console, asked for and violated is kept."""

    def __init__(self, browser, path, width=1280, scheme="light", **options):
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, accept_downloads=True, **options)
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', (event) => (window.violated ??= []).push(event.violatedDirective))"
        )
        self.context.set_default_timeout(1000 * PATIENCE)
        self.page = self.context.new_page()
        self.said, self.asked = [], []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.until("document.querySelector('#found')?.textContent || !document.querySelector('#table')")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def until(self, true, seconds=PATIENCE):
        """Wait for what is to become true. Playwright's own wait_for_function evaluates a string in the page, which its policy forbids."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(true):
            assert time.monotonic() < end, true
            time.sleep(0.02)

    def rows(self):
        """The names of the rows that the table shows."""
        return self.page.eval_on_selector_all("#table tbody tr", "(rows) => rows.map((row) => row.querySelector('.open').textContent)")

    def column(self, number):
        """What the table shows in a column."""
        return self.page.eval_on_selector_all(f"#table tbody tr > :nth-child({number})", "(cells) => cells.map((cell) => cell.textContent)")

    def wide(self):
        """Whether anything is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth > innerWidth")

#!/usr/bin/env python3
"""Drives headless Chromium over a pipe: screenshots, and what a page says of itself at a size and in a colour scheme.

Usage: browser.py FILE.html WIDTH light|dark SCREENSHOT.png [EXPRESSION...]
Prints the value of each expression of JavaScript in a line, then "requests N": how many the page made besides itself.
"""
# SPDX-License-Identifier: GPL-2.0-or-later
import base64
import json
import os
import subprocess
import sys
import tempfile


class Browser:
    """Chromium's own protocol (--remote-debugging-pipe): JSON messages that end in NUL, on its descriptors 3 and 4."""

    def __init__(self, profile):
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()
        command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                   f"--user-data-dir={profile}", "--remote-debugging-pipe", "about:blank"]
        shell = ["sh", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "sh", *command]
        self.process = subprocess.Popen(shell, pass_fds=(theirs_in, theirs_out), stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.reader, self.writer = os.fdopen(ours_in, "rb"), os.fdopen(ours_out, "wb")
        self.buffer, self.number, self.session, self.requests, self.loaded = b"", 0, None, [], False

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.reader.fileno(), 1 << 16)
            if not data:
                raise SystemExit("browser.py: chromium ended")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        message = json.loads(message)
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])
        self.loaded = self.loaded or message.get("method") == "Page.loadEventFired"
        return message

    def call(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        self.writer.write(json.dumps(message).encode() + b"\0")
        self.writer.flush()
        while True:
            answer = self.receive()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"browser.py: {method}: {answer['error']['message']}")
                return answer["result"]

    def open(self, url, width, scheme):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")
        self.call("Network.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.loaded = False
        self.call("Page.navigate", url=url)
        while not self.loaded:
            self.receive()

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"browser.py: {expression}: {answer['exceptionDetails']['text']}")
        return answer["result"].get("value")

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        with open(path, "wb") as f:
            f.write(base64.b64decode(data))

    def close(self):
        self.call("Browser.close")
        self.process.wait(timeout=30)


def main(page, width, scheme, image, *expressions):
    with tempfile.TemporaryDirectory() as profile:
        browser = Browser(profile)
        url = "file://" + os.path.abspath(page)
        browser.open(url, int(width), scheme)
        for expression in expressions:
            print(browser.evaluate(expression))
        browser.screenshot(image)
        print("requests", len([r for r in browser.requests if r != url]))
        browser.close()


main(*sys.argv[1:])

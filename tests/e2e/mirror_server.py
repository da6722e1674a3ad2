#!/usr/bin/env python3
"""A web server for mirrors to be tried on: ranges, and whatever a bad line or a bad server does.

SPDX-License-Identifier: GPL-2.0-or-later
Usage: mirror_server.py ROOT STATE [CERTIFICATE KEY]

Serves ROOT on a free port of 127.0.0.1 (over TLS with a certificate and its key) and writes the port to STATE/port. Each request
adds a line to STATE/log: path, the Range header or "-", the status. It ends when its standard input does. STATE/faults, read at each request, has lines of

    TIMES WHAT PATTERN [ARGUMENT]

WHAT happens to the next TIMES requests (-1: to all) for a path that the regular expression PATTERN is found in:
cut N        the connection is lost after N bytes of the body
stall N      after N bytes nothing more comes
slow N       N bytes a second
wrong N      byte N of the body is another
endless      bytes without end, without a Content-Length
headers      headers without end
norange      the whole file, whatever range was asked for
badrange     another range than the one asked for
status N     an error of that number
redirect URL a redirect; "%s" stands for the path
"""
import http.server
import os
import re
import ssl
import sys
import threading
import time

ROOT, STATE = sys.argv[1], sys.argv[2]
LOCK = threading.Lock()
USED = {}


def fault_for(path):
    """The first fault that is left for this path: (what, argument)."""
    try:
        with open(os.path.join(STATE, "faults"), encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return None, None
    with LOCK:
        for line in text.splitlines():
            times, what, pattern, *rest = line.split()
            if not re.search(pattern, path):
                continue
            used = USED.get(line, 0)
            if int(times) < 0 or used < int(times):
                USED[line] = used + 1
                return what, rest[0] if rest else None
    return None, None


class Handler(http.server.BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):  # pylint: disable=redefined-builtin
        pass

    def note(self, status):
        with LOCK, open(os.path.join(STATE, "log"), "a", encoding="utf-8") as log:
            log.write(f"{self.path} {self.headers.get('Range', '-')} {status}\n")

    def answer(self, status, headers, body=b""):
        self.note(status)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def lose(self):
        self.wfile.flush()
        self.close_connection = True

    def endless(self):
        self.note(200)
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        while True:
            self.wfile.write(b"Package: endless\n" * 4096)

    def endless_headers(self):
        self.note(200)
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-Endless: and more\r\n" * 4096)

    def range_of(self, size, what):
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if not wanted or what == "norange":
            return None
        return int(wanted[1])

    def send_file(self, data, what, argument):
        start = self.range_of(len(data), what)
        if start is not None and start >= len(data):
            self.answer(416, {"Content-Range": f"bytes */{len(data)}", "Content-Length": "0"})
            return
        headers = {}
        if start is not None:
            told = start + 1 if what == "badrange" else start
            headers["Content-Range"] = f"bytes {told}-{len(data) - 1}/{len(data)}"
        body = bytearray(data[start or 0:])
        headers["Content-Length"] = str(len(body))
        number = int(argument) if argument and argument.isdigit() else 0
        if what == "wrong" and body:
            body[number % len(body)] ^= 0xFF
        if what in ("cut", "stall", "slow"):
            self.answer(200 if start is None else 206, headers, bytes(body[:number]))
            if what == "stall":
                time.sleep(30)
            for at in range(number, len(body), max(number, 1)) if what == "slow" else ():
                time.sleep(1)
                self.wfile.write(body[at:at + max(number, 1)])
            self.lose()
            return
        self.answer(200 if start is None else 206, headers, bytes(body))

    def do_GET(self):  # pylint: disable=invalid-name
        what, argument = fault_for(self.path)
        if what == "endless":
            return self.endless()
        if what == "headers":
            return self.endless_headers()
        if what == "status":
            return self.answer(int(argument), {"Content-Length": "5"}, b"fault")
        if what == "redirect":
            return self.answer(302, {"Location": argument.replace("%s", self.path), "Content-Length": "0"})
        try:
            with open(ROOT + self.path, "rb") as file:
                data = file.read()
        except OSError:
            return self.answer(404, {"Content-Length": "9"}, b"not there")
        return self.send_file(data, what, argument)

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass


def end_with_input():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if len(sys.argv) > 4:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(os.path.join(STATE, "port.new"), "w", encoding="utf-8") as port:
        port.write(str(server.server_address[1]))
    os.rename(os.path.join(STATE, "port.new"), os.path.join(STATE, "port"))
    threading.Thread(target=end_with_input, daemon=True).start()
    server.serve_forever()


main()

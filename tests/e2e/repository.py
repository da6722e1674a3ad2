#!/usr/bin/env python3
"""Reads a signed repository as apt and dnf do, from the signature down, and prints what it holds; nothing of abide is used.

SPDX-License-Identifier: GPL-2.0-or-later

Usage: repository.py DIR SUITE KEYRING
Prints a line "deb NAME VERSION ARCH" or "rpm NAME EPOCH:VERSION-RELEASE ARCH" for each package, and "key FILE FINGERPRINT"
for each good signature, sorted. Ends with 1 and a line that says what a client would refuse: a signature, a digest, a
file that is missing.
"""
import gzip
import hashlib
import lzma
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree


class Refused(Exception):
    pass


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except OSError as e:
        raise Refused(f"{path}: {e.strerror}") from e


def check(path, sha256, size=None):
    data = read(path)
    if size is not None and len(data) != size:
        raise Refused(f"{path}: {len(data)} bytes, signed {size}")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Refused(f"{path}: not the signed digest")
    return data


def gpgv(keyring, *files):
    """A client is content with one good signature. Returns a line for each key that signed."""
    run = subprocess.run(["gpgv", "--status-fd", "1", "--keyring", keyring, "-o", "-", *files] if len(files) == 1 else
                         ["gpgv", "--status-fd", "1", "--keyring", keyring, *files],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if not re.search(rb"^\[GNUPG:\] GOODSIG ", run.stdout, re.M):
        raise Refused(f"{files[0]}: no good signature: {run.stderr.decode(errors='replace').strip()}")
    keys = re.findall(rb"^\[GNUPG:\] VALIDSIG (?:\S+ ){9}(\S+)$", run.stdout, re.M)
    return {f"key {os.path.basename(files[0])} {key.decode()}" for key in keys}


def signed_text(clear):
    """The text of a clear-signed message."""
    body = clear.split(b"\n\n", 1)[1].split(b"\n-----BEGIN PGP SIGNATURE-----", 1)[0]
    return re.sub(rb"^- ", b"", body, flags=re.M).decode()


def debs(top, suite, keyring):
    dists = os.path.join(top, "dists", suite)
    found = gpgv(keyring, os.path.join(dists, "InRelease"))
    found |= gpgv(keyring, os.path.join(dists, "Release.gpg"), os.path.join(dists, "Release"))
    text = signed_text(read(os.path.join(dists, "InRelease")))
    if text.rstrip("\n") != read(os.path.join(dists, "Release")).decode().rstrip("\n"):
        raise Refused(f"{dists}: Release is not what InRelease says")
    sums = text.split("\nSHA256:\n", 1)[1]
    for sha256, size, path in re.findall(r"^ ([0-9a-f]{64}) +(\d+) (\S+)$", sums, re.M):
        folder, name = os.path.split(path)
        data = check(os.path.join(dists, folder, "by-hash", "SHA256", sha256), sha256, int(size))
        check(os.path.join(dists, path), sha256, int(size))
        if not name.startswith("Packages"):
            continue
        unpack = {".xz": lzma.decompress, ".gz": gzip.decompress}.get(os.path.splitext(name)[1], lambda b: b)
        for stanza in filter(None, unpack(data).decode().split("\n\n")):
            fields = dict(re.findall(r"^([A-Za-z0-9-]+): (.*)$", stanza, re.M))
            check(os.path.join(top, fields["Filename"]), fields["SHA256"], int(fields["Size"]))
            found.add(f"deb {fields['Package']} {fields['Version']} {fields['Architecture']}")
    return found


def rpms(top, suite, keyring):
    base = os.path.join(top, "rpm", suite)
    repomd = os.path.join(base, "repodata", "repomd.xml")
    found = gpgv(keyring, repomd + ".asc", repomd)
    space = {"r": "http://linux.duke.edu/metadata/repo", "c": "http://linux.duke.edu/metadata/common"}
    for data in ElementTree.fromstring(read(repomd)).findall("r:data", space):
        path = os.path.join(base, data.find("r:location", space).get("href"))
        contents = check(path, data.find("r:checksum", space).text, int(data.find("r:size", space).text))
        text = gzip.decompress(contents) if path.endswith(".gz") else \
            subprocess.run(["zstd", "-dc"], input=contents, stdout=subprocess.PIPE, check=True).stdout
        if hashlib.sha256(text).hexdigest() != data.find("r:open-checksum", space).text:
            raise Refused(f"{path}: not the signed open-checksum")
        if data.get("type") != "primary":
            continue
        for p in ElementTree.fromstring(text).findall("c:package", space):
            version = p.find("c:version", space)
            check(os.path.join(base, p.find("c:location", space).get("href")), p.find("c:checksum", space).text,
                  int(p.find("c:size", space).get("package")))
            found.add(f"rpm {p.find('c:name', space).text} {version.get('epoch')}:{version.get('ver')}-"
                      f"{version.get('rel')} {p.find('c:arch', space).text}")
    return found


def main():
    top, suite, keyring = sys.argv[1:]
    try:
        for line in sorted(debs(top, suite, keyring) | rpms(top, suite, keyring)):
            print(line)
    except Refused as e:
        sys.exit(str(e))


if __name__ == "__main__":
    main()

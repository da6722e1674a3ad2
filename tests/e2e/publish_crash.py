#!/usr/bin/env python3
"""Stops abide publish at its changes to the file system, and judges what readers and the next command find. Prints TAP.

SPDX-License-Identifier: GPL-2.0-or-later

Usage: publish_crash.py WORK COMMAND BEFORE KEYRING -- ARGUMENT...
COMMAND is a name for what is tried: abide publish ARGUMENT... in the repository BEFORE, a folder that is copied each
time ("DIR" stands for the copy). Environment: ABIDE, FAULTS (see STEP), NUDGE (the
next command after a crash; its failure does not matter). WORK has faults.so (faults.c).

At each point readers must find, in each family, the old state or the new one, whole; a full disk must be said, with the
file's name, and must change nothing; and after the next command the directory must have the files that it has without the
interruption, or without the command, and no others; verify must be content.
"""
import concurrent.futures
import hashlib
import os
import re
import shutil
import subprocess
import sys

import repository

HOW = ("kill", "cut", "torn", "mixed", "full")
VARYING = ("InRelease", "Release.gpg", "repomd.xml.asc", "retired")  # signatures; and since when a mirror keeps what it no longer names
LOCK = ".abide-publish.lock"

# Of the changes that are not around the commit, every so many is tried.
STEP = {"all": 1, "some": 80}.get(os.environ.get("FAULTS", "some")) or int(os.environ["FAULTS"])


class Trial:
    """One command, and what the repository is before and after it."""

    def __init__(self, work, name, before, keyring, arguments):
        self.work, self.name, self.before, self.keyring, self.arguments = work, name, before, keyring, arguments
        after = os.path.join(work, name + ".after")
        log = os.path.join(work, name + ".log")
        self.copy(after)
        run = self.command(after, FAULT_LOG=log)
        if run.returncode != 0:
            raise SystemExit(f"{name}: {run.stderr}")
        with open(log, encoding="utf-8") as f:
            self.changes = [line.split(" ", 2)[1:] for line in f.read().splitlines()]
        self.old, self.new = self.reads(before), self.reads(after)
        self.old_tree, self.new_tree = tree(before), tree(after)
        verify = self.abide("verify", after)
        if verify.returncode != 0:
            raise SystemExit(f"{name}: after it, verify says: {verify.stdout}")

    def copy(self, to):
        subprocess.run(["cp", "-a", self.before, to], check=True)

    def abide(self, *arguments, **environment):
        return subprocess.run([os.environ["ABIDE"], "publish", *arguments], env={**os.environ, **environment}, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")

    def command(self, directory, **environment):
        return self.abide(*[directory if a == "DIR" else a for a in self.arguments],
                          FAULT_PROGRAM=os.path.basename(os.environ["ABIDE"]),
                          LD_PRELOAD=os.path.join(self.work, "faults.so"), **environment)

    def reads(self, directory):
        """What readers find, by suite and family, with the keys that signed; None where there is no suite."""
        found = {}
        for suite in ("stable", "testing"):
            for family, read, top in (("deb", repository.debs, "dists/" + suite),
                                      ("rpm", repository.rpms, f"rpm/{suite}/repodata")):
                there = os.path.isdir(os.path.join(directory, top))
                found[suite, family] = read(directory, suite, self.keyring) if there else None
        return found

    def stop(self, how, at):
        """Returns what is wrong, or None."""
        directory = os.path.join(self.work, f"{self.name}.{how}.{at}")
        grave = directory + ".grave"
        self.copy(directory)
        os.mkdir(grave)
        run = self.command(directory, FAULT=how, FAULT_AT=str(at), FAULT_GRAVE=grave)
        try:
            wrong = self.judge_full(directory, run) if how == "full" else \
                None if run.returncode == -9 else f"exit code {run.returncode}, not stopped: {run.stderr}"
            return wrong or self.judge(directory)
        except repository.Refused as e:
            return f"a reader refuses: {e}"
        finally:
            shutil.rmtree(directory, ignore_errors=True)
            shutil.rmtree(grave, ignore_errors=True)

    def judge_full(self, directory, run):
        if run.returncode == 0:
            return None
        if run.returncode != 1 or not re.fullmatch(r"abide: .*/.*: cannot .*: No space left on device\n", run.stderr):
            return f"exit code {run.returncode}: {run.stderr}"
        # A mirror keeps what it has fetched, for the next run.
        return None if self.arguments[0] == "mirror" else \
            difference("refused, yet not untouched", self.old_tree, tree(directory))

    def judge(self, directory):
        found = self.reads(directory)
        for which, packages in found.items():
            if packages not in (self.old[which], self.new[which]):
                return f"{which}: neither old nor new: {packages}"
        nudge = [directory if a == "DIR" else a for a in os.environ["NUDGE"].split("\n")]
        said = self.abide(*nudge).stderr
        found, now = self.reads(directory), tree(directory)
        if found == self.new and now == self.new_tree:
            wrong = None
        elif found == self.old:
            wrong = difference("after the next command", self.old_tree, now)
        else:
            wrong = difference("after the next command", self.new_tree, now) or f"other packages or keys: {found}"
        verify = self.abide("verify", directory)
        if wrong is None and found != {which: None for which in found} and \
                (verify.returncode != 0 or "warning" in verify.stdout.replace("0 warnings", "")):
            wrong = f"verify: {verify.stdout}"
        return f"{wrong} (the next command said: {said.strip()})" if wrong else None

    def points(self, how):
        """Those that differ: a kill before a sync is one after it, and a full disk is met by what grows."""
        every = [n for n, (call, path) in enumerate(self.changes, 1) if differs(how, call)]
        return sample(self.changes, how, every)


def differs(how, call):
    if how == "full":
        return call in ("open", "write", "pwrite", "link", "mkdir", "rename")
    return how in ("cut", "mixed") or call not in ("fsync", "fdatasync", "syncfs")


def sample(changes, how, every):
    """What is around the commit, by one cut or another; of the others, a few in each way."""
    commit = [n for n, (call, path) in enumerate(changes, 1) if is_commit(call, path)]
    between = [n for e in commit for n in (e, e + 1, e + 2)]
    chosen = set(every[7 * HOW.index(how) % STEP::STEP])
    if how in ("cut", "mixed"):
        chosen |= {n for n in between if n % 2 == (how == "cut")}
    return sorted(chosen & set(every))


def is_commit(call, path):
    return call == "exchange" or (call == "rename" and re.search(r"/(dists/[^/.]+|repodata)$", path) is not None) or \
        (call == "rename" and re.search(r"/keys/[^/.]+\.gpg$", path) is not None)


def tree(top):
    """All files by path, with a digest where the bytes are to be the same; and directories."""
    found = {}
    for folder, folders, names in os.walk(top):
        for name in folders:
            found[os.path.relpath(os.path.join(folder, name), top)] = "directory"
        for name in names:
            path = os.path.join(folder, name)
            if name != LOCK:
                with open(path, "rb") as f:
                    found[os.path.relpath(path, top)] = "varies" if name in VARYING else \
                        hashlib.sha256(f.read()).hexdigest()
    return found


def difference(what, wanted, found):
    odd = [f"{'+' if p not in wanted else '-' if p not in found else '!'}{p}"
           for p in sorted(wanted.keys() | found.keys()) if wanted.get(p) != found.get(p)]
    return f"{what}: {' '.join(odd[:6])}" if odd else None


def main():
    work, name, before, keyring = sys.argv[1:5]
    trial = Trial(work, name, before, keyring, sys.argv[6:])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for how in HOW:
            points = trial.points(how)
            answers = list(zip(points, pool.map(lambda n, h=how: trial.stop(h, n), points)))
            wrong = [(n, text) for n, text in answers if text]
            print(f"{'not ok' if wrong else 'ok'} - {name}, {how}: {len(points)} of {len(trial.changes)} changes")
            for n, text in wrong[:8]:
                print(f"# at {n} ({' '.join(trial.changes[n - 1])}): {text}")
    sys.stdout.flush()


main()

#!/usr/bin/env python3
# Made-up repositories, seeded, and what apt and dnf say of each package in them: abide publish verify must agree.
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: closure_oracle.py make-debs SEED DIR        .debs, dpkg's status file, and an index of packages from elsewhere
#        closure_oracle.py check-debs DIR REPORT     asks the apt of APT_CONFIG; REPORT is verify's --json
#        closure_oracle.py make-specs SEED DIR       spec files
#        closure_oracle.py check-rpms ROOT URL REPORT   asks dnf, with ROOT as its installroot
"""
What apt installs by itself, verify must call installable. What apt refuses by itself may still be installable, by naming
versions: then a search, written once more here and differently, finds the versions, and apt must accept them. Where verify
says that there is no way, this search must find none that apt accepts. dnf searches by itself, so it must say the same.
"""
import glob
import io
import itertools
import json
import os
import random
import re
import subprocess
import sys
import tarfile

NAMES = ["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf"]
VERSIONS = ["1.0-1", "1.1-1", "2.0-1"]
VIRTUAL = ["mail", "web"]
MOST_SETS = 200


# ---- making ----

def relation(rng, names, flags):
    name = rng.choice(names)
    if rng.random() < 0.4:
        return name
    return f"{name} ({rng.choice(flags)} {rng.choice(['1.0-1', '1.0-1', '1.1', '1.1-1', '2.0-1'])})"


def depends(rng, names, flags):
    out = []
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        one = relation(rng, names, flags)
        if rng.random() < 0.3:
            one += " | " + relation(rng, names, flags)
        out.append(one)
    return out


def deb_packages(rng, several):
    everything = NAMES * 2 + VIRTUAL + ["base-one", "base-two", "elsewhere"]
    flags = ["<<", "<=", "=", ">=", ">=", ">>"]
    for name in NAMES + ["base-one"]:
        for version in rng.sample(VERSIONS, rng.choice([1, 2, 3] if name != "base-one" else [0, 0, 1])):
            for arch in rng.choice([["amd64"], ["all"], ["amd64", "i386"]] if several else [["amd64"], ["all"]]):
                p = {"Package": name, "Version": version, "Architecture": arch}
                multi = rng.choice(["no", "no", "foreign", "allowed", "same"])
                if multi != "no" and not (multi == "same" and arch == "all"):
                    p["Multi-Arch"] = multi
                deps = depends(rng, everything, flags)
                if rng.random() < 0.15:
                    deps.append(rng.choice(NAMES) + ":any")
                if deps:
                    p["Depends"] = ", ".join(deps)
                if rng.random() < 0.15:  # never in a circle: dpkg could not unpack that, and no solver tells
                    p["Pre-Depends"] = relation(rng, ["base-one", "base-two", "elsewhere"], flags)
                if rng.random() < 0.25:
                    virtual = rng.choice(VIRTUAL)
                    p["Provides"] = virtual + rng.choice(["", f" (= {rng.choice(VERSIONS)})"])
                    if rng.random() < 0.3:
                        p["Conflicts"] = virtual
                if rng.random() < 0.2:
                    p["Breaks"] = relation(rng, NAMES + ["base-two"], flags)
                yield p


def stanza(fields):
    return "".join(f"{k}: {v}\n" for k, v in fields.items())


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def write_deb(path, fields):
    text = stanza(dict(fields, Maintainer="A B <a@example.org>", Description="made up")).encode()
    with open(path, "wb") as out:
        out.write(b"!<arch>\n")
        for name, data in [("debian-binary", b"2.0\n"), ("control.tar.gz", tar([("./control", text)])), ("data.tar.gz", tar([]))]:
            out.write(b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name.encode(), 0, 0, 0, b"100644", len(data)))
            out.write(data + b"\n" * (len(data) % 2))


PERSON = {"Maintainer": "A B <a@example.org>", "Description": "made up"}
ELSEWHERE = {"Package": "elsewhere", "Version": "1.1-1", "Architecture": "all", "Multi-Arch": "foreign", **PERSON, "Filename": "./elsewhere.deb", "Size": "1",
             "SHA256": "0" * 64}


def installed_debs(rng, several):
    installed = [{"Package": "dpkg", "Version": "1.21", "Architecture": "amd64", "Multi-Arch": "foreign"},
                 {"Package": "base-one", "Version": "1.1-1", "Architecture": "amd64", "Multi-Arch": rng.choice(["same", "foreign"])},
                 {"Package": "base-two", "Version": "2.0-1", "Architecture": "all",
                  "Depends": rng.choice(["base-one", "base-one (= 1.1-1)"]), "Breaks": relation(rng, NAMES, ["<<", "="])}]
    if several:
        installed.append({"Package": "foreign-one", "Version": "1", "Architecture": "i386"})
    return [dict(p, Status="install ok installed", **PERSON) for p in installed]


def make_debs(seed, where):
    rng = random.Random(seed)
    several = seed % 3 == 0
    os.makedirs(where)
    for p in deb_packages(rng, several):
        write_deb(f"{where}/{p['Package']}_{p['Version']}_{p['Architecture']}.deb", p)
    with open(f"{where}/status", "w", encoding="ascii") as out:
        for p in installed_debs(rng, several):
            out.write(stanza(p) + "\n")
    os.makedirs(f"{where}/elsewhere")
    with open(f"{where}/elsewhere/Packages", "w", encoding="ascii") as out:
        out.write(stanza(ELSEWHERE) + "\n")


# ---- a search of its own ----

class System:
    """The packages of the repository."""

    def __init__(self, where):
        found = {}
        for index in glob.glob(f"{where}/repo/dists/stable/main/binary-*/Packages"):
            with open(index, encoding="utf-8") as text:
                for one in text.read().split("\n\n"):
                    fields = dict(re.findall(r"^([\w-]+): (.*)$", one, re.M))
                    if fields:
                        found[fields["Filename"]] = fields
        self.suite = list(found.values())

    def sets(self, wanted):
        """Sets of one version each of some packages, with this one, that look as if they might do; smallest first."""
        by_name = {}
        for p in self.suite:
            if p["Architecture"] in ("all", wanted["Architecture"], "amd64"):
                by_name.setdefault((p["Package"], "i386" if p["Architecture"] == "i386" else ""), []).append(p)
        key = (wanted["Package"], "i386" if wanted["Architecture"] == "i386" else "")
        others = [k for k in by_name if k != key]
        needed = self.reach(wanted)
        others = [k for k in others if k[0] in needed]
        for size in range(0, len(others) + 1):
            for some in itertools.combinations(others, size):
                yield from ([wanted, *rest] for rest in itertools.product(*(by_name[k] for k in some)) if self.is_plausible([wanted, *rest]))

    def words(self, p, *fields):
        return set(re.findall(r"[a-z][a-z0-9-]+", " ".join(re.sub(r"\([^)]*\)", "", p.get(f, "")) for f in fields)))

    def reach(self, wanted):
        """The names that anything may come from that this one needs, and base-one, which may have to change."""
        names, before = self.words(wanted, "Depends", "Pre-Depends") | {"base-one"}, None
        while names != before:
            before = set(names)
            for p in self.suite:
                if p["Package"] in names or self.words(p, "Provides") & names:
                    names |= {p["Package"]} | self.words(p, "Depends", "Pre-Depends")
        return names

    def is_plausible(self, some):
        """A quick look at names, so that apt need not be asked of everything."""
        there = {"base-one", "base-two", "elsewhere", "foreign-one", "dpkg"}
        for p in some:
            there |= {p["Package"]} | self.words(p, "Provides")
        for p in some:
            for field in ("Depends", "Pre-Depends"):
                for dep in filter(None, p.get(field, "").split(", ")):
                    if not any(re.match(r"[a-z0-9-]+", one.strip()).group() in there for one in dep.split("|")):
                        return False
        return True


def apt_accepts(packages):
    words = [f"{p['Package']}:{p['Architecture']}={p['Version']}" for p in packages]
    return subprocess.run(["apt-get", "-qq", "-s", "--no-remove", "--allow-downgrades", "install", *words], check=False, capture_output=True).returncode == 0


def findings_of(report):
    with open(report, encoding="utf-8") as text:
        data = json.load(text)
    errors, warnings = {}, {}
    for f in data["findings"]:
        assert f["kind"] == "dependency", f
        (errors if f["severity"] == "error" else warnings)[f["path"]] = f["text"]
    return errors, warnings


def disagreement(system, p, errors, warnings):
    path = p["Filename"].removeprefix("./")
    if apt_accepts([p]):
        return "apt installs it by itself" if path in errors or path in warnings else None
    found = any(apt_accepts(some) for some in itertools.islice(system.sets(p), MOST_SETS))
    if path in errors:
        return "apt accepts it with others" if found else None
    return None if found else "apt accepts it with no others"


def check_debs(where, report):
    errors, warnings = findings_of(report)
    system = System(where)
    bad = 0
    for p in system.suite:
        what = disagreement(system, p, errors, warnings)
        if what:
            path = p["Filename"].removeprefix("./")
            bad += 1
            print(f"{path}: {what}; verify: {errors.get(path) or warnings.get(path) or 'installable'}\n{stanza(p)}")
    print(f"{len(system.suite)} packages, {len(errors)} not installable, {len(warnings)} only with others named, {bad} disagreements")
    return bad


# ---- rpms ----

def rpm_relation(rng, names):
    name = rng.choice(names)
    return name if rng.random() < 0.45 else f"{name} {rng.choice(['<', '<=', '=', '>=', '>'])} {rng.choice(['1.0', '1.1', '2.0', '3'])}"


def rpm_requires(rng, names):
    one, other = rpm_relation(rng, names), rpm_relation(rng, names)
    return rng.choice([one, one, one, one, f"({one} or {other})", f"({one} and {other})", f"({one} if {rng.choice(NAMES)})", "/usr/bin/" + rng.choice(NAMES),
                       "/opt/" + rng.choice(NAMES) + "/data"])


def make_specs(seed, where):
    """One spec file for each version, since a spec file has no name twice."""
    rng = random.Random(seed)
    everything = NAMES + VIRTUAL + ["bash", "glibc"]
    chosen = {name: rng.sample(VERSIONS, rng.choice([1, 2, 3])) for name in NAMES}
    os.makedirs(where)
    for version in VERSIONS:
        head, files = [f"Name: made-up\nVersion: {version[:-2]}\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\nAutoReqProv: no\n%description\nx\n"], []
        install = ["%install\n"]
        for name in (n for n in NAMES if version in chosen[n]):
            tags = [f"Requires: {rpm_requires(rng, everything)}" for _ in range(rng.choice([0, 1, 1, 2]))]
            if rng.random() < 0.25:
                tags.append(f"Provides: {rng.choice(VIRTUAL)}" + rng.choice(["", " = 1.1"]))
            if rng.random() < 0.2:
                tags.append(f"Conflicts: {rpm_relation(rng, NAMES + ['bash'])}")
            if rng.random() < 0.15:
                tags.append(f"Obsoletes: {rng.choice([n for n in NAMES if n != name])} < 1.1")
            head.append(f"%package -n {name}\nSummary: x\nAutoReqProv: no\n" + "\n".join(tags) + f"\n%description -n {name}\nx\n")
            install.append(f"install -D /etc/os-release %{{buildroot}}/usr/bin/{name}\ninstall -D /etc/os-release %{{buildroot}}/opt/{name}/data\n")
            files.append(f"%files -n {name}\n/usr/bin/{name}\n/opt/{name}/data\n")
        with open(f"{where}/{version[:-2]}.spec", "w", encoding="ascii") as out:
            out.write("%global __os_install_post %{nil}\n%global debug_package %{nil}\n" + "".join(head + install + files))


def check_rpms(root, url, report):
    import dnf  # the real one's, of this machine
    errors, _ = findings_of(report)
    base = dnf.Base()
    base.conf.installroot = root
    base.conf.cachedir = root + "/cache"
    base.conf.plugins = False
    base.conf.install_weak_deps = False
    base.conf.substitutions["releasever"] = "1"
    base.repos.add_new_repo("made-up", base.conf, baseurl=[url], gpgcheck=False)
    base.fill_sack(load_system_repo=True)
    bad, packages = 0, list(base.sack.query().available())
    for p in packages:
        base.reset(goal=True)
        base.package_install(p)
        try:
            base.resolve(allow_erasing=False)
            accepted = True
        except dnf.exceptions.DepsolveError as error:
            accepted, why = False, str(error)
        path = "rpm/stable/" + p.location
        if accepted == (path in errors):
            bad += 1
            print(f"{path}: dnf {'accepts it' if accepted else 'refuses: ' + why}; verify: {errors.get(path, 'installable')}")
    print(f"{len(packages)} packages, {len(errors)} not installable, {bad} disagreements")
    return bad


def main(args):
    if args[0] == "make-debs":
        make_debs(int(args[1]), args[2])
    elif args[0] == "check-debs":
        return check_debs(args[1], args[2])
    elif args[0] == "make-specs":
        make_specs(int(args[1]), args[2])
    elif args[0] == "check-rpms":
        return check_rpms(*args[1:4])
    return 0


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)

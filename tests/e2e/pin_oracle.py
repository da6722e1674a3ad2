#!/usr/bin/env python3
# Made-up fleets, seeded, and what apt and dnf install on each of their hosts: abide pin check must say the same.
# SPDX-License-Identifier: GPL-2.0-or-later
# Usage: pin_oracle.py make FIRST COUNT DIR    .debs, spec files and fleets with these seeds; repositories are made by others
#        pin_oracle.py check-apt DIR           asks apt; DIR/fleets/SEED/report is what abide pin check --json said of each
#        pin_oracle.py check-dnf DIR           asks dnf, by its Python interface
#        pin_oracle.py check-dnf-command DIR COUNT   asks /usr/bin/dnf of the first COUNT hosts
"""
A server that is pointed at its channel sees the versions that the channel lets through and nothing else. What these are is
written here once more, for the few patterns that are made up, and put into repositories of their own, at which the real apt
and dnf are pointed. They are asked to install by name what a host class has as services, and what is pinned.

apt looks for no way back from its first choice among alternatives, so it may refuse what pin check calls installable. Then it
must accept the same with the packages named that pin check has found, and, where that takes one, the package of the base's
repositories, which pin check does not list. Such hosts are counted. What pin check refuses, apt must refuse.

dnf searches by itself and must say the same, with one exception of the same kind: asked for a package of which another one
obsoletes only older versions, it may take that other one; where it does, it must accept the versions that pin check has found.
"""
import glob
import gzip
import json
import os
import random
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET

import closure_oracle as packages

PATTERNS = ["1.*", "1.0", "1.1", "2.0", "1.1-1", ">= 1.1", "< 2.0", "> 1.0, <= 2.0", "<= 1.1-1", "2.*"]
CUSTOMERS = ["ada", "ben", "cat"]
DEMANDS = ["Depends", "Pre-Depends", "Breaks", "Conflicts", "Requires", "Obsoletes"]
SHARED = ["base-one", "base-two", "elsewhere", "foreign-one"]
WORDS = re.compile(r"(?<![\w-])(" + "|".join(packages.NAMES + packages.VIRTUAL + SHARED) + r")(?![\w-])")


def own(seed, text):
    """The same with names that no other fleet has."""
    return WORDS.sub(lambda m: f"f{seed}-{m.group(1)}", text)


# ---- what a channel lets through, written once more ----

def key(version):
    """Of the versions that are made up, 1.0-1 or 2.0."""
    upstream, _, revision = version.partition("-")
    return [int(n) for n in upstream.split(".")], int(revision) if revision else None


def matches(pattern, version):
    upstream, revision = key(version)
    if pattern.endswith(".*"):
        return version.startswith(pattern[:-1])
    if pattern[0] not in "<>=":
        return key(pattern)[0] == upstream and key(pattern)[1] in (None, revision)
    for bound in pattern.split(","):
        sign, wanted = bound.split()
        limit = key(wanted)
        mine, theirs = (upstream, revision), limit
        if limit[1] is None:
            mine, theirs = upstream, limit[0]
        if not {"<": mine < theirs, "<=": mine <= theirs, ">": mine > theirs, ">=": mine >= theirs, "=": mine == theirs}[sign]:
            return False
    return True


class Package:
    """One published package, of either family: names that it needs, and all that it answers to."""

    def __init__(self, name, version, source):
        self.name, self.version, self.source = name, version, source
        self.needs, self.provides = set(), {name}


def let_through(channel, family, some):
    rules = {}
    for pin in channel["pins"]:
        rules.setdefault(pin["name"], []).append(pin["version"])
    for service in channel["services"][family]:
        rules.setdefault(service["name"], []).extend([service["version"]] if "version" in service else [])
    for service in channel["services"]["rpm" if family == "deb" else "deb"]:
        rules.setdefault(service["name"], [])
    fit = [p for p in some if all(matches(r, p.version) for r in rules.get(p.name, []))]
    if not channel["deny"]:
        return fit
    taken = [p for p in fit if p.name in rules]
    for p in taken:
        taken += [q for q in fit if q not in taken and q.provides & p.needs]
    return taken


# ---- making ----

def fitting(rng, versions):
    """A pattern that mostly lets something through in both families."""
    fit = [p for p in PATTERNS if all(any(matches(p, v) for v in some) for some in versions)]
    return rng.choice(fit) if fit and rng.random() < 0.9 else rng.choice(PATTERNS)


def make_channel(rng, versions, name):
    """versions: by family and package."""
    names = sorted(versions["deb"])
    channel = {"channel": name, "deny": rng.random() < 0.3, "services": {}, "pins": []}
    for family in ("deb", "rpm"):
        services = [{"name": n} for n in rng.sample(names, rng.choice([1, 1, 2, 2, 3]))]
        for service in services:
            if rng.random() < 0.3:
                service["version"] = fitting(rng, [versions[family][service["name"]]])
        channel["services"][family] = services
    for n in rng.sample(names, rng.choice([0, 0, 1, 1, 2, 3])):
        channel["pins"].append({"name": n, "version": fitting(rng, [versions["deb"][n], versions["rpm"][n]]), "reason": "made up"})
    return channel


def write_channel(path, channel):
    lines = [f"channel: {channel['channel']}", *(["others: deny"] if channel["deny"] else []), "hosts:"]
    for family, services in channel["services"].items():
        lines += [f"  - class: {family}", f"    base: {family}", "    services:"]
        for service in services:
            lines.append(f"      - name: {service['name']}")
            if "version" in service:
                lines.append(f"        version: \"{service['version']}\"")
    if channel["pins"]:
        lines.append("packages:")
    for pin in channel["pins"]:
        lines += [f"  - name: {pin['name']}", f"    version: \"{pin['version']}\"", "    reason: made up"]
    with open(path, "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


def make_fleet(seed, where, versions):
    rng = random.Random(seed * 7919 + 1)
    os.makedirs(f"{where}/channels")
    with open(f"{where}/fleet.yaml", "w", encoding="ascii") as out:
        out.write(f"fleet: f{seed}\nrepository: ../../repo\nbases:\n  - name: deb\n    base: ./deb.base\n  - name: rpm\n    base: ./rpm.base\n")
    channels = [make_channel(rng, versions, name) for name in CUSTOMERS]
    for channel in channels:
        write_channel(f"{where}/channels/{channel['channel']}.yaml", channel)
    with open(f"{where}/channels.json", "w", encoding="ascii") as out:
        json.dump(channels, out)


def make_debs(seed, where, fleet):
    """As closure_oracle makes them, under other names and with fewer demands. Returns the versions of each package."""
    rng, versions, several = random.Random(seed), {}, seed % 3 == 0
    os.makedirs(f"{fleet}/elsewhere")
    for made in list(packages.deb_packages(rng, several)):
        fields = {k: own(seed, v) for k, v in made.items() if k not in DEMANDS or rng.random() < 0.6}
        packages.write_deb(f"{where}/debs/{fields['Package']}_{fields['Version']}_{fields['Architecture']}.deb", fields)
        versions.setdefault(fields["Package"], set()).add(fields["Version"])
    for name, some in (("status", packages.installed_debs(rng, several)), ("elsewhere/Packages", [packages.ELSEWHERE])):
        with open(f"{fleet}/{name}", "w", encoding="ascii") as out:
            out.write(own(seed, "\n".join(packages.stanza(p) for p in some) + "\n"))
    return {n: v for n, v in versions.items() if n != own(seed, "base-one")}


def own_spec(seed, text, rng):
    lines = [line for line in own(seed, text).split("\n") if line.partition(":")[0] not in DEMANDS or rng.random() < 0.8]
    return "\n".join(lines)


def make_specs(seeds, where):
    """One spec file for each version, for all fleets: rpmbuild takes longer to start than to build."""
    parts, versions = {}, {}
    for seed in seeds:
        rng = random.Random(seed)
        made = f"{where}/fleets/{seed}/specs"
        packages.make_specs(seed, made)
        for path in sorted(glob.glob(f"{made}/*.spec")):
            with open(path, encoding="ascii") as text:
                spec = own_spec(seed, text.read(), rng)
            parts.setdefault(os.path.basename(path), []).append(spec)
            for name in re.findall(r"(?m)^%package -n (.*)$", spec):
                versions.setdefault(seed, {}).setdefault(name, set()).add(re.search(r"Version: (.*)", spec).group(1) + "-1")
        shutil.rmtree(made)
    os.makedirs(f"{where}/specs")
    for name, texts in parts.items():
        head = texts[0][:texts[0].index("%package")] if "%package" in texts[0] else texts[0][:texts[0].index("%install")]
        bodies, installs, files = [], [], []
        for text in texts:
            body, _, rest = text.partition("%install\n")
            install, _, listed = rest.partition("%files")
            bodies.append(body[body.index("%package"):] if "%package" in body else "")
            installs.append(install)
            files.append("%files" + listed if listed else "")
        with open(f"{where}/specs/{name}", "w", encoding="ascii") as out:
            out.write(head + "".join(bodies) + "%install\n" + "".join(installs) + "".join(files))
    return versions


def make(first, count, where):
    seeds = range(first, first + count)
    os.makedirs(f"{where}/debs")
    debs = {seed: make_debs(seed, where, f"{where}/fleets/{seed}") for seed in seeds}
    rpms = make_specs(seeds, where)
    for seed in seeds:
        make_fleet(seed, f"{where}/fleets/{seed}", {"deb": debs[seed], "rpm": rpms[seed]})


# ---- what was published ----

def published_debs(where):
    found = {}
    for index in glob.glob(f"{where}/repo/dists/stable/main/binary-*/Packages"):
        with open(index, encoding="utf-8") as text:
            for one in text.read().split("\n\n"):
                fields = dict(re.findall(r"^([\w-]+): (.*)$", one, re.M))
                if not fields or fields["Filename"] in found:
                    continue
                p = Package(fields["Package"], fields["Version"], one.strip("\n") + "\n")
                p.needs = words(fields, "Depends", "Pre-Depends")
                p.provides |= words(fields, "Provides")
                found[fields["Filename"]] = p
    return by_fleet(found.values())


def words(fields, *names):
    text = " , ".join(re.sub(r"\([^)]*\)|:\w+", "", fields.get(n, "")) for n in names)
    return set(re.findall(r"[a-z][a-z0-9-]+", text))


def by_fleet(some):
    fleets = {}
    for p in some:
        seed = re.match(r"f(\d+)-", p.name)
        if seed:
            fleets.setdefault(int(seed.group(1)), []).append(p)
    return fleets


COMMON = "{http://linux.duke.edu/metadata/common}"
RPM = "{http://linux.duke.edu/metadata/rpm}"


def published_rpms(where):
    """With the path of the file: repositories of some of them are made of these."""
    repo, found = f"{where}/repo/rpm/stable", []
    repomd = "{http://linux.duke.edu/metadata/repo}"
    path = ET.parse(f"{repo}/repodata/repomd.xml").find(f"{repomd}data[@type='primary']/{repomd}location").get("href")
    for e in ET.parse(gzip.open(f"{repo}/{path}")).getroot():
        version = e.find(f"{COMMON}version")
        p = Package(e.findtext(f"{COMMON}name"), f"{version.get('ver')}-{version.get('rel')}", e.find(f"{COMMON}location").get("href"))
        form = e.find(f"{COMMON}format")
        for one in form.iterfind(f"{RPM}requires/{RPM}entry"):
            text = one.get("name")
            p.needs |= set(re.findall(r"[/\w.-]+", text)) if text.startswith("(") else {text}
        p.provides |= {one.get("name") for one in form.iterfind(f"{RPM}provides/{RPM}entry")}
        p.provides |= {f"/usr/bin/{p.name}", f"/opt/{p.name}/data"}
        found.append(p)
    return by_fleet(found)


# ---- what was said ----

class Host:
    """One host class of one channel, and what pin check says of it."""

    def __init__(self, where, seed, channel, family, said):
        self.where, self.seed, self.channel, self.family = f"{where}/fleets/{seed}", seed, channel, family
        self.title = f"fleet {seed}, {channel['channel']}, {family}"
        one = [c for c in said["classes"] if c["class"] == family][0]
        findings = [f for f in said["findings"] if f["class"] == family and f["kind"] in ("gone", "contradiction")]
        self.said = bool(one["installable"]) and not findings
        self.why = one["why"] or "; ".join(f["text"] for f in findings)
        self.gets = one["installs"]

    def names(self, there):
        """
        What is asked for: services, and what is pinned, unless it is a service of the other class only or not there at all.
        By name, as pin check asks: where several sets fit, which of them dnf takes depends on the order (fleet 231).
        """
        mine = [s["name"] for s in self.channel["services"][self.family]]
        others = {s["name"] for services in self.channel["services"].values() for s in services} - set(mine)
        pins = [p["name"] for p in self.channel["pins"]]
        return sorted({*mine, *(n for n in pins if n not in others and n in there)})

    def folder(self):
        return f"{self.where}/views/{self.channel['channel']}-{self.family}"


def hosts(where, family):
    for path in sorted(glob.glob(f"{where}/fleets/*/report"), key=lambda p: int(p.split("/")[-2])):
        seed = int(path.split("/")[-2])
        with open(path, encoding="utf-8") as text:
            said = {c["channel"]: c for c in json.load(text)["channels"]}
        with open(f"{where}/fleets/{seed}/channels.json", encoding="ascii") as text:
            for channel in json.load(text):
                yield Host(where, seed, channel, family, said[channel["channel"]])


class Score:
    """What came of all hosts of one family."""

    def __init__(self):
        self.hosts = self.accepted = self.named = self.bad = 0

    def disagree(self, host, what, more=""):
        self.bad += 1
        print(f"{host.title}: {what}; pin check: {host.why or 'installable'}\n{json.dumps(host.channel)}\n{more}")

    def end(self, family):
        print(f"{family}: {self.hosts} hosts, {self.accepted} accepted, {self.named} of them only with more packages named, {self.bad} disagreements")
        return self.bad


# ---- apt ----

def apt(*args):
    return subprocess.run(["apt-get", "-qq", *args], check=False, capture_output=True, text=True)


def point_apt(host, view):
    folder, root = host.folder(), f"{host.where}/apt"
    os.makedirs(folder)
    with open(f"{folder}/Packages", "w", encoding="utf-8") as out:
        out.write("\n".join(p.source for p in view))
    with open(f"{root}/etc/apt/sources.list", "w", encoding="utf-8") as out:
        out.write(f"deb [trusted=yes] file:{folder} ./\ndeb [trusted=yes] file:{host.where}/elsewhere ./\n")
    os.environ["APT_CONFIG"] = f"{root}/apt.conf"
    update = apt("update")
    assert update.returncode == 0, update.stderr


def check_apt(where):
    published, score = published_debs(where), Score()
    for host in hosts(where, "deb"):
        there = published.get(host.seed, [])
        point_apt(host, let_through(host.channel, "deb", there))
        names = host.names({p.name for p in there})
        install = ["-s", "--no-remove", "install"]
        answer = apt(*install, *names)
        accepted = answer.returncode == 0
        score.hosts += 1
        if not accepted and host.said:
            more = [f"{p['name']}:{p['arch']}" if p["arch"] != "all" else p["name"] for p in host.gets]
            accepted = any(apt(*install, *names, *more, *rest).returncode == 0 for rest in ([], [own(host.seed, "elsewhere")]))
            score.named += accepted
            if accepted and os.environ.get("SHOW_NAMED"):
                print(host.title, names, more, answer.stdout[-600:])
        score.accepted += accepted
        if accepted != host.said:
            score.disagree(host, f"apt {'installs' if accepted else 'refuses'} {' '.join(names)}", answer.stdout + answer.stderr)
    return score.end("apt")


# ---- dnf ----

def point_dnf(host, view, where):
    folder = host.folder()
    os.makedirs(folder)
    for p in view:
        os.link(f"{where}/repo/rpm/stable/{p.source}", f"{folder}/{os.path.basename(p.source)}")
    subprocess.run(["createrepo_c", "-q", "--no-database", "--simple-md-filenames", folder], check=True)


def ask_dnf(host, names, words):
    """As `dnf install --nobest WORDS` does; which of the names are missing in the end were not installed."""
    import dnf
    base = dnf.Base()
    conf = base.conf
    conf.installroot, conf.cachedir, conf.plugins, conf.best, conf.install_weak_deps = f"{host.where}/dnf", f"{host.folder()}/cache", False, False, False
    conf.substitutions["releasever"] = "1"
    base.repos.add_new_repo("view", conf, baseurl=[f"file://{host.folder()}"], gpgcheck=False)
    base.fill_sack(load_system_repo=True)
    try:
        for word in words:
            base.install(word)
        base.resolve(allow_erasing=False)
    except (dnf.exceptions.MarkingError, dnf.exceptions.DepsolveError) as error:
        return False, str(error)
    gone = {str(p) for p in base.transaction.remove_set}
    there = {p.name for p in base.transaction.install_set} | {p.name for p in base.sack.query().installed()
                                                                  if str(p) not in gone and f"{p.name}-{p.version}-{p.release}" in host.fit}
    missing = [n for n in names if n not in there]
    base.close()
    return not missing, f"without {' '.join(missing)}"


def check_dnf(where):
    published, score = published_rpms(where), Score()
    for host in hosts(where, "rpm"):
        there = published.get(host.seed, [])
        view = let_through(host.channel, "rpm", there)
        host.fit = {f"{p.name}-{p.version}" for p in view}  # what is installed in another version is not what the channel says
        point_dnf(host, view, where)
        names = host.names({p.name for p in there})
        accepted, why = ask_dnf(host, names, names)
        score.hosts += 1
        if not accepted and host.said:
            accepted, why = ask_dnf(host, names, names + [f"{p['name']}-{p['version']}" for p in host.gets])
            score.named += accepted
        score.accepted += accepted
        if accepted != host.said:
            score.disagree(host, f"dnf {'installs' if accepted else 'refuses'} {' '.join(names)}", why)
    return score.end("dnf")


def ask_command(host, names, some):
    run = subprocess.run(["dnf", "--assumeno", f"--installroot={host.where}/dnf", "--releasever=1", "--noplugins", "--setopt=reposdir=/dev/null",
                          "--setopt=install_weak_deps=False", "--setopt=best=False", f"--setopt=cachedir={host.folder()}/cache2",
                          f"--repofrompath=view,file://{host.folder()}", "--repo=view", "--nogpgcheck", "install", *some],
                         check=False, capture_output=True, text=True)
    text = run.stdout + run.stderr
    table = re.sub(r"(?s)^.*?(Installing|Upgrading):", "", run.stdout)
    there = [n for n in names if re.search(rf"(?m)^ {re.escape(n)} ", table) or
             any(f"Package {fit}." in text for fit in host.fit if fit.rpartition("-")[0].rpartition("-")[0] == n) and not re.search(rf"replacing +{re.escape(n)}\.", text)]
    return ("Operation aborted." in text or "Nothing to do." in text) and there == names, text


def check_dnf_command(where, most):
    """The same again by the command; the repositories are there."""
    published, score = published_rpms(where), Score()
    for host in list(hosts(where, "rpm"))[:most]:
        there = published.get(host.seed, [])
        host.fit = {f"{p.name}-{p.version}" for p in let_through(host.channel, "rpm", there)}
        names = host.names({p.name for p in there})
        accepted, text = ask_command(host, names, names)
        if not accepted and host.said:
            accepted, text = ask_command(host, names, names + [f"{p['name']}-{p['version']}" for p in host.gets])
            score.named += accepted
        score.hosts += 1
        score.accepted += accepted
        if accepted != host.said:
            score.disagree(host, f"the command dnf {'installs' if accepted else 'refuses'} {' '.join(names)}", text)
    return score.end("dnf, the command")


def main(args):
    if args[0] == "make":
        make(int(args[1]), int(args[2]), args[3])
        return 0
    if args[0] == "check-apt":
        return check_apt(args[1])
    if args[0] == "check-dnf":
        return check_dnf(args[1])
    return check_dnf_command(args[1], int(args[2]))


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)

#!/usr/bin/env python3
"""Makes a fleet: versions of one small library, programs built with one of them each, and customers who are pinned to some.

Usage: generated_fleet.py FOLDER PROGRAMS VERSIONS CUSTOMERS
Writes sources, compiles them, and leaves in FOLDER: a manifest for each package (lib-N.yaml, app-N.yaml), one more version
(lib-VERSIONS.yaml), waivers.yaml for what the library breaks on purpose, fleet.yaml and channels/.

Version N exports a function more than the one before, under a node of its own. A third of the way a struct of one area grows,
and two thirds of the way a function of another is gone. Program N uses one area, and what its own version added.
"""
# SPDX-License-Identifier: GPL-2.0-or-later
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

AREAS = 8
FLAGS = ["-std=gnu11", "-O2", "-w"]
HOSTILE = '</script><script>alert(1)</script>'

folder, programs, versions, customers = sys.argv[1], *map(int, sys.argv[2:5])
grown, gone = versions // 3, 2 * versions // 3


def write(path, text):
    path = os.path.join(folder, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return path


def areas(version):
    return [a for a in range(AREAS) if a != 5 or version < gone]


def header(version):
    text = "#pragma once\n"
    for a in range(AREAS):
        more = " long more;" if a == 3 and version >= grown else ""
        text += f"struct area{a} {{ int state; const char *name;{more} }};\n"
    for a in areas(version):
        text += f"int area{a}_open(struct area{a} *a);\nint area{a}_close(struct area{a} *a, int how);\n"
    for v in range(1, version + 1):
        text += f"int fleet_added{v}(struct area{v % AREAS} *a);\n"
    return text


def library(version):
    here = f"v{version}"
    source = '#include "fleet.h"\n'
    for a in areas(version):
        source += f"int area{a}_open(struct area{a} *a) {{ a->state = {version}; return 0; }}\n"
        source += f"int area{a}_close(struct area{a} *a, int how) {{ return a->state + how; }}\n"
    for v in range(1, version + 1):
        source += f"int fleet_added{v}(struct area{v % AREAS} *a) {{ return a->state + {v}; }}\n"
    names = "".join(f" area{a}_open; area{a}_close;" for a in areas(version))
    nodes = f"FLEET_1.0 {{ global:{names} local: *; }};\n"
    for v in range(1, version + 1):
        nodes += f"FLEET_1.{v} {{ global: fleet_added{v}; }} FLEET_1.{v - 1};\n"
    write(f"{here}/fleet.h", header(version))
    file = os.path.join(folder, here, "libfleet.so.1")
    subprocess.run(["gcc", *FLAGS, "-g", "-shared", "-fPIC", "-Wl,-soname,libfleet.so.1", "-Wl,--build-id", "-o", file,
                    "-Wl,--version-script," + write(f"{here}/fleet.map", nodes), write(f"{here}/fleet.c", source)], check=True)
    write(f"lib-{version}.yaml", f"""name: libfleet
version: "1.{version}.0"
release: 1
arch: amd64
section: libs
maintainer: Test <test@example.org>
license: MIT
description: library of the generated fleet
library:
  file: {os.path.abspath(file)}
  headers: [{os.path.abspath(os.path.join(folder, here, "fleet.h"))}]
  layout: vendor
  prefix: /opt/fleet
""")


def built_with(program):
    return program * 7 % versions


def program(number):
    version, area = built_with(number), number % AREAS
    if area == 5 and version >= gone:
        area = 4
    source = f'#include "fleet.h"\nint main(void) {{ struct area{area} a; int r = area{area}_open(&a) + area{area}_close(&a, 1);\n'
    if version and version % AREAS == area:
        source += f"r += fleet_added{version}(&a);\n"
    source += f"return r - {version} - {version} - 1; }}\n"
    here, file = os.path.join(folder, f"v{version}"), os.path.join(folder, f"app{number}")
    debug = ["-g"] if number % 3 == 0 else []
    subprocess.run(["gcc", *FLAGS, *debug, "-I", here, "-o", file, write(f"app{number}.c", source), "-Wl,--build-id",
                    os.path.join(here, "libfleet.so.1"), "-Wl,-rpath,/opt/fleet/lib"], check=True)
    write(f"app-{number}.yaml", f"""name: app{number:02}
version: "1.0"
release: 1
arch: amd64
section: admin
maintainer: Test <test@example.org>
license: MIT
description: program of the generated fleet
depends: ["libfleet1 (>= 1.{version}.0)"]
contents:
  - {{src: {os.path.abspath(file)}, dst: /usr/bin/app{number:02}, file_info: {{mode: 0755}}}}
""")


def channel(number):
    pinned = number * 3 % versions
    text = f"channel: customer{number:03}\nhosts:\n"
    for name, base in (("web", "debian-12"), ("db", "el9")):
        text += f"  - class: {name}\n    base: {base}\n    services:\n"
        for i in range(4):
            text += f"      - name: app{(number * 4 + i) % programs:02}\n        reason: runs here\n"
    text += f"packages:\n  - name: libfleet1\n    version: \"1.{pinned}.*\"\n    reason: \"certified {HOSTILE}\"\n    author: ops\n"
    if number % 10 == 0:
        text += (f"held:\n  - service: app{number * 4 % programs:02}\n    package: libfleet1\n    version: \"1.{grown - 1}.0-1\"\n"
                 f"    reason: not rebuilt\n    author: ops\n")
    write(f"channels/customer{number:03}.yaml", text)


def main():
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(library, range(versions + 1)))
        list(pool.map(program, range(programs)))
    for number in range(customers):
        channel(number)
    write("fleet.yaml", """fleet: generated
repository: repo
bases:
  - {name: debian-12, base: debian-12-amd64}
  - {name: el9, base: el9.base}
""")
    write("el9.base", "abide-base\t1\nfamily\trpm\nname\tel9\narch\tx86_64\npackage\tglibc\t2.34-100.el9\tx86_64\n")
    text = "waivers:\n"
    for rule in ("struct-grew", "import-missing"):
        text += f"  - {{rule: {rule}, subject: \"*\", reason: on purpose, author: test, until: 9999-12-31}}\n"
    write("waivers.yaml", text)


main()

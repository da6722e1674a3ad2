"""Manifests and spec files for the built files of distribution packages, and what differs between two packages of them."""
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   pack_oracle.py manifests RUNTIME.deb DEVEL.deb FOLDER   writes FOLDER/{library,runtime,devel}.yaml
#   pack_oracle.py spec FOLDER FILE.rpm...                  prints a spec file of the files in FOLDER, in the words of these packages
#   pack_oracle.py deb THEIRS.deb OURS.deb                  prints what differs, a line "WHAT<TAB>DETAIL" each
#   pack_oracle.py rpm THEIRS.rpm OURS.rpm                  likewise
#   pack_oracle.py tags FILE.rpm                            prints its headers, a line for each tag
#   pack_oracle.py listed DOCUMENT FOUND                    prints what of the lines "WHAT<TAB>PACKAGE<TAB>DETAIL" in FOUND no row of
#                                                           DOCUMENT lists, and the rows that nothing was found for
#
# library.yaml has a `library:` block and makes both packages; runtime.yaml and devel.yaml state every file of one package.
import datetime
import io
import json
import os
import re
import struct
import subprocess
import sys
import tarfile

STANDARD = {"/", "/lib", "/usr", "/usr/bin", "/usr/include", "/usr/lib", "/usr/lib64", "/usr/lib64/pkgconfig", "/usr/share", "/usr/share/doc",
            "/usr/share/man", "/usr/share/man/man1", "/usr/share/man/man3", "/usr/share/aclocal", "/usr/share/lintian",
            "/usr/share/lintian/overrides"}
TRIPLET = re.compile(r"^(/usr)?/lib/[a-z0-9_]+-linux-gnu[a-z0-9]*")


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


# ---- .deb ----

class Deb:
    """A .deb: its control fields in order, control files by name, entries by path."""

    def __init__(self, path):
        self.path = path
        self.members = output("ar", "t", path).decode().split()
        self.control, self.order = {}, []
        for name, _, data in self.entries(output("dpkg-deb", "--ctrl-tarfile", path)):
            self.order.append(name)
            self.control[name] = data.decode() if data is not None else None
        self.data_order, self.files = [], {}
        for name, entry, data in self.entries(output("dpkg-deb", "--fsys-tarfile", path)):
            self.data_order.append(name)
            self.files[name] = (entry, data)
        self.fields = fields_of(self.control["/control"])
        self.field = dict(self.fields)

    @staticmethod
    def entries(tar):
        with tarfile.open(fileobj=io.BytesIO(tar)) as archive:
            for entry in archive:
                data = archive.extractfile(entry).read() if entry.isreg() else None
                yield (entry.name[1:] or "/"), entry, data


def fields_of(text):
    fields = []
    for line in text.splitlines():
        if line[0] in " \t":
            fields[-1] = (fields[-1][0], fields[-1][1] + "\n" + line)
        else:
            name, value = line.split(":", 1)
            fields.append((name, value.strip()))
    return fields


def state(entry):
    """What an entry of a tar says beside its contents."""
    return {"type": entry.type, "mode": oct(entry.mode), "owner": f"{entry.uname}:{entry.gname} {entry.uid}:{entry.gid}",
            "target": entry.linkname, "time": entry.mtime}


def renamed(path, ours, theirs):
    """Where the distribution's name of a package is not the one that follows from the soname."""
    return re.sub(r"/" + re.escape(ours) + r"(/|$)", "/" + theirs + r"\1", path)


def compare_deb(theirs_path, ours_path):
    theirs, ours = Deb(theirs_path), Deb(ours_path)
    name, own = theirs.field["Package"], ours.field["Package"]
    if name != own:
        yield "control Package", f"{name} | {own}"
    if theirs.members != ours.members:
        yield "members of the archive", f"{theirs.members} | {ours.members}"
    yield from compare_fields(theirs, ours, name, own)
    yield from compare_control(theirs, ours, name, own)
    yield from compare_files(theirs, ours, name, own)


def compare_fields(theirs, ours, name, own):
    for key in list(theirs.field) + [k for k in ours.field if k not in theirs.field]:
        value = ours.field.get(key)
        if key == "Installed-Size" and int(theirs.field[key]) == int(value) + control_size(theirs):
            yield f"control {key}: control files", f"{theirs.field[key]} | {value}"
            continue
        if value is not None:
            value = re.sub(r"(^|[ (])" + re.escape(own) + r"($|[ )])", r"\g<1>" + name + r"\2", value)
        if theirs.field.get(key) != value:
            yield f"control {key}", f"{theirs.field.get(key)!r} | {value!r}"
    both = [k for k in theirs.field if k in ours.field]
    order = [k for k in ours.field if k in theirs.field]
    if both != order:
        yield "control: order of the fields", f"{both} | {order}"


def control_size(deb):
    """KiB of what lies in the folder DEBIAN, and of the folder, while dpkg-gencontrol runs."""
    return 1 + sum(-(-len(deb.control[m].encode()) // 1024) for m in deb.control if m not in ("/", "/control", "/md5sums"))


def lines_of(text):
    return (text or "").splitlines()


def compare_control(theirs, ours, name, own):
    for member in sorted(set(theirs.control) | set(ours.control)):
        a, b = theirs.control.get(member), ours.control.get(member)
        if member == "/control" or (a is None and b is None and member in theirs.control and member in ours.control):
            continue
        if member not in theirs.control or member not in ours.control:
            yield f"control file {member[1:]}", "theirs only" if member in theirs.control else "ours only"
            continue
        b = re.sub(r"\b" + re.escape(own) + r"(?=[ /])", name, b)
        if member == "/symbols":
            yield from compare_symbols(lines_of(a), lines_of(b))
        elif member == "/md5sums":
            yield from compare_sums(lines_of(a), lines_of(b))
        elif a != b:
            for line in sorted(set(lines_of(a)) ^ set(lines_of(b))):
                yield f"{member[1:]}: {'comment' if line.startswith('#') else line.split()[0]}", f"{'theirs' if line in lines_of(a) else 'ours'}: {line}"
    if [m for m in theirs.order if m in ours.order] != [m for m in ours.order if m in theirs.order]:
        yield "order of the control files", f"{theirs.order} | {ours.order}"


def compare_symbols(theirs, ours):
    def symbols(lines):
        return dict(line.split()[:2] for line in lines if line.startswith(" "))
    if theirs[:1] != ours[:1]:
        yield "symbols: first line", f"{theirs[:1]} | {ours[:1]}"
    for line in sorted({x for x in theirs if x.startswith("*")} ^ {x for x in ours if x.startswith("*")}):
        yield "symbols: " + line.split()[1], line
    a, b = symbols(theirs), symbols(ours)
    for name in sorted(set(a) ^ set(b)):
        yield "symbols: set of symbols", name
    if [s for s in a if s in b] != [s for s in b if s in a]:
        yield "symbols: order", next(f"{x} | {y}" for x, y in zip(a, b) if x != y)
    newer = [f"{s} {a[s]} | {b[s]}" for s in a if s in b and a[s] != b[s]]
    if newer:
        yield "symbols: minimum versions", f"{len(newer)} of {len(a)}: {newer[0]}"


def compare_sums(theirs, ours):
    paths = [line.split("  ")[1] for line in theirs], [line.split("  ")[1] for line in ours]
    if sorted(paths[0]) == sorted(paths[1]) and paths[0] != paths[1]:
        yield "md5sums: order", next(f"{x} | {y}" for x, y in zip(*paths) if x != y)


def compare_files(theirs, ours, name, own):
    mapped = {renamed(path, own, name): entry for path, entry in ours.files.items()}
    if any(p.startswith("/lib/") for p in theirs.files) and not any(p.startswith("/lib/") for p in mapped):
        yield "folder of the library", "/lib | /usr/lib"
        mapped = {re.sub("^/usr/lib(?=/|$)", "/lib", path): entry for path, entry in mapped.items()}
    for path in sorted(set(theirs.files) | set(mapped)):
        if path not in mapped:
            yield f"file of theirs only: {sort_of(path)}", path
        elif path not in theirs.files:
            yield f"file of ours only: {sort_of(path)}", path
        else:
            yield from compare_entry(path, theirs.files[path], mapped[path], theirs, ours)
    common = [p for p in theirs.files if p in mapped]
    if common != [p for p in mapped if p in theirs.files]:
        pair = next((x, y) for x, y in zip(common, [p for p in mapped if p in theirs.files]) if x != y)
        yield "order of the files", f"{pair[0]} | {pair[1]}"


SORTS = [(r"\.a$", "static library"), (r"^/usr/share/man", "manual page"), (r"^/usr/share/doc", "document"), (r"^/usr/bin", "program"),
         (r"^/usr/share/aclocal", "macros")]


def sort_of(path):
    return next((name for pattern, name in SORTS if re.search(pattern, path)), path)


def compare_entry(path, theirs, ours, _theirs, _ours):
    a, b = state(theirs[0]), state(ours[0])
    kind = {b"5": "folder", b"2": "link"}.get(theirs[0].type, "file")
    for key in a:
        if a[key] != b[key]:
            yield f"{key} of a {kind}", f"{path}: {a[key]} | {b[key]}"
    if theirs[1] != ours[1]:
        yield f"contents of {os.path.basename(path)}", path


# ---- .rpm ----

TYPES = {1: "char", 2: "int8", 3: "int16", 4: "int32", 5: "int64", 6: "string", 7: "bin", 8: "string_array", 9: "i18nstring"}
FORMATS = {3: ">H", 4: ">I", 5: ">Q"}


def tag_names():
    names = {}
    with open("/usr/include/rpm/rpmtag.h", encoding="utf-8") as header:
        for match in re.finditer(r"^\s*RPMTAG_([A-Z0-9]+)\s*=\s*([0-9]+),", header.read(), re.M):
            names.setdefault(int(match[2]), match[1])
    return names


NAMES = tag_names()


def value_of(kind, count, store, offset):
    if kind in FORMATS:
        size = struct.calcsize(FORMATS[kind])
        return [struct.unpack_from(FORMATS[kind], store, offset + i * size)[0] for i in range(count)]
    if kind in (6, 8, 9):
        values = []
        for _ in range(count):
            end = store.index(b"\0", offset)
            values.append(store[offset:end].decode())
            offset = end + 1
        return values
    return [store[offset:offset + count].hex()]


def header_at(data, at):
    """The header at an offset: its tags as {number: (type, count, values)}, and where it ends."""
    assert data[at:at + 4] == b"\x8e\xad\xe8\x01", "no header"
    count, size = struct.unpack_from(">II", data, at + 8)
    store = data[at + 16 + 16 * count:at + 16 + 16 * count + size]
    tags = {}
    for i in range(count):
        tag, kind, offset, n = struct.unpack_from(">IIiI", data, at + 16 + 16 * i)
        tags[tag] = (TYPES.get(kind, kind), n, value_of(kind, n, store, offset))
    return tags, at + 16 + 16 * count + size


class Rpm:
    """An .rpm: its lead, both headers by the names of their tags, and its relations as rpm words them."""

    def __init__(self, path):
        with open(path, "rb") as package:
            data = package.read()
        self.lead = data[:96]
        self.signature, end = header_at(data, 96)
        self.header, end = header_at(data, end + -end % 8)
        self.payload_size = len(data) - end
        self.tags = {NAMES.get(number, str(number)): value for number, value in self.header.items()}

    def values(self, tag):
        return self.tags[tag][2] if tag in self.tags else []

    def relations(self, kind):
        return list(zip(self.values(kind + "NAME"), self.values(kind + "FLAGS"), self.values(kind + "VERSION")))

    def paths(self):
        folders = self.values("DIRNAMES")
        return [folders[i] + base for i, base in zip(self.values("DIRINDEXES"), self.values("BASENAMES"))]


FILE_TAGS = ["FILESIZES", "FILEMODES", "FILERDEVS", "FILEMTIMES", "FILEDIGESTS", "FILELINKTOS", "FILEFLAGS", "FILEUSERNAME",
             "FILEGROUPNAME", "FILEVERIFYFLAGS", "FILEDEVICES", "FILEINODES", "FILELANGS", "FILECOLORS"]
RELATIONS = ["PROVIDE", "REQUIRE", "CONFLICT", "OBSOLETE", "RECOMMEND", "SUGGEST"]


def compare_rpm(theirs_path, ours_path):
    theirs, ours = Rpm(theirs_path), Rpm(ours_path)
    if theirs.lead != ours.lead:
        yield "lead", f"{theirs.lead.hex()} | {ours.lead.hex()}"
    for number in sorted(set(theirs.signature) | set(ours.signature)):
        a, b = theirs.signature.get(number), ours.signature.get(number)
        if a is None or b is None or a[:2] != b[:2]:
            yield f"signature tag {number}", f"{a and a[:2]} | {b and b[:2]}"
    yield from compare_relations(theirs, ours)
    paths = theirs.paths(), ours.paths()
    for path in sorted(set(paths[0]) ^ set(paths[1])):
        yield "file of one side only", f"{path}: {'theirs' if path in paths[0] else 'ours'}"
    if sorted(paths[0]) == sorted(paths[1]) and paths[0] != paths[1]:
        yield "order of the files", next(f"{x} | {y}" for x, y in zip(*paths) if x != y)
    yield from compare_tags(theirs, ours, paths)


def compare_relations(theirs, ours):
    for kind in RELATIONS:
        a, b = theirs.relations(kind), ours.relations(kind)
        for relation in sorted(set(a) ^ set(b)):
            yield f"{kind.capitalize()}s {re.sub('^pkgconfig.*', 'pkgconfig()', relation[0])}", f"{relation}: {'theirs' if relation in a else 'ours'}"
        if sorted(a) == sorted(b) and a != b:
            yield f"{kind.capitalize()}s: order", next(f"{x} | {y}" for x, y in zip(a, b) if x != y)


def compare_tags(theirs, ours, paths):
    done = {kind + part for kind in RELATIONS for part in ("NAME", "FLAGS", "VERSION")}
    done |= set(FILE_TAGS) | {"DIRNAMES", "DIRINDEXES", "BASENAMES", "63"}  # 63: where the index of this header ends
    for tag in FILE_TAGS:
        types = theirs.tags.get(tag, (None,))[0], ours.tags.get(tag, (None,))[0]
        if types[0] != types[1]:
            yield f"tag {tag}", f"{types[0]} | {types[1]}"
        a, b = dict(zip(paths[0], theirs.values(tag))), dict(zip(paths[1], ours.values(tag)))
        wrong = [p for p in a if p in b and a[p] != b[p]]
        if wrong:
            yield f"tag {tag}", f"{len(wrong)} of {len(a)}: {wrong[0]}: {a[wrong[0]]} | {b[wrong[0]]}"
    for tag in sorted((set(theirs.tags) | set(ours.tags)) - done):
        a, b = theirs.tags.get(tag), ours.tags.get(tag)
        if a != b:
            yield f"tag {tag}", f"{str(a)[:300]} | {str(b)[:300]}"


def print_tags(path):
    rpm = Rpm(path)
    for part, tags in (("signature", rpm.signature), ("header", rpm.header)):
        for number, (kind, count, values) in sorted(tags.items()):
            name = NAMES.get(number, "-") if part == "header" else "-"
            print(part, number, name, kind, count, " ".join(map(str, values))[:100])


# ---- manifests and spec files ----

def version_of(deb):
    match = re.match(r"^(?:(\d+):)?(.*?)(?:-([^-]*))?$", deb.field["Version"])
    return match.groups()


def description_of(deb):
    lines = deb.field["Description"].split("\n")
    return "\n".join([lines[0]] + ["" if line == " ." else line[1:] for line in lines[1:]])


def quoted(text):
    return json.dumps(str(text), ensure_ascii=False).replace("$", "$$")


RELATION_KEYS = [("Depends", "depends"), ("Recommends", "recommends"), ("Suggests", "suggests"), ("Conflicts", "conflicts"),
                 ("Replaces", "replaces"), ("Provides", "provides")]


def stated_relations(deb, relations, without=""):
    """Of one package, as the deb family's own; a clause that names `without` is made by abide."""
    stated = []
    for field, key in relations:
        clauses = [c for c in deb.field.get(field, "").split(", ") if c and c.split(" ")[0] != without]
        stated += [f"    {key}: [{', '.join(quoted(c) for c in clauses)}]"] if clauses else []
    return ["overrides:", "  deb:"] + stated if stated else []


def common(deb, name, relations):
    epoch, version, release = version_of(deb)
    lines = [f"name: {name}", f"source: {deb.field.get('Source', deb.field['Package'])}", f"arch: {deb.field['Architecture']}",
             f"version: {quoted(version)}", f"release: {quoted(release)}",
             f"section: {deb.field['Section']}", f"priority: {deb.field['Priority']}", f"maintainer: {quoted(deb.field['Maintainer'])}",
             f"homepage: {quoted(deb.field['Homepage'])}", "license: MIT", f"description: {quoted(description_of(deb))}",
             f"mtime: \"{deb.files['/'][0].mtime}\""]
    lines += [f"epoch: \"{epoch}\""] if epoch else []
    return lines + stated_relations(deb, relations)


def content(deb, root, path, to=None, times=True):
    entry = deb.files[path][0]
    to = to or path
    if entry.isdir():
        return f"  - {{dst: {quoted(to)}, type: dir}}"
    info = f", mtime: \"{entry.mtime}\"" if times else ""
    if entry.issym():
        return f"  - {{src: {quoted(entry.linkname)}, dst: {quoted(to)}, type: symlink}}"
    return (f"  - {{src: {quoted(root + path)}, dst: {quoted(to)}, file_info: {{mode: 0{entry.mode:o}{info}}}}}")


def own_entries(deb):
    """Files, links, and the folders that no base system has."""
    for path, (entry, _) in deb.files.items():
        if not entry.isdir() or not (path in STANDARD or TRIPLET.match(path) or path.startswith("/lib")):
            yield path


def write(path, lines):
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")


def runtime_name(soname):
    stem, version = re.match(r"^(.*)\.so\.(.*)$", soname).groups()
    return f"{stem}{'-' if stem[-1].isdigit() else ''}{version}".lower()


def manifests(runtime_path, devel_path, folder):
    runtime, devel = Deb(runtime_path), Deb(devel_path)
    roots = {}
    for deb, key in ((runtime, "runtime"), (devel, "devel")):
        roots[key] = f"{folder}/{key}"
        output("dpkg-deb", "-x", deb.path, roots[key])
        relations = [r for r in RELATION_KEYS if key == "devel" or r[0] != "Depends"]
        write(f"{folder}/{key}.yaml", common(deb, deb.field["Package"], relations) + ["contents:"] +
              [content(deb, roots[key], path) for path in own_entries(deb)])
    library = next(p for p, (e, _) in runtime.files.items() if e.isreg() and ".so." in p)
    soname = next(os.path.basename(p) for p, (e, _) in runtime.files.items() if e.issym() and ".so." in p)
    headers = sorted({p.split("/usr/include/")[1].split("/")[0] for p in devel.files if p.startswith("/usr/include/")})
    pkgconfig = next(p for p in devel.files if p.endswith(".pc"))
    name = runtime_name(soname)
    documents = [p for p in own_entries(runtime) if "/lib/" not in p and not runtime.files[p][0].isdir()]
    write(f"{folder}/library.yaml",
          common(runtime, devel.field["Package"][:-len("-dev")], [r for r in RELATION_KEYS if r[0] != "Depends"]) +
          ["library:", f"  file: {quoted(roots['runtime'] + library)}", "  layout: system",
           f"  pkgconfig: {quoted(roots['devel'] + pkgconfig)}",
           f"  headers: [{', '.join(header_source(roots['devel'], h) for h in headers)}]",
           "  dev:", f"    description: {quoted(description_of(devel))}"] +
          ["    " + line for line in stated_relations(devel, RELATION_KEYS, runtime.field["Package"]) + ["contents:"] +
           [content(devel, roots["devel"], p) for p in development_documents(devel)]] +
          ["contents:"] +
          [content(runtime, roots["runtime"], p, renamed(p, runtime.field["Package"], name)) for p in documents])
    print(name)


def development_documents(devel):
    """What is not made from the keys of `library`, but for the static library."""
    return [p for p in own_entries(devel) if not devel.files[p][0].isdir() and not p.startswith("/usr/include/") and
            not p.endswith((".pc", ".so", ".a"))]


def header_source(root, name):
    """A folder of headers keeps its name only as part of the folder above it."""
    path = f"{root}/usr/include/{name}"
    return quoted(f"{root}/usr/include" if os.path.isdir(path) else path)


SPEC = """%global debug_package %{{nil}}
%global _build_id_links none
%global _buildshell /bin/bash
%global __os_install_post %{{nil}}
%global _binary_payload w6.xzdio
%global use_source_date_epoch_as_buildtime 1
%global clamp_mtime_to_source_date_epoch 1
%global _buildhost localhost
Name: {source}
{epoch}Version: {version}
Release: {release}
Summary: {summary}
License: {license}
Packager: {packager}
{url}{vendor}%description
{description}
%install
cp -a {root}/. %{{buildroot}}/
{packages}%changelog
* {day} {changelog}
{change}
"""

SUBPACKAGE = """%package -n {name}
Summary: {summary}
{relations}%description -n {name}
{description}
{scripts}%files -n {name}
{files}
"""


def first_values(rpm):
    return {tag.lower(): rpm.values(tag)[0] if rpm.values(tag) else "" for tag in
            ("NAME", "VERSION", "RELEASE", "SUMMARY", "LICENSE", "PACKAGER", "URL", "VENDOR", "DESCRIPTION", "SOURCERPM", "CHANGELOGNAME",
             "CHANGELOGTEXT")}


def files_of(rpm):
    for path, mode, user, group, flags in zip(rpm.paths(), rpm.values("FILEMODES"), rpm.values("FILEUSERNAME"),
                                              rpm.values("FILEGROUPNAME"), rpm.values("FILEFLAGS")):
        words = [{0: "", 1: "%config ", 17: "%config(noreplace) "}[flags & 17]]
        words += [f"%attr({mode & 0o7777:o},{user},{group}) "] if mode & 0o170000 != 0o120000 else []
        words += ["%dir "] if mode & 0o170000 == 0o040000 else []
        yield "".join(words) + f'"{path}"'


OPERATORS = {0: "", 2: "<", 4: ">", 8: "=", 10: "<=", 12: ">="}


def stated(rpm):
    """The relations that a spec file states; the others have flags that say where they come from."""
    name = rpm.values("NAME")[0]
    for word, kind in (("Requires", "REQUIRE"), ("Provides", "PROVIDE"), ("Conflicts", "CONFLICT"), ("Obsoletes", "OBSOLETE")):
        for what, flags, version in rpm.relations(kind):
            if flags in OPERATORS and not (kind == "PROVIDE" and re.match(re.escape(name) + r"(\(|$)", what)):
                yield f"{word}: {what} {OPERATORS[flags]} {version}".rstrip() + "\n"


def scripts_of(rpm):
    for word, tag in (("post", "POSTINPROG"), ("postun", "POSTUNPROG")):
        if rpm.values(tag):
            yield f"%{word} -n {rpm.values('NAME')[0]} -p {rpm.values(tag)[0]}\n"


def print_spec(root, *paths):
    packages = []
    for path in paths:
        rpm = Rpm(path)
        words = first_values(rpm)
        packages.append(SUBPACKAGE.format(files="\n".join(files_of(rpm)), relations="".join(stated(rpm)), scripts="".join(scripts_of(rpm)),
                                          **words))
    day = datetime.datetime.fromtimestamp(rpm.values("CHANGELOGTIME")[0], datetime.timezone.utc).strftime("%a %b %d %Y")
    source = words["sourcerpm"][:-len(f"-{words['version']}-{words['release']}.src.rpm")]
    optional = {key.lower(): f"{key}: {words[key.lower()]}\n" if words[key.lower()] else "" for key in ("URL", "Vendor")}
    words.update(optional, source=source, root=root, packages="".join(packages), day=day, changelog=words["changelogname"],
                 change=words["changelogtext"], epoch="".join(f"Epoch: {e}\n" for e in rpm.values("EPOCH")))
    print(SPEC.format(**words), end="")


# ---- what docs/packages.md lists ----

def rows_of(document):
    """{(what, package): line number} of the rows | `what` | package package... | reason |; "all" is any package."""
    rows = {}
    with open(document, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            match = re.match(r"^\| `([^`]*)` \| ([^|]*) \| [^|]+ \|$", line)
            for package in match[2].split() if match else []:
                rows[match[1], package] = number
    return rows


def listed(document, found):
    rows, used = rows_of(document), set()
    with open(found, encoding="utf-8") as lines:
        for line in lines:
            what, package, detail = (line.rstrip("\n") + "\t\t").split("\t")[:3]
            keys = [key for key in ((what, package), (what, "all")) if key in rows]
            used.update(keys)
            if not keys:
                print(f"{document} does not list: {what} ({package}): {detail[:300]}")
    for what, package in sorted(set(rows) - used, key=rows.get):
        print(f"{document}:{rows[what, package]}: nothing differs any more: {what} ({package})")


def main(command, *arguments):
    if command in ("deb", "rpm"):
        compare = {"deb": compare_deb, "rpm": compare_rpm}[command]
        for what, detail in compare(*arguments):
            print(f"{what}\t{detail}")
    else:
        {"manifests": manifests, "tags": print_tags, "spec": print_spec, "listed": listed}[command](*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Says in TAP whether judge's verdicts hold for generated libraries under other flags, and after one change. See 60-judge-properties.sh."""
# SPDX-License-Identifier: GPL-2.0-or-later
import concurrent.futures
import glob
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import generated_library as generated

ABIDE, B = os.environ["ABIDE"], os.environ["B"]
SEED = int(os.environ.get("SEED", "20"))
MUTATIONS = int(os.environ.get("MUTATIONS", "100"))
# What the engine does not do yet: a case whose name matches is skipped, visibly, while it fails. Remove what is mended.
KNOWN = {}


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


def build(folder, sources, flags="gcc -g -O1", after=()):
    """lib.so in the folder; raises with what the compiler said."""
    for command in [[*flags.split(), "-w", "-shared", "-fPIC", "-Wl,-soname,libgenerated.so.1", "-o", "lib.so", *sources], *after]:
        result = run(command, folder)
        if result.returncode != 0:
            raise RuntimeError(" ".join(command) + "\n" + result.stderr)
    return os.path.join(folder, "lib.so")


def verdict(old, new):
    """The word, and the first findings."""
    result = run([ABIDE, "judge", old, new], "/")
    if not result.stdout:
        return f"exit code {result.returncode}", result.stderr
    return result.stdout.split()[0], "\n".join(result.stdout.split("\n")[:8])


def facts(library):
    """What inspect says of a library, without where it is and how it was built."""
    told = json.loads(run([ABIDE, "inspect", "--json", library], "/").stdout)
    for key in ("file", "build_id", "needed", "needs", "imports"):
        told.pop(key, None)
    for symbol in told["exports"]:
        if symbol["kind"] == "function":
            symbol.pop("size")
    return told


def tap(name, good, told=""):
    reason = next((why for part, why in KNOWN.items() if re.search(part, name)), None)
    if good:
        return [f"ok - {name}"]
    if reason:
        return [f"ok - {name} # SKIP known: {reason}"]
    return [f"not ok - {name}", *(f"#   {line}" for line in told.splitlines())]


def expect(name, base, make, wanted, same_facts=False):
    """One line of TAP: the verdict for base against what make() builds is one of those wanted, and the facts are equal if asked."""
    try:
        new = make()
        word, told = verdict(base, new)
    except RuntimeError as error:
        return tap(name, False, str(error))
    if word in wanted and same_facts and facts(base) != facts(new):
        return tap(name, False, "the facts of inspect --json differ")
    return tap(name, word in wanted, told)


def flag_cases(title, base, source, work):
    """The same sources under other flags. source(folder): puts them there, and returns their names."""
    variants = [(f"gcc {level} -g", True) for level in ("-O0", "-O1", "-O2", "-O3", "-Os")]
    variants += [("gcc -g -O2 -flto", False), ("gcc -g -O1 -gdwarf-4", True), ("gcc -g -O1 -gdwarf-5", True), ("gcc -g3 -O1", True),
                 ("gcc -g -O1 -fdebug-types-section", True), ("gcc -g -O1 -gdwarf-4 -fdebug-types-section", True),
                 ("gcc -g -O1 -gsplit-dwarf", True), ("gcc -g -O1 -gdwarf-4 -gsplit-dwarf", True), ("gcc -g -O1 -gz", True),
                 ("gcc -g -O2 -ffunction-sections -fdata-sections -Wl,--gc-sections", True)]
    if shutil.which("clang"):
        variants += [(f"clang -g {flags}", False) for flags in ("-O0", "-O2", "-O2 -gdwarf-4", "-O1 -fdebug-types-section -gdwarf-4")]
    for number, (flags, same_facts) in enumerate(variants):
        def make(folder=f"{work}/{title}-{number}", flags=flags):
            return build(folder, source(folder), flags)
        yield f"{title}: {flags}", base, make, {"SAME"}, same_facts
    if shutil.which("dwz"):
        for dwarf in (4, 5):
            def make_dwz(folder=f"{work}/{title}-dwz{dwarf}", dwarf=dwarf):
                return build(folder, source(folder), f"gcc -g -O1 -gdwarf-{dwarf}", [["dwz", "lib.so"]])
            yield f"{title}: dwz, DWARF {dwarf}", base, make_dwz, {"SAME"}, True
    def make_objcopy(folder=f"{work}/{title}-compressed"):
        return build(folder, source(folder), after=[["objcopy", "--compress-debug-sections=zlib", "lib.so"]])
    yield f"{title}: compressed sections", base, make_objcopy, {"SAME"}, True


def order_cases(title, lib, base, work):
    """The generated library in another folder, and written otherwise: nothing that a caller sees."""
    for number, changes in enumerate([[], [generated.reorder], [generated.move_lines], [generated.rename_parameters],
                                      [generated.reorder, generated.rename_parameters, generated.move_lines, generated.change_bodies]]):
        changed = lib.copy()
        for change in changes:
            change(changed, random.Random(SEED))
        def make(folder=f"{work}/{title}-order{number}", changed=changed):
            return build(folder, changed.write(folder))
        what = ", ".join(c.__name__ for c in changes) or "in another folder"
        yield f"{title}: {what}", base, make, {"SAME"}, not changes


def mutation_cases(work):
    rng, lib = random.Random(SEED), generated.Library(SEED, 40, 90)
    base = build(f"{work}/mutated", lib.write(f"{work}/mutated"), "gcc -g -O0")
    kinds = [("breaking", generated.BREAKING, {"BREAKS"}), ("harmless", generated.SAME + generated.ADDS, {"SAME", "ADDS"})]
    for title, table, wanted in kinds:
        for number in range(MUTATIONS):
            change, changed = table[number % len(table)], lib.copy()
            change(changed, random.Random(rng.random()))
            def make(folder=f"{work}/{title}{number}", changed=changed):
                return build(folder, changed.write(folder), "gcc -g -O0")
            words = wanted if title == "breaking" else {"ADDS"} if change in generated.ADDS else {"SAME"}
            if change is generated.append_enumerator:
                words = wanted  # SAME where no function leads to the enumeration
            yield f"{title} {number}: {change.__name__}", base, make, words, False


def warden_source(tree):
    def source(folder):
        os.makedirs(folder)
        for path in glob.glob(f"{tree}/src/warden/*.[ch]") + glob.glob(f"{tree}/src/warden/*.map"):
            shutil.copy(path, folder)
        flags = ["-D_GNU_SOURCE", "-Wl,--version-script=libwarden.map", "-lcrypto", "-lm"]
        return sorted(os.path.basename(p) for p in glob.glob(f"{folder}/*.c")) + flags
    return source


def all_cases(work, tree):
    for seed in range(SEED, SEED + 3):
        lib = generated.Library(seed)
        base = build(f"{work}/{seed}", lib.write(f"{work}/{seed}"))
        title = f"library {seed}"
        yield f"{title}: itself", base, lambda base=base: base, {"SAME"}, True
        yield from order_cases(title, lib, base, work)
        if seed == SEED:
            yield from flag_cases(title, base, lib.write, work)
    source = warden_source(tree)
    base = build(f"{work}/warden", source(f"{work}/warden"))
    few = ("-O0 -g", "-O3 -g", "-flto", "-O1 -fdebug-types-section", "-O1 -gsplit-dwarf", "clang -g -O2", "DWARF 5", "compressed")
    yield from (case for case in flag_cases("libwarden", base, source, work) if case[0].endswith(few))
    yield from mutation_cases(work)


def main():
    with tempfile.TemporaryDirectory(prefix="abide-properties-") as work:
        jobs = int(os.environ.get("JOBS") or os.cpu_count() or 1)
        failed = count = 0
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            for lines in pool.map(lambda case: expect(*case), all_cases(work, sys.argv[1])):
                print("\n".join(lines), flush=True)
                count, failed = count + 1, failed + lines[0].startswith("not ok")
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes C libraries from a seed, and changes one thing in them: what the properties of judge are tried on."""
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A type is a tuple: ("int",), ("ptr", T), ("arr", T, n), ("fn", result, [T...]), ("struct", i), ("enum", i). Structs hold each
# other by value only downwards, and by pointers in all directions: types are cyclic. Every third struct is met only through another.
import copy
import os
import random

SCALARS = ["char", "signed char", "short", "int", "unsigned", "long", "unsigned long", "float", "double"]
WIDER = {"char": "int", "signed char": "short", "short": "int", "int": "long", "unsigned": "unsigned long", "long": "char",
         "unsigned long": "short", "float": "double", "double": "float"}
OTHER_KIND = {"int": "float", "unsigned": "float", "long": "double", "unsigned long": "double", "float": "int", "double": "long"}
RESPELLED = {"int": "respelled_int", "long": "long long", "unsigned long": "unsigned long long", "short": "signed short int",
             "unsigned": "uint32_t"}


class Library:
    """structs: [kind, [[member, type, bits]]]; enums: [[name, value]]; functions and variables by name."""

    def __init__(self, seed, n_structs=70, n_functions=200):
        self.random = random.Random(seed)
        self.enums = [[[f"E{i}_{j}", j * (i % 3 + 1)] for j in range(self.random.randint(2, 6))] for i in range(20)]
        self.structs = []
        for i in range(n_structs):
            self.structs.append(self.new_struct(i, n_structs))
        for i in range(2, n_structs, 3):  # the way to those that no function names
            way = ("ptr", ("struct", i))
            self.structs[i - 1][1].append(["way", way if i % 2 else ("ptr", ("fn", ("void",), [way, ("int",)])), 0])
        self.functions = {f"fun{i}": self.new_function(i, n_structs) for i in range(n_functions)}
        self.variables = {f"var{i}": ("arr", self.scalar(), self.random.randint(1, 5)) if i % 2 else self.scalar() for i in range(12)}
        self.private, self.extra, self.bodies, self.comments = 0, [], {}, 0
        self.order = None  # a seed: functions, structs and files in another order

    def scalar(self):
        return (self.random.choice(SCALARS),)

    def any_struct(self, n):
        return ("struct", self.random.randrange(n))

    def new_type(self, i, n):
        """What a member or a parameter may be."""
        pick = self.random.random()
        if pick < 0.5:
            return self.scalar()
        if pick < 0.65:
            return ("ptr", self.any_struct(n))
        if pick < 0.72:
            return ("enum", self.random.randrange(20))
        if pick < 0.8:
            return ("ptr", ("fn", self.scalar(), [("ptr", self.any_struct(n)), self.scalar()]))
        if pick < 0.9 and i > 0:
            return ("struct", self.random.randrange(max(0, i - 4), i))
        return ("ptr", self.scalar())

    def new_struct(self, i, n):
        members = []
        for j in range(self.random.randint(2, 7)):
            if self.random.random() < 0.12:
                members.append([f"m{j}", ("unsigned",), self.random.randint(1, 20)])
            elif self.random.random() < 0.12:
                members.append([f"m{j}", ("arr", self.scalar(), self.random.randint(2, 6)), 0])
            else:
                members.append([f"m{j}", self.new_type(i, n), 0])
        return ["union" if i % 11 == 5 else "struct", members]

    def new_function(self, i, n):
        direct = i % n if i % n % 3 != 2 else i % n - 1
        parameters = [("ptr", ("struct", direct))]
        for _ in range(self.random.randint(0, 4)):
            parameters.append(self.new_type(n, n))
        result = self.random.choice([("void",), self.scalar(), ("ptr", self.any_struct(n)), ("struct", direct)])
        return {"result": result, "parameters": parameters, "variadic": i % 17 == 3, "names": "p", "const": set()}

    # ---- writing C ----

    def declare(self, t, name):
        """The C declaration of name with type t."""
        kind = t[0]
        if kind == "ptr":
            return self.declare(t[1], f"(*{name})" if t[1][0] in ("fn", "arr") else f"*{name}")
        if kind == "const-ptr":
            return "const " + self.declare(t[1], f"*{name}")
        if kind == "arr":
            return self.declare(t[1], f"{name}[{t[2]}]")
        if kind == "fn":
            return self.declare(t[1], f"{name}({', '.join(self.declare(p, '') for p in t[2]) or 'void'})")
        if kind == "struct":
            return f"{self.structs[t[1]][0]} s{t[1]} {name}"
        return f"enum e{t[1]} {name}" if kind == "enum" else f"{kind} {name}"

    def prototype(self, name):
        f = self.functions[name]
        parameters = []
        for i, t in enumerate(f["parameters"]):
            const = i in f["const"] and t[0] == "ptr" and t[1][0] != "fn"
            parameters.append(self.declare(("const-ptr", t[1]) if const else t, f"{f['names']}{i}"))
        return self.declare(f["result"], f"{name}({', '.join(parameters + ['...'] * f['variadic'])})")

    def shuffled(self, things):
        things = list(things)
        if self.order is not None:
            random.Random(self.order).shuffle(things)
        return things

    def struct_text(self, i, done):
        """The definition of struct i, behind those that it holds by value."""
        if i in done:
            return ""
        done.add(i)
        kind, members = self.structs[i]
        needs = "".join(self.struct_text(t[1], done) for _, t, _ in members if t[0] == "struct")
        lines = "".join(f"\t{self.declare(t, m)}{f' : {bits}' if bits else ''};\n" for m, t, bits in members)
        return needs + "/* moved */\n" * self.comments + f"{kind} s{i} {{\n{lines}}};\n"

    def body(self, name):
        f = self.functions[name]
        used = "".join(f" (void){f['names']}{i};" for i in range(len(f["parameters"])))
        extra = self.bodies.get(name, "")
        if f["result"] == ("void",):
            return f"{{{used} {extra}}}"
        return f"{{ static {self.declare(f['result'], 'r')};{used} {extra} return r; }}"

    def outside(self, name):
        """Whether a function can be compiled where structs are only declared."""
        flat = repr([self.functions[name]["result"], *(t if t[0] != "ptr" or t[1][0] != "struct" else () for t in
                                                       self.functions[name]["parameters"])])
        return "struct" not in flat and "enum" not in flat

    def write(self, folder):
        """Writes the sources; returns their names."""
        os.makedirs(folder, exist_ok=True)
        done = set()
        head = "/* generated */\n#include <stdint.h>\ntypedef int respelled_int;\n"
        head += "".join(f"{kind} s{i};\n" for i, (kind, _) in enumerate(self.structs))
        types = '#include "names.h"\n'
        types += "".join(f"enum e{i} {{ {', '.join(f'{n} = {v}' for n, v in e)} }};\n" for i, e in enumerate(self.enums))
        types += "".join(self.struct_text(i, done) for i in self.shuffled(range(len(self.structs))))
        private = "".join(f"struct private{i} {{ long x[{i + 1}]; }};\nstatic __attribute__((noinline)) long hidden{i}(struct private{i} *p)"
                          f" {{ return p->x[0]; }}\nstatic long (*volatile keep{i})(struct private{i} *) = hidden{i};\n"
                          for i in range(self.private))
        names = self.shuffled(self.functions)
        files = {"types.h": types, "names.h": head, "outside.c": '#include "names.h"\n',
                 "first.c": '#include "types.h"\n' + private, "second.c": '#include "types.h"\n'}
        for i, name in enumerate(names):
            where = "outside.c" if self.outside(name) else "first.c" if i % 2 else "second.c"
            files[where] += "\n" * self.comments + f"{self.prototype(name)}\n{self.body(name)}\n"
        for name, t in self.shuffled(self.variables.items()):
            files["second.c"] += f"{self.declare(t, name)};\n"
        files["first.c"] += "".join(self.extra)
        for name, text in files.items():
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        return self.shuffled(["first.c", "second.c", "outside.c"])

    def copy(self):
        return copy.deepcopy(self)


# ---- one change each; a change returns False where it cannot be made there ----

def some_struct(lib, rng):
    return rng.choice([s for s in lib.structs if s[0] == "struct"])


def some_member(lib, rng, fits):
    """A member of a struct for which fits(type, bits)."""
    return rng.choice([m for kind, members in lib.structs if kind == "struct" for m in members if fits(m[1], m[2])])


def some_function(lib, rng, fits=lambda f: True):
    return rng.choice([f for f in lib.functions.values() if fits(f)])


def some_parameter(lib, rng, table):
    """A function, and the place of a parameter whose type stands in the table."""
    f = some_function(lib, rng, lambda f: any(t[0] in table for t in f["parameters"]))
    return f, rng.choice([i for i, t in enumerate(f["parameters"]) if t[0] in table])


def grow_struct(lib, rng):
    some_struct(lib, rng)[1].append(["appended", ("arr", ("long",), 2), 0])


def grow_union(lib, rng):
    rng.choice([s for s in lib.structs if s[0] == "union"])[1].append(["appended", ("arr", ("char",), 4096), 0])


def remove_member(lib, rng):
    members = some_struct(lib, rng)[1]
    members.pop(rng.randrange(len([m for m in members if m[0] != "way"])))


def insert_member(lib, rng):
    some_struct(lib, rng)[1].insert(0, ["inserted", ("int",), 0])


def swap_members(lib, rng):
    members = some_struct(lib, rng)[1]
    i = rng.randrange(len(members) - 1)
    members[i], members[i + 1] = members[i + 1], members[i]


def member_width(lib, rng):
    m = some_member(lib, rng, lambda t, bits: t[0] in WIDER and not bits)
    m[1] = (WIDER[m[1][0]],)


def member_kind(lib, rng):
    m = some_member(lib, rng, lambda t, bits: t[0] in OTHER_KIND and not bits)
    m[1] = (OTHER_KIND[m[1][0]],)


def member_bits(lib, rng):
    some_member(lib, rng, lambda t, bits: bits)[2] += 1


def member_bound(lib, rng):
    m = some_member(lib, rng, lambda t, bits: t[0] == "arr")
    m[1] = ("arr", m[1][1], m[1][2] + 1)


def remove_function(lib, rng):
    del lib.functions[rng.choice(list(lib.functions))]


def function_to_variable(lib, rng):
    name = rng.choice(list(lib.functions))
    del lib.functions[name]
    lib.variables[name] = ("int",)


def add_parameter(lib, rng):
    some_function(lib, rng)["parameters"].append(("int",))


def remove_parameter(lib, rng):
    some_function(lib, rng, lambda f: len(f["parameters"]) > 1)["parameters"].pop()


def parameter_width(lib, rng):
    f, i = some_parameter(lib, rng, WIDER)
    f["parameters"][i] = (WIDER[f["parameters"][i][0]],)


def parameter_kind(lib, rng):
    f, i = some_parameter(lib, rng, OTHER_KIND)
    f["parameters"][i] = (OTHER_KIND[f["parameters"][i][0]],)


def becomes_variadic(lib, rng):
    some_function(lib, rng, lambda f: not f["variadic"])["variadic"] = True


def value_to_void(lib, rng):
    some_function(lib, rng, lambda f: f["result"][0] in SCALARS)["result"] = ("void",)


def void_to_memory(lib, rng):
    lib.structs.append(["struct", [["big", ("arr", ("long",), 9), 0]]])
    some_function(lib, rng, lambda f: f["result"] == ("void",))["result"] = ("struct", len(lib.structs) - 1)


def result_kind(lib, rng):
    f = some_function(lib, rng, lambda f: f["result"][0] in OTHER_KIND)
    f["result"] = (OTHER_KIND[f["result"][0]],)


def enums_met(lib):
    """The enumerations that a function has as a parameter."""
    return sorted({t[1] for f in lib.functions.values() for t in f["parameters"] if t[0] == "enum"})


def enumerator_value(lib, rng):
    rng.choice(lib.enums[rng.choice(enums_met(lib))])[1] += 100


def remove_enumerator(lib, rng):
    lib.enums[rng.choice(enums_met(lib))].pop()


def variable_size(lib, rng):
    name = rng.choice([n for n, t in lib.variables.items() if t[0] == "arr"])
    lib.variables[name] = ("arr", lib.variables[name][1], 40)


def variable_kind(lib, rng):
    name = rng.choice([n for n, t in lib.variables.items() if t[0] in OTHER_KIND])
    lib.variables[name] = (OTHER_KIND[lib.variables[name][0]],)


def remove_variable(lib, rng):
    del lib.variables[rng.choice(list(lib.variables))]


BREAKING = [grow_struct, grow_union, remove_member, insert_member, swap_members, member_width, member_kind, member_bits, member_bound,
            remove_function, function_to_variable, add_parameter, remove_parameter, parameter_width, parameter_kind,
            becomes_variadic, value_to_void, void_to_memory, result_kind, enumerator_value, remove_enumerator,
            variable_size, variable_kind, remove_variable]


def rename_parameters(lib, rng):
    for f in lib.functions.values():
        f["names"] = rng.choice(["p", "renamed", "q"])


def const_pointees(lib, rng):
    for f in lib.functions.values():
        f["const"] = {i for i in range(5) if rng.random() < 0.5}


def reorder(lib, rng):
    lib.order = rng.random()


def move_lines(lib, rng):
    lib.comments = rng.randint(1, 5)


def change_bodies(lib, rng):
    for name in rng.sample(list(lib.functions), 50):
        lib.bodies[name] = f"static volatile int n = {rng.randint(1, 99)}; n += 1;"


def private_types(lib, rng):
    lib.private = rng.randint(1, 5)


def respell_parameters(lib, rng):
    for f in lib.functions.values():
        f["parameters"] = [(RESPELLED.get(t[0], t[0]),) if len(t) == 1 and rng.random() < 0.5 else t for t in f["parameters"]]


def respell_members(lib, rng):
    for _, members in lib.structs:
        for m in members:
            if len(m[1]) == 1 and not m[2] and rng.random() < 0.5:
                m[1] = (RESPELLED.get(m[1][0], m[1][0]),)


def rename_member(lib, rng):
    some_member(lib, rng, lambda t, bits: not bits)[0] = "renamed"


def void_to_value(lib, rng):
    some_function(lib, rng, lambda f: f["result"] == ("void",))["result"] = ("int",)


def append_enumerator(lib, rng):
    i = rng.randrange(len(lib.enums))
    lib.enums[i].append([f"E{i}_appended", 1000])


def add_function(lib, rng):
    lib.functions["added"] = lib.new_function(rng.randrange(len(lib.structs)), len(lib.structs))


def add_function_with_types(lib, rng):
    lib.extra.append("struct added_type { struct added_type *next; int x; };\n"
                     f"int added_with_type(struct added_type *p) {{ return p->x + {rng.randint(1, 9)}; }}\n")


def add_variable(lib, rng):
    lib.variables["added_variable"] = rng.choice([("int",), ("arr", ("double",), 3)])


def widen_union_choice(lib, rng):
    """One more member in a union, no larger than what is there."""
    rng.choice([s for s in lib.structs if s[0] == "union"])[1].append(["choice", ("signed char",), 0])


SAME = [rename_parameters, const_pointees, reorder, move_lines, change_bodies, private_types, respell_parameters, respell_members,
        rename_member, void_to_value, widen_union_choice]
ADDS = [add_function, add_function_with_types, add_variable, append_enumerator]

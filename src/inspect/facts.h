/* What an ELF file promises to others and needs from others: the product of inspect, and all that judge sees. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_FACTS_H
#define INSPECT_FACTS_H

#include <glib.h>

/* Why facts could not be read. */
#define FACTS_ERROR facts_error_quark()
GQuark facts_error_quark(void);
enum facts_error {
	FACTS_ERROR_INPUT,    /* missing, unreadable, or not an ELF library or program, nor a package with one */
	FACTS_ERROR_CORRUPT,  /* an ELF file whose tables contradict each other */
	FACTS_ERROR_HEADERS,  /* the public headers do not compile */
};

enum facts_kind {
	FACTS_LIBRARY, /* has a soname, or is a shared object without an interpreter */
	FACTS_PROGRAM,
};

/* What a symbol is to its users (ELF gABI, "Symbol Table", and the GNU extensions). */
enum facts_symbol_kind {
	FACTS_FUNCTION,
	FACTS_OBJECT,
	FACTS_TLS,
	FACTS_IFUNC,
	FACTS_UNTYPED,
};

/* One dynamic symbol. Strings live as long as the facts. A name may hold any byte but NUL. */
struct facts_symbol {
	const char *name;
	const char *node;    /* its version node, or NULL when the symbol is unversioned */
	const char *library; /* imports: the soname that the version need names, or NULL */
	enum facts_symbol_kind kind;
	gboolean weak;
	gboolean is_default; /* exports: name@@node, what a new link gets (TRUE when unversioned) */
	guint64 size;        /* bytes, as the symbol table says; for an object, what a copy relocation copies */
	guint64 address;     /* exports: where it begins: st_value, for a function its first instruction (entry.h) */
	gboolean is_inline;  /* exports of C++, weak: every caller that uses it has a copy of its own; see types.c */
	/* exports, and imports when facts were read with an interface, whose declaration debug information gives, else NULL: */
	const char *declaration; /* as C spells its type: "int (struct warden *, const char *)"; of a mangled name
				  * the whole declaration: "int ns::shape::area(int) const" */
	const char *shape;       /* how machine code meets it: "i32(p({struct warden}),p(i8))", see shape.h */
	const char *convention;  /* by which it is called, where debug information tells another than the usual: "win64" */
	/* fingerprints of all that a caller depends on through it, 0 without a declaration; see fingerprint.h */
	guint64 layout, source;
	/* exported functions without a declaration, of a file that describes others: a digest of their machine code; else, or
	 * where it tells nothing, 0; see code.h */
	guint64 code;
};

/* What a property of a file is about. */
enum facts_property_kind {
	FACTS_CONVENTION, /* how arguments are passed and types are represented: e_flags and attribute sections */
	FACTS_OPTION,     /* a compiler's option that changes layouts, from DW_AT_producer */
	FACTS_ISA,        /* what the processor must be able to do */
	FACTS_HARDENING,  /* what protection of the processor the code is made for */
	FACTS_LOADING,    /* what is asked of the system that loads it */
};

/* One thing that a file says of itself, as in properties.h: "float ABI" is "hard". */
struct facts_property {
	enum facts_property_kind kind;
	const char *name, *value;
};

/* A version node that a library defines (.gnu.version_d). */
struct facts_node {
	const char *name;
	const char *parent; /* the node that it inherits, or NULL */
};

/* A version node that a file requires of a library (.gnu.version_r). */
struct facts_need {
	const char *library; /* soname */
	const char *node;
};

/* A member of a struct or union. */
struct facts_member {
	const char *name;     /* "" when anonymous */
	const char *type;     /* as C spells it */
	const char *shape;    /* how machine code reads it, as in facts_symbol */
	guint64 offset, size; /* in bits, so that bit-fields need no second unit */
	gboolean reserved;    /* marked: callers keep it zero */
};

/* A name for a value of an enumeration; callers compiled the value into themselves. */
struct facts_enumerator {
	const char *name;
	gint64 value;
	gboolean sentinel; /* marked: it counts the others, and moves when one is added */
};

/* A base class (C++). */
struct facts_base {
	const char *name;     /* "struct ns::shape" */
	const char *shape;    /* as in facts_member */
	guint64 offset;       /* in bits; 0 for a virtual one, whose place the vtable tells */
	gboolean is_virtual;
};

/* A virtual function that a class declares, whether or not it overrides a base's. */
struct facts_virtual {
	const char *name;    /* "area(int) const"; "~" for the destructor. Two of one name override each other */
	const char *symbol;  /* as it is mangled, or "" */
	const char *shape;   /* as in facts_symbol */
	const char *declaration;
	guint slot;          /* its place in the vtable; a destructor takes two */
};

/* What a class of C++ has besides members. */
struct facts_class {
	struct facts_base *bases; /* in declaration order */
	guint n_bases;
	struct facts_virtual *virtuals; /* in the order of slots, then names */
	guint n_virtuals;
	gboolean by_reference; /* not trivially copyable: passed and returned in memory, by its address */
	gboolean sealed;       /* has virtual functions, and private constructors only: callers cannot derive from it */
};

/* A struct, union, class or enumeration that a caller can meet through an exported function or object. */
struct facts_type {
	const char *name; /* "struct warden_error", "enum ns::colour" (a class is a struct, too), or a typedef's name for one
			   * without a tag */
	guint64 size;     /* bytes */
	guint alignment;  /* bytes, where the source asks for one; else 0 */
	struct facts_member *members; /* of a struct, union or class, in declaration order */
	guint n_members;
	struct facts_enumerator *enumerators; /* of an enumeration, in declaration order */
	guint n_enumerators;
	struct facts_class *class; /* NULL when there is nothing to tell of it, as in C */
	guint64 layout, source; /* fingerprints, as in facts_symbol */
	struct facts_member_index *index; /* of a type with many members or enumerators, else NULL; see member_index.h */
	gboolean withdrawn; /* known because an older release's headers showed it (facts_headers_keep); not in snapshots */
	gboolean opaque;            /* marked: callers do not look inside */
	gboolean library_allocated; /* marked: callers only ever hold pointers that the library gave them */
	gboolean hidden;            /* callers reach it only through pointers to opaque types, if it is not one itself */
};

/* What public headers compile into callers, who keep their copy until they are built again (inlined.h). */
enum facts_inlined_kind {
	FACTS_MACRO,
	FACTS_INLINE_FUNCTION,
};
struct facts_inlined {
	const char *name;
	enum facts_inlined_kind kind;
	guint64 digest;   /* of its tokens, without comments and white space */
	const char *text; /* what a short macro without parameters stands for; of a function "expanded" when the compiler
			   * could not show its body as it is written; else "" */
};

/* What an author says of a type in the source (abide.h); the numbers are those of the note, see marks.h. */
enum facts_mark_kind {
	FACTS_MARK_OPAQUE = 1,
	FACTS_MARK_RESERVED = 2,
	FACTS_MARK_SENTINEL = 3,
	FACTS_MARK_LIBRARY_ALLOCATED = 4,
};

/* One mark. What it says stands also in the type, member or enumerator that it is about, where there is one. */
struct facts_mark {
	enum facts_mark_kind kind;
	const char *type; /* as facts_type has it; of a sentinel the enumeration's own name (C++), or "" */
	const char *name; /* of the member or enumerator, else "" */
};

/* What the judgement of types can rest on. */
enum facts_evidence {
	FACTS_NO_DEBUG,  /* no DWARF: nothing is known of types */
	FACTS_WEAK_DEBUG, /* DWARF without types (-g1): the same */
	FACTS_TYPES,     /* DWARF types */
};

/*
 * The facts of one file. Every array is sorted (symbols by name, then node; types by name; needed in link order), so
 * that two sets of facts are compared by one merge. Immutable after facts_read; may be shared between threads.
 */
struct facts {
	const char *path; /* as given */
	enum facts_kind kind;
	guint bits;          /* 32 or 64 */
	gboolean big_endian;
	guint16 machine;     /* e_machine */
	const char *soname;  /* NULL when there is none */
	const char *version; /* of the release that it is from, or NULL; see facts_read and input_read */
	const char *runpath; /* DT_RUNPATH or else DT_RPATH, NULL when there is none */
	gboolean is_rpath;   /* runpath is a DT_RPATH: the loader looks there even before LD_LIBRARY_PATH */
	const char *interpreter;
	const char *build_id; /* hexadecimal, NULL when there is none */
	const char **needed;  /* DT_NEEDED, NULL-terminated */
	gboolean gnu_hash;    /* has DT_GNU_HASH */
	gboolean sysv_hash;   /* has DT_HASH */

	struct facts_symbol *exports, *imports;
	guint n_exports, n_imports;
	struct facts_node *nodes;
	guint n_nodes;
	struct facts_need *needs;
	guint n_needs;
	struct facts_property *properties; /* by kind, then name */
	guint n_properties;
	struct facts_mark *marks; /* by kind, type and name, each once */
	guint n_marks;

	enum facts_evidence evidence;
	const char *debug_file;    /* the separate file that the evidence is from; NULL when it is the file itself, or none */
	const char *debug_missing; /* why there is no evidence, and how to get it; NULL when that is not known */
	gboolean is_snapshot; /* read from a snapshot, not from the library */
	gboolean headers_known; /* types holds only what public headers make complete */
	struct facts_type *types;
	guint n_types;
	struct facts_inlined *inlined; /* by name, then kind; only when headers are known */
	guint n_inlined;

	GStringChunk *strings; /* owns every string above */
};

/* What a library's public headers tell: the types that they make complete, and what they compile into callers. Immutable;
 * may be shared between threads. */
struct facts_headers;

/*
 * facts_headers_read: learn it by preprocessing the headers, and compiling them to debug information, with $CC (default
 * cc); or with $CXX (default c++) when one is named as only C++ is, or when a path begins with "c++:" (language.h).
 *
 * paths: a NULL-terminated array of header files, and of directories that stand for every header below them. Headers of a
 *   directory that refuse by #error to be included by themselves are left out, those that need another one come last.
 *
 * Returns a new object for facts_headers_free, or NULL with FACTS_ERROR_HEADERS that quotes the compiler.
 */
struct facts_headers *facts_headers_read(const char *const *paths, GError **error);
void facts_headers_free(struct facts_headers *headers);

/*
 * facts_headers_keep: let what is read with these headers show, as withdrawn, also the types that callers could see in
 * an older release, which are those of OLDER, if that was read with headers of its own. Before HEADERS is shared.
 */
void facts_headers_keep(struct facts_headers *headers, const struct facts *older);
typedef struct facts_headers facts_headers;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts_headers, facts_headers_free)

/* Where facts_read may look besides the file itself. All zero: only in the system's places. Nothing is taken over. */
struct facts_sources {
	/* The library's public headers, or NULL when they are not known. A type that they leave incomplete is opaque to
	 * callers and is left out with everything behind it; what only they tell is added. */
	const struct facts_headers *headers;
	/* Folders with separate debug information, NULL-terminated, or NULL. A folder may have .build-id/ in it, be a root
	 * with usr/lib/debug/ below it, or hold the files themselves. They come before /usr/lib/debug. */
	const char *const *debug_dirs;
	/* struct container *: debug packages, already read; or NULL. They come first. */
	const GPtrArray *debug_packages;
	/* For a program: the library that it uses. Then its imports from this library are described, and its types are those
	 * that they lead to, as the program itself was compiled with them; see import_types.h. NULL for none. */
	const struct facts *interface;
};

/*
 * facts_read: read the facts of a shared library or program.
 *
 * path: an ELF file of either class and byte order, for any machine; or a snapshot of a library (snapshot.h), which has its
 *   types in it.
 *   The version is what the file's real name, links followed, adds to the soname: libfoo.so.1.2.3 with the soname
 *   libfoo.so.1 is 1.2.3. A name that adds nothing says nothing.
 * sources: where headers and separate debug information are; NULL is all zero. Debug information is looked for
 *   only when the file has none; see debuginfo.h.
 *
 * Returns facts to be freed with facts_free, or NULL with a FACTS_ERROR whose message begins with the path.
 * Thread-safe: there is no shared state.
 */
struct facts *facts_read(const char *path, const struct facts_sources *sources, GError **error);

/*
 * facts_read_surface: what the ELF file itself says, without types: for those who ask only what it provides and needs.
 * Debug information is neither read nor looked for. Errors as for facts_read; a snapshot is not taken.
 */
struct facts *facts_read_surface(const char *path, GError **error);

/* facts_read_surface_fd: the same for a file that is open, which SHOWN stands for. */
struct facts *facts_read_surface_fd(int fd, const char *shown, GError **error);

/*
 * facts_read_fd: the same as facts_read for a file that is open, such as one in memory. SHOWN stands for it in messages and
 * facts.
 */
struct facts *facts_read_fd(int fd, const char *shown, const struct facts_sources *sources, GError **error);

/* facts_is_elf: does this file begin with the ELF magic number? FALSE also when it cannot be read. */
gboolean facts_is_elf(const char *path);

/* facts_free: NULL is fine. */
void facts_free(struct facts *facts);
typedef struct facts facts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(facts, facts_free)

/* facts_find_export: the default export of this name, or NULL. */
const struct facts_symbol *facts_find_export(const struct facts *facts, const char *name);

/* facts_first_export: the index of the first export whose name is not before NAME; n_exports when all are. */
guint facts_first_export(const struct facts *facts, const char *name);

/* facts_has_export: is there an export of this name under this node (NULL: unversioned)? */
gboolean facts_has_export(const struct facts *facts, const char *name, const char *node);

/* facts_machine_name: "x86-64", "AArch64", ... for e_machine; "an unknown machine" for others. Static text. */
const char *facts_machine_name(guint16 machine);

/* facts_mark_kind_name: "opaque", "reserved", "sentinel", "library-allocated". */
const char *facts_mark_kind_name(enum facts_mark_kind kind);

/* facts_symbol_kind_name: "function", "object", ... */
const char *facts_symbol_kind_name(enum facts_symbol_kind kind);

#endif

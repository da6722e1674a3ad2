/* A package before it is a .deb or an .rpm: names, relations, files; the product of pack, and the table of formats. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_PACKAGE_H
#define PACK_PACKAGE_H

#include "inspect/facts.h"
#include "pack/error.h"
#include "pack/names.h"
#include "pack/relation.h"
#include "pack/spool.h"

#include <sys/types.h>
#include <time.h>

enum package_file_type {
	PACKAGE_FILE,
	PACKAGE_DIRECTORY,
	PACKAGE_SYMLINK,
};

enum package_file_flags {
	PACKAGE_CONFIG = 1 << 0,    /* the administrator may change it: kept over upgrades */
	PACKAGE_NOREPLACE = 1 << 1, /* rpm: the new file goes to .rpmnew; dpkg asks in either case */
	PACKAGE_DOC = 1 << 2,
	PACKAGE_MISSINGOK = 1 << 3, /* rpm: it may be absent */
	PACKAGE_GHOST = 1 << 4,	    /* rpm: the package owns it and does not bring it */
	PACKAGE_LICENSE = 1 << 5,   /* rpm: kept where documents are left out */
	PACKAGE_README = 1 << 6,
	PACKAGE_ARTIFACT = 1 << 7, /* rpm: made by packaging, shown by `rpm -ql` only when asked for */
};

/* One entry of a package. The contents are `data`, or else `spooled`, or else those of the file `source`. */
struct package_file {
	char *path; /* where it is installed, absolute and normal: "/opt/warden/lib/libwarden.so.1.0.0" */
	enum package_file_type type;
	guint flags;
	mode_t mode; /* permission bits */
	char *owner, *group;
	gint64 mtime; /* seconds; -1: the package's */
	char *target; /* of a symbolic link */
	char *source; /* a path on this machine; beside spooled, the file that its contents were made of, or NULL */
	struct spool_part spooled;
	GBytes *data;
	/* package_seal fills these in */
	guint64 size;		   /* bytes of contents; of a link, the length of its target; 0 for a directory */
	char *sha256, *md5;	   /* of the contents of a file, NULL otherwise */
	const struct facts *facts; /* of a linked ELF file, NULL otherwise; borrowed when set before package_seal */
	struct facts *own_facts;   /* what package_seal read, owned */
};

enum package_script {
	PACKAGE_PREINSTALL,
	PACKAGE_POSTINSTALL,
	PACKAGE_PREREMOVE,
	PACKAGE_POSTREMOVE,
	PACKAGE_PRETRANS, /* rpm only, like those that follow */
	PACKAGE_POSTTRANS,
	PACKAGE_VERIFY,
	PACKAGE_SCRIPTS,
};

/* The directives of a triggers file (deb-triggers(5)). */
enum package_trigger {
	PACKAGE_INTEREST,
	PACKAGE_INTEREST_AWAIT,
	PACKAGE_INTEREST_NOAWAIT,
	PACKAGE_ACTIVATE,
	PACKAGE_ACTIVATE_AWAIT,
	PACKAGE_ACTIVATE_NOAWAIT,
	PACKAGE_TRIGGERS,
};

/* A field of a control file that abide knows nothing of. */
struct package_field {
	char *name, *value;
};
void package_field_free(gpointer field);

/* What only a .deb has. NULL where absent. */
struct package_deb {
	char *triggers;		    /* lines of the triggers file */
	GPtrArray *fields;	    /* struct package_field * */
	GBytes *config, *templates; /* debconf's */
};

/* What only an .rpm has. NULL where absent. */
struct package_rpm {
	char *group, *packager, *buildhost;
	char **prefixes;
};

struct changelog;
struct history;

/* What a package that carries a shared library tells those who link to it. */
struct package_library {
	const struct facts *facts; /* borrowed: of the library */
	const struct facts *older; /* borrowed: of the previous release, or NULL */
	gboolean ldconfig_scripts; /* lies where the loader's own triggers do not look */
	const struct history *history; /* borrowed: of its releases (history.h), or NULL */
	const char *project;	       /* borrowed: what its development package is named after */
};

struct base;
struct debug_format;

/* One package. Strings and arrays are owned; NULL where a field is absent. */
struct package {
	char *name;
	char *source; /* the name that the packages of one manifest share */
	char *version, *epoch, *release;
	const struct names_arch *arch;
	char *section, *priority, *maintainer, *vendor, *homepage, *license;
	char *summary;	    /* one line */
	char *description;  /* the rest, may be empty */
	gboolean multiarch; /* every path of an architecture's own is below a folder of that architecture */
	gboolean is_private; /* its libraries are for programs that know where they are, not for the system's loader */
	gint64 mtime;	    /* every time stamp in the package that has none of its own */
	GPtrArray *relations[RELATION_KINDS]; /* struct relation * */
	GPtrArray *found_depends; /* char *: clauses that its ELF files make necessary (depends.h); deb only */
	GPtrArray *files;	  /* struct package_file *, by path after package_seal */
	GBytes *scripts[PACKAGE_SCRIPTS];
	char *compression;	     /* "xz", "zstd:19"; NULL: as the format has it */
	struct changelog *changelog; /* a reference; NULL: one line is made up */
	struct package_deb deb;
	struct package_rpm rpm;
	GPtrArray *build_ids; /* char *, hexadecimal; of a package of debug symbols only (debug.h), NULL of any other */
	struct package_library *library; /* NULL unless the package carries one to link to */
	guint threads;			 /* how many may compress its contents at once; no byte depends on it; 0: one */
};

/* package_new: an empty one. package_free: NULL is fine. */
struct package *package_new(const char *name);
void package_free(struct package *package);
typedef struct package package;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(package, package_free)

/* package_beside: another package of the same release: name (taken over), source, version, maintainer and the like. */
struct package *package_beside(const struct package *package, char *name);

/*
 * package_describe: take its summary from the first line of this text, which lists show alone, its description from the
 * rest.
 */
void package_describe(struct package *package, const char *text);

/*
 * package_add: an entry of this type, with mode 0644 (0755 for a directory, 0777 for a link), owned by root:root.
 *
 * Returns it for the caller to fill in; the package owns it. path is made normal; package_seal judges it.
 */
struct package_file *package_add(struct package *package, enum package_file_type type, const char *path);

/* package_add_source: a file with the contents of `source`; executable for all if it is for its owner. */
struct package_file *package_add_source(struct package *package, const char *path, const char *source);
/* package_add_data: a file with these contents; takes the bytes over. */
struct package_file *package_add_data(struct package *package, const char *path, GBytes *data);
/* package_add_spooled: a file with these contents; takes the part over. */
struct package_file *package_add_spooled(struct package *package, const char *path, struct spool_part part);
/* package_add_link: a symbolic link to `target`. */
struct package_file *package_add_link(struct package *package, const char *path, const char *target);

/*
 * package_seal: make ready to be written.
 *
 * Sorts the entries by path (bytes); opens every source: its size, its digests and, of an ELF file, its facts. Refuses
 * two entries for one path, a path that is not absolute or has `..`, a link that climbs above the root, and machine
 * code in a package for all architectures.
 *
 * FALSE with PACK_ERROR_MANIFEST or PACK_ERROR_INPUT.
 */
gboolean package_seal(struct package *package, GError **error);

/* package_normal_path: a path without doubled and trailing slashes and `.` components (caller frees); `..` stays. */
char *package_normal_path(const char *path);

/* package_sonames: those of the libraries in a sealed package, NULL-terminated, borrowed. Caller frees the array. */
const char **package_sonames(const struct package *package);

/* package_find: the entry at this path, or NULL. */
const struct package_file *package_find(const struct package *package, const char *path);

/* package_read_fn: takes the contents of a file piece by piece; FALSE, with the error set, stops. */
typedef gboolean (*package_read_fn)(const void *data, gsize size, gpointer user, GError **error);

/*
 * package_read: hand the contents of a file entry to `take`, in pieces.
 *
 * Memory does not grow with the file. FALSE with PACK_ERROR_INPUT, also when the source no longer has the size and the
 * digest that package_seal saw (nothing more than that size is handed on), or with take's error.
 */
gboolean package_read(const struct package_file *file, package_read_fn take, gpointer user, GError **error);

enum package_family {
	PACKAGE_DEB,
	PACKAGE_RPM,
	PACKAGE_FAMILIES,
};

/*
 * A package format: one file, one row in package_formats.
 *
 * Formats know how names and versions are spelt and where their family keeps things; everything else is in the package.
 */
struct package_format {
	const char *name; /* "deb", as --packager has it and as files end */
	enum package_family family;
	const char *devel_suffix; /* "-dev", "-devel" */
	const struct debug_format *debug; /* what packages of debug symbols look like: debug.h */
	mode_t library_mode;	  /* of a shared library: Debian wants no x, rpm's tools skip files without it */

	/* The whole version, as other packages must name it to mean exactly this one: "1.0.0-1". Caller frees. */
	char *(*version)(const struct package *package);

	/* The relation of a development package to exactly this runtime package. Caller frees. */
	struct relation *(*exactly)(const struct package *package);

	/* Where the family keeps libraries of this architecture: "/usr/lib64". Caller frees. */
	char *(*libdir)(const struct names_arch *arch);

	/* The file name that the family's repositories expect. Caller frees. */
	char *(*file_name)(const struct package *package);

	/* Add the documents that the family's policy wants in every package; NULL: none. PACK_ERROR_WRITE. */
	gboolean (*document)(struct package *package, GError **error);

	/*
	 * Find what the ELF files of a sealed package need, in what is made together with it (NULL: nothing), then in BASE:
	 * PACK_ERROR_DEPENDS when something is in neither. base NULL: nothing is looked for. See depends.h.
	 */
	gboolean (*resolve)(struct package *package, const struct base *made, const struct base *base, GError **error);

	/*
	 * Add to BASE what a sealed package provides to programs, as if it were installed there: for packages that are made
	 * together and need one another, seal all, let each provide, then resolve each. PACK_ERROR_INPUT.
	 */
	gboolean (*provide)(const struct package *package, struct base *base, GError **error);

	/* Refuse what the family's tools would refuse: PACK_ERROR_MANIFEST. */
	gboolean (*check)(const struct package *package, GError **error);

	/* Write a sealed, checked package to fd (empty, seekable, readable). PACK_ERROR_WRITE or PACK_ERROR_INPUT. */
	gboolean (*write)(const struct package *package, int fd, GError **error);

	/* Sign a written package in place with this OpenPGP key; NULL: packages of this family carry no signature. */
	gboolean (*sign)(const char *path, const char *key, GError **error);
};

/* The formats; ends with a NULL. */
extern const struct package_format *const package_formats[];
extern const struct package_format deb_format, rpmpkg_format;

/* package_format_find: by name, or NULL. */
const struct package_format *package_format_find(const char *name);

#endif

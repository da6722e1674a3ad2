/* abide.yaml: what to pack, with nfpm's field names and one block `library:`; abide.yaml(5) is the user's side. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_MANIFEST_H
#define PACK_MANIFEST_H

#include "core/yaml.h"
#include "pack/package.h"

#include <stdbool.h>

/* The structs below are filled in by yamlfile_load from the tables in manifest_schema.c. Absent strings are NULL. */

struct manifest_list {
	char **items;
	guint n;
};

struct manifest_file_info {
	char *owner, *group, *mtime;
	char *mode; /* as it is written: manifest_mode reads it */
};

enum manifest_type {
	MANIFEST_FILE,
	MANIFEST_CONFIG,
	MANIFEST_CONFIG_NOREPLACE,
	MANIFEST_CONFIG_MISSINGOK,
	MANIFEST_SYMLINK,
	MANIFEST_DIRECTORY,
	MANIFEST_TREE,
	MANIFEST_GHOST, /* of an .rpm only, like those that follow */
	MANIFEST_DOC,
	MANIFEST_LICENSE,
	MANIFEST_README,
};

/* Whom an entry is for. */
enum manifest_packager {
	MANIFEST_EVERY,
	MANIFEST_DEB,
	MANIFEST_RPM,
	MANIFEST_OTHER, /* a family that abide does not write */
};

struct manifest_content {
	char *src, *dst;
	enum manifest_type type;
	enum manifest_packager packager;
	gboolean unversioned; /* in a library's package: two sonames may not have it both, on purpose */
	struct manifest_file_info file_info;
	bool expand; /* nfpm's; variables are expanded in any case */
};

enum manifest_layout {
	MANIFEST_VENDOR, /* below a prefix of its own, the same on every distribution */
	MANIFEST_SYSTEM, /* where each family keeps its libraries */
};

enum manifest_switch {
	MANIFEST_UNSET,
	MANIFEST_ON,
	MANIFEST_OFF,
};

/* Which packages of a library are made; none named: all of them. */
enum manifest_split {
	MANIFEST_RUNTIME = 1 << 0,
	MANIFEST_DEVELOPMENT = 1 << 1,
	MANIFEST_DEBUG = 1 << 2,
};

/* What takes the place of the manifest's own in one family. */
struct manifest_overrides {
	struct manifest_list relations[RELATION_KINDS];
	struct manifest_content *contents;
	guint n_contents;
	char *scripts[PACKAGE_SCRIPTS];
	char *umask;
};

/* What a library's development package has besides what it always has. */
struct manifest_development {
	char *description; /* NULL: made from the library's */
	struct manifest_list relations[RELATION_KINDS];
	struct manifest_content *contents;
	guint n_contents;
	struct manifest_overrides overrides[PACKAGE_FAMILIES]; /* without scripts and umask */
};

struct manifest_library {
	char *file;
	struct manifest_list headers;
	char *pkgconfig;
	char *abi;     /* the previous release; "" or absent: this is the first */
	char *history; /* a folder with the snapshots of all releases (history.h); "" or absent: none */
	char *waivers; /* a waiver file for the verdict on it; "" or absent: none */
	enum manifest_layout layout;
	enum manifest_split split; /* a set */
	gboolean is_private; /* for its own vendor's programs, which know where it is: the system's loader does not */
	gboolean held;	     /* an old version kept for one program: private, below PREFIX/held/VERSION */
	char *prefix;
	char *ldconfig;
	struct manifest_development *dev; /* NULL: nothing is stated */
};

/* How a version is to be read. */
enum manifest_version_schema {
	MANIFEST_SEMVER, /* a v before it goes away; what follows - and + is prerelease and metadata */
	MANIFEST_AS_IS,
};

/* What only a .deb has. */
struct manifest_deb {
	char *arch, *compression;
	char *config, *templates; /* debconf's */
	struct manifest_list predepends, breaks;
	struct manifest_list triggers[PACKAGE_TRIGGERS];
	GPtrArray *fields; /* struct package_field *; read by manifest.c, since its keys are anybody's */
};

/* What only an .rpm has. */
struct manifest_rpm {
	char *arch, *compression, *group, *summary, *packager, *buildhost;
	struct manifest_list prefixes;
	char *scripts[PACKAGE_SCRIPTS];
	struct {
		char *key_id;
	} signature;
};

struct manifest {
	char *name, *source, *arch, *version, *epoch, *release;
	char *section, *priority, *maintainer, *description, *vendor, *homepage, *license, *mtime;
	char *changelog; /* a file: see changelog.h */
	char *umask;	 /* taken from the modes of sources; NULL: 0644 and 0755 */
	char *platform, *prerelease, *version_metadata;
	enum manifest_version_schema version_schema;
	bool disable_globbing;
	struct manifest_deb deb;
	struct manifest_rpm rpm;
	struct manifest_list relations[RELATION_KINDS];
	struct manifest_overrides overrides[PACKAGE_FAMILIES];
	struct manifest_list base; /* as bases_add takes them */
	enum manifest_switch strip; /* unset: yes for a library, no for others */
	struct manifest_content *contents;
	guint n_contents;
	char *scripts[PACKAGE_SCRIPTS];
	struct manifest_library *library;
	/* not from the file */
	char *path;
	struct yamlfile *yaml; /* where everything stands in it */
};

/*
 * manifest_load: read, check and expand a manifest.
 *
 * ${NAME} in a string value is the environment variable, ${NAME:-TEXT} the same with TEXT where it is unset or empty,
 * and $$ a dollar sign; an unset variable without a text is an error. Paths in it are relative to the current
 * directory, as nfpm's are. `version` is afterwards the whole upstream version: 1.2.3~beta1+git for nfpm's 1.2.3,
 * prerelease beta1 and metadata git.
 *
 * NULL with G_FILE_ERROR, YAMLFILE_ERROR or PACK_ERROR_MANIFEST: "FILE:LINE:COLUMN: KEY: what is wrong; what was
 * expected". Thread-safe as long as nobody changes the environment.
 */
struct manifest *manifest_load(const char *path, GError **error);

/* manifest_parse: the same from memory; path is what errors name. */
struct manifest *manifest_parse(const char *path, GBytes *text, GError **error);

/* manifest_free: NULL is fine. */
void manifest_free(struct manifest *manifest);
typedef struct manifest manifest;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(manifest, manifest_free)

/*
 * manifest_refuse: set PACK_ERROR_MANIFEST for a value: "FILE:LINE:COLUMN: KEY: text". Returns FALSE.
 *
 * key: "name", "contents[1].dst"; the position is that of the nearest key above it which the file has.
 */
gboolean manifest_refuse(const struct manifest *manifest, GError **error, const char *key, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

/* manifest_prefix: put "FILE:LINE:COLUMN: KEY: " before an error that is already set. Returns FALSE. */
gboolean manifest_prefix(const struct manifest *manifest, GError **error, const char *key);

/*
 * manifest_time: seconds of a time stamp in RFC 3339, or as seconds since 1970. FALSE when it is neither, or is not
 * between 1970 and 2106, which is what the formats can hold.
 */
gboolean manifest_time(const char *text, gint64 *seconds);

/* manifest_mode: permission bits in octal, 0644 or 0o644. FALSE without the leading zero, and beyond 07777. */
gboolean manifest_mode(const char *text, mode_t *mode);

/* The values of `deb` and `rpm`, by family; NULL where the manifest has none. */
const char *manifest_arch(const struct manifest *manifest, enum package_family family);
const char *manifest_compression(const struct manifest *manifest, enum package_family family);

#endif

/* The parts of an .rpm: relations found in ELF files, and the headers before the payload. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_RPM_H
#define PACK_RPM_H

#include "pack/payload.h"

#include <rpm/header.h>

/* One relation as the header has it. flags: enum rpmsenseFlags_e. version: "" when there is none. */
struct rpmpkg_dep {
	char *name;
	char *version;
	guint32 flags;
};

/* rpmpkg_dep_add: append a copy. version NULL: none. */
void rpmpkg_dep_add(GPtrArray *deps, const char *name, guint32 flags, const char *version);

/* rpmpkg_deps_new: an empty array that owns its rpmpkg_dep. */
GPtrArray *rpmpkg_deps_new(void);

/* rpmpkg_relations: append the manifest's relations of one kind. */
void rpmpkg_relations(GPtrArray *deps, const struct package *package, enum relation_kind kind);

/* rpmpkg_deps_sort: by name, version and flags, each once. */
void rpmpkg_deps_sort(GPtrArray *deps);

/*
 * rpmpkg_elf_provides, rpmpkg_elf_requires: append what rpm's elfdeps(8) says of an ELF file in a package.
 *
 * Provides: its soname and its version nodes, `libwarden.so.1()(64bit)`, `libwarden.so.1(LIBWARDEN_1.0)(64bit)`.
 * Requires: what it needs, with version nodes, and rtld(GNU_HASH) when it has no other hash table. A soname is left
 * out when no linker could look for it (elfdeps' --filter-soname).
 */
void rpmpkg_elf_provides(GPtrArray *deps, const struct package_file *file);
void rpmpkg_elf_requires(GPtrArray *deps, const struct package_file *file);

/*
 * rpmpkg_pkgconfig_provides, rpmpkg_pkgconfig_requires: append what rpm's pkgconfigdeps.sh says of the .pc files in a
 * package: `pkgconfig(libwarden) = 1.0.0`; /usr/bin/pkg-config, and pkgconfig() of the modules in their Requires and
 * Requires.private.
 *
 * Only of files that pkg-config finds by itself, in LIBDIR/pkgconfig and /usr/share/pkgconfig, as rpm's rule has it. A
 * version or name that rpm would not take is left out.
 */
void rpmpkg_pkgconfig_provides(GPtrArray *deps, const struct package *package);
void rpmpkg_pkgconfig_requires(GPtrArray *deps, const struct package *package);

/*
 * rpmpkg_pkgconfig_parse: the same for the text of one .pc file. module: its name without ".pc". Either array may be NULL.
 */
void rpmpkg_pkgconfig_parse(const char *module, const char *text, GPtrArray *provides, GPtrArray *requires);

/*
 * rpmpkg_interpreter_requires: append what rpm's script.req says of the executable files in a package: the program that the
 * first line names, `#!/bin/sh`, by its path.
 */
void rpmpkg_interpreter_requires(GPtrArray *deps, const struct package *package);

/* rpmpkg_interpreter_parse: the same for one first line, without its end. `#!/usr/bin/env /bin/x` needs both of them. */
void rpmpkg_interpreter_parse(const char *line, GPtrArray *requires);

/*
 * rpmpkg_provides, rpmpkg_requires: everything that the package provides and requires, sorted as rpmbuild does, without
 * repetition: its own name, also with the architecture in brackets; config(NAME); ELF files; scriptlets' interpreters;
 * the features of rpm that the package uses (rpmlib()); what the manifest says. A library without version nodes whose
 * history is recorded provides its soname with its version: `libfoo.so.1()(64bit) = 1.2.3`.
 */
GPtrArray *rpmpkg_provides(const struct package *package);
GPtrArray *rpmpkg_requires(const struct package *package);

/*
 * rpmpkg_resolve: does BASE, where one was named, have everything that the package's ELF files require? The requirements
 * themselves do not depend on it. FALSE with PACK_ERROR_DEPENDS.
 */
gboolean rpmpkg_resolve(struct package *package, const struct base *made, const struct base *base, GError **error);
/* rpmpkg_provide: add the soname capabilities of the package to BASE, none of a private one. Always TRUE. */
gboolean rpmpkg_provide(const struct package *package, struct base *base, GError **error);

/* rpmpkg_evr: [epoch:]version-release. */
char *rpmpkg_evr(const struct package *package);
/* rpmpkg_release: the release, "1" when there is none. */
const char *rpmpkg_release(const struct package *package);

/* How one scriptlet is run. */
struct rpmpkg_scriptlet {
	enum package_script script;
	rpmTagVal body, program;
	guint32 sense; /* of the relation to its interpreter */
};
extern const struct rpmpkg_scriptlet rpmpkg_scriptlets[PACKAGE_SCRIPTS];

/*
 * rpmpkg_script: the body of a scriptlet and the program that runs it, with its argument, if any, behind a space (both
 * caller frees; the body may be NULL).
 *
 * A library where glibc's file triggers do not look (they watch /lib* and /usr/lib* only) gets `-p /sbin/ldconfig`
 * after installation and removal, or a line with it before the manifest's own script. FALSE: there is no such
 * scriptlet.
 */
gboolean rpmpkg_script(const struct package *package, enum package_script script, char **body, char **program);

/*
 * rpmpkg_header: the main header, in its immutable region, for a payload with these sums.
 *
 * Every tag that rpm 4.14 to 6 reads. Time, host and rpm version do not come from this machine. NULL when librpm
 * refuses a value; otherwise to be freed with headerFree.
 */
Header rpmpkg_header(const struct package *package, const struct payload_compressor *compressor,
		     const struct payload_sums *sums);

/*
 * rpmpkg_sign: sign the header of a written .rpm in place, by librpmsign and gpg.
 *
 * key: a key id, fingerprint or user id that gpg has the secret key of (in an agent or on a card is fine). In place:
 * the signature goes into the space that rpmpkg_write left. Forks, so only while the process has one thread.
 * FALSE with PACK_ERROR_SIGN; what the file then holds is not to be used.
 */
gboolean rpmpkg_sign(const char *path, const char *key, GError **error);

#endif

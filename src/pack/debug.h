/* Packages of debug symbols: what is stripped off the files of a package, found by build-id. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_DEBUG_H
#define PACK_DEBUG_H

#include "pack/package.h"

/*
 * What a family's packages of debug symbols look like; one row for each, as dh_strip(1) and find-debuginfo(8) have it:
 *
 *            deb                                        rpm
 *   package  NAME-dbgsym, depends on exactly NAME       NAME-debuginfo, depends on nothing
 *   symbols  /usr/lib/debug/.build-id/XX/YYYY.debug     /usr/lib/debug/PATH-VERSION-RELEASE.ARCH.debug
 *   links                                               from the place that the symbols have in Debian; from
 *                                                       /usr/lib/.build-id/XX/YYYY to the file itself, in its package
 */
struct debug_format {
	const char *suffix; /* "-dbgsym" */
	mode_t mode;	    /* of the symbols */

	/* Where the symbols of this file go. Caller frees. */
	char *(*path)(const struct package *runtime, const struct package_file *file, const char *build_id);

	/* Fill in what a new package of symbols says of itself and depends on. */
	void (*describe)(struct package *debug, const struct package *runtime, const struct package_format *format);

	/* Add the links by which debuggers find symbols and file; NULL: none are needed. */
	void (*link)(struct package *debug, struct package *runtime, const char *file, const char *symbols,
		     const char *build_id);
};
extern const struct debug_format deb_debug, rpmpkg_debug;

/*
 * debug_split: strip every program and library of a package that is not, and put what is taken off into a package of
 * its own.
 *
 * Stripping is eu-strip's of elfutils: symbol table, debug information and .comment go; loaded sections, notes and so
 * the build-id stay, and .gnu_debuglink names the file of symbols. What it writes is kept in one spool for all of
 * the package's files. Files for other machines than the package's (firmware) are left alone.
 *
 * runtime: filled, not yet sealed. debug: set to the new package, or to NULL when nothing had symbols. NULL: the
 * symbols are thrown away.
 *
 * FALSE with PACK_ERROR_INPUT: a file has symbols and no build-id, by which a debugger could find them; eu-strip is
 * missing or fails.
 */
gboolean debug_split(struct package *runtime, const struct package_format *format, struct package **debug,
		     GError **error);

#endif

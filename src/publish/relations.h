/* What a published package needs and provides, read off its record in the index. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_RELATIONS_H
#define PUBLISH_RELATIONS_H

#include "core/version.h"
#include "pack/relation.h"

#include <glib.h>

enum relations_side {
	RELATIONS_NEEDS,    /* deb: Depends and Pre-Depends; rpm: requires */
	RELATIONS_PROVIDES, /* Provides, and in an rpm the package's own name */
};

/* One name in a relation. Strings are valid during the call that hands it over. */
struct relations_name {
	/* A package or what it provides, without an architecture: "libfoo1" of "libfoo1:any" and of "libfoo1(x86-64)". Of
	 * a library as rpm names it the soname: "libfoo.so.1" of "libfoo.so.1(FOO_1.0)(64bit)" */
	const char *name;
	enum relation_op op; /* RELATION_ANY where a soname is named: whether a node is there is for judge to say */
	const char *version; /* NULL with RELATION_ANY */
	guint group;         /* names of one group are alternatives; counted from 0 */
};

typedef void (*relations_fn)(const struct relations_name *name, gpointer user);

/*
 * relations_of_deb, relations_of_rpm: call FN with each name that a package needs or provides, in the record's order.
 *
 * record: a stanza of a Packages index (Debian Policy 7.1), or an element <package> of primary.xml. It need not end with a
 * NUL. What cannot be read is passed over; of rpm's rich dependencies all packages count as alternatives.
 *
 * A walk that copies only names, so that those of ten thousand packages are read in some ten milliseconds.
 */
void relations_of_deb(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user);
void relations_of_rpm(const char *record, gsize size, enum relations_side side, relations_fn fn, gpointer user);

/* relations_hold: is VERSION one that the relation OP WANTED allows? */
gboolean relations_hold(version_compare_fn compare, const char *version, enum relation_op op, const char *wanted);

#endif

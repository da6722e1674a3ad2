/* Relations between packages, read in either family's notation and written in each family's own. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_RELATION_H
#define PACK_RELATION_H

#include <glib.h>

/* The kinds of relation that a manifest can state; both formats have a field for each of the first. */
enum relation_kind {
	RELATION_DEPENDS,
	RELATION_RECOMMENDS,
	RELATION_SUGGESTS,
	RELATION_CONFLICTS,
	RELATION_REPLACES,
	RELATION_PROVIDES,
	RELATION_PREDEPENDS, /* .deb only */
	RELATION_BREAKS,     /* .deb only */
	RELATION_KINDS,
};

enum relation_op {
	RELATION_ANY,
	RELATION_LESS,
	RELATION_LESS_EQUAL,
	RELATION_EQUAL,
	RELATION_GREATER_EQUAL,
	RELATION_GREATER,
};

/* One relation to one package. */
struct relation {
	char *name;
	enum relation_op op;
	char *version;		      /* NULL with RELATION_ANY */
	struct relation *alternative; /* what will do instead, owned; NULL: nothing */
};

/*
 * relation_parse: read `NAME`, `NAME (OP VERSION)` or `NAME OP VERSION`.
 *
 * OP is one of << <= = >= >> (dpkg) or < > == (rpm); `<` is strictly less, as rpm has it, not dpkg's retired `<=`. A
 * name may hold brackets, as rpm's `libwarden1(x86-64)` does. `a | b (>= 1)` are alternatives; rpm's rich dependencies
 * are refused in favour of that.
 *
 * Returns a relation to be freed with relation_free, or NULL with PACK_ERROR_MANIFEST.
 */
struct relation *relation_parse(const char *text, GError **error);

/* relation_new: one from its parts, which are copied. version NULL: any. */
struct relation *relation_new(const char *name, enum relation_op op, const char *version);

/* relation_free: NULL is fine. */
void relation_free(struct relation *relation);
typedef struct relation relation;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(relation, relation_free)

/* relation_rich: alternatives as rpm has them, `(a or b >= 1)` (caller frees). */
char *relation_rich(const struct relation *relation);

/*
 * relation_deb: as a control field has it, `libwarden1 (>= 1.1.0)` or `a | b (>= 1)` (caller frees).
 *
 * NULL with PACK_ERROR_MANIFEST when dpkg would refuse the name (Debian Policy 5.6.7, with `:ARCH`) or the version.
 */
char *relation_deb(const struct relation *relation, GError **error);

/* relation_check_rpm: FALSE with PACK_ERROR_MANIFEST when rpm would refuse the name or the version. */
gboolean relation_check_rpm(const struct relation *relation, GError **error);

#endif

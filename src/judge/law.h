/* The release law: which soname and version a verdict demands, against what the new library claims. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_LAW_H
#define JUDGE_LAW_H

#include "judge/verdict.h"

/*
 * The law, for two releases of one library:
 *
 *   BREAKS    another soname, and so another package. Versions are not compared: neither replaces the other.
 *   ADDS      the same soname and a higher minor version. That new symbols are only in version nodes that were never
 *             released is the rule symbol-joined-node, which says BREAKS.
 *   SAME      the same soname and a higher version, for which a higher patch version is enough.
 *   UNKNOWN   no release, unless under another soname.
 *
 * A version is [epoch:]upstream[-revision], in the order of dpkg (core/version.h), with `.` between the numbers of
 * upstream; what is missing is 0 ("2" is 2.0.0), and a missing revision is 1. A new revision or epoch alone is higher
 * too: the same sources, packaged again, may be SAME. Special cases:
 *
 *   0.x            no exception. Programs are linked to the soname, whatever its version promises.
 *   a pre-release  (`~`, or the words alpha, beta, pre, rc) promised no minor version: after 1.2.0~rc1, 1.2.0 may ADD.
 *   dates          a first number of 1900 and more is a year, which says nothing of the kind of change: any higher
 *                  version is enough.
 *   one build      two files with one build-id are one release, of which nothing is demanded.
 *
 * A version that is not known, of either side, breaks no law.
 */
enum law_state {
	LAW_KEPT,
	LAW_BROKEN,
	LAW_UNTOLD, /* a version is not known, or the verdict is UNKNOWN */
};

struct law {
	enum law_state state;
	char *soname;        /* that the new library must carry; NULL when any new one will do, and while UNKNOWN */
	char *least_version; /* the lowest plain version that keeps the law; NULL when none is asked for, or is known */
	char *demands;       /* in words: "a higher minor version (1.3 or later)" */
	char *breach;        /* in words: "claims 1.2.4: too low"; NULL unless broken */
};

/* law_of: the law for a verdict, by the versions and sonames that it holds. Opens no file and cannot fail. */
struct law *law_of(const struct verdict *verdict);

/* law_free: NULL is fine. */
void law_free(struct law *law);
typedef struct law law;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(law, law_free)

/*
 * law_add_json: add the member "law" to the object that is being built; the schema is in abide-judge(1).
 */
void law_add_json(JsonBuilder *builder, const struct law *law, const struct verdict *verdict);

#endif

/* A first manifest, written from what an ELF file says. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_DRAFT_H
#define PACK_DRAFT_H

#include <glib.h>

/* What was found out. Strings are owned. */
struct draft {
	char *name;	  /* of the package, or of a library's project */
	char *version;	  /* "0.1.0" where nothing says one */
	const char *arch; /* as a manifest has it; static */
	gboolean library; /* there is a block `library:` */
	char *text;	  /* the manifest */
};

/*
 * draft_of: a manifest for a built library or program.
 *
 *   name     of a library its soname without the version, else the name of the file
 *   version  what follows .so. in the file's name, links followed; else the soname's version
 *   arch     from the machine in the ELF header
 *   headers  a folder `include`, or a header called like the library, beside the file or one folder up; none otherwise
 *   .pc      NAME.pc or NAME.pc.in there
 *
 * Comments say what is guessed and what to fill in. The maintainer is $DEBFULLNAME <$DEBEMAIL>, as Debian's tools have
 * it. The result is a manifest that packs as it is.
 *
 * file: path of the ELF file, from the current directory; NULL: a short template.
 *
 * NULL with FACTS_ERROR or PACK_ERROR_INPUT.
 */
struct draft *draft_of(const char *file, GError **error);

/* draft_free: NULL is fine. */
void draft_free(struct draft *draft);
typedef struct draft draft;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(draft, draft_free)

#endif

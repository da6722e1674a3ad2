/* What there is to strip from an ELF file. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_SECTIONS_H
#define INSPECT_SECTIONS_H

#include "inspect/facts.h"

/* What the section headers say. */
struct sections {
	gboolean linked;  /* a program or a shared object: not an object file, a core file or a kernel module */
	guint16 machine;  /* e_machine */
	guint bits;	  /* 32 or 64 */
	gboolean symbols; /* has a symbol table beside the dynamic one, or debug information: what strip takes off */
	char *build_id;	  /* of .note.gnu.build-id, hexadecimal in lower case; NULL when there is none */
};

/*
 * sections_read: look at the sections of an ELF file. Fills SECTIONS in, for sections_clear.
 *
 * FALSE with FACTS_ERROR_INPUT when the file cannot be read or is no ELF file.
 */
gboolean sections_read(const char *path, struct sections *sections, GError **error);

void sections_clear(struct sections *sections);
typedef struct sections sections;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(sections, sections_clear)

#endif

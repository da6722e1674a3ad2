/* Where the debug information of an ELF file is: in it, in a file of its own, or in a debug package. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_DEBUGINFO_H
#define INSPECT_DEBUGINFO_H

#include "inspect/facts.h"

#include <elfutils/libdw.h>

/* Debug information, opened. */
struct debuginfo {
	Dwarf *dwarf; /* NULL when there is none that may be used */
	/* what is kept open for it */
	Elf *elf;
	int fd;
	struct debuginfo *alternate; /* what dwz moved into a shared file, or NULL */
	struct debuginfo *whole;     /* what an image was made of, or NULL */
	char *image;                 /* of split debug information, which elf reads; or NULL */
};

/*
 * debuginfo_open: find the debug information of ELF and open it.
 *
 * facts: of the same file, with path and build_id read. Its debug_file becomes the name of the separate file that was
 *   taken; when there is nothing to take, debug_missing says in words what was looked for and how to get it.
 *
 * Places, in this order: the file itself; the debug packages and folders of SOURCES and /usr/lib/debug, by build-id; what
 * .gnu_debuglink names, beside the file, in .debug/ beside it, and in the same folders. A file that belongs to another
 * build-id is never taken, nor one that .gnu_debuglink names and whose CRC-32 is not the one written there. The file
 * that dwz moved shared parts into (.gnu_debugaltlink) is looked for by libdw, then in the same places by its build-id;
 * without it the rest is not taken either, because its types could not be told. The same goes for what is in .dwo and
 * .dwp files (-gsplit-dwarf; split.h).
 *
 * Formats: "Debugging Information in Separate Files" in the manual of GDB.
 *
 * beside: the path of the file, or NULL when it is not on disk: then nothing is looked for beside it.
 * ELF must stay open as long as the result. Never NULL; free with debuginfo_free.
 */
struct debuginfo *debuginfo_open(struct facts *facts, Elf *elf, const char *beside, const struct facts_sources *sources);

/* debuginfo_free: NULL is fine. */
void debuginfo_free(struct debuginfo *debuginfo);
typedef struct debuginfo debuginfo;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(debuginfo, debuginfo_free)

#endif

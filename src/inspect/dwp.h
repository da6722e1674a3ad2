/* The index of a .dwp file: where in its sections the parts of each packed unit are. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_DWP_H
#define INSPECT_DWP_H

#include "inspect/bytes.h"

/* The sections that a unit has a part in, by the numbers of the format. Versions 2 and 5 agree on these. */
enum dwp_section {
	DWP_INFO = 1,
	DWP_TYPES = 2, /* version 2 only */
	DWP_ABBREV = 3,
	DWP_STR_OFFSETS = 6,
	DWP_SECTIONS = 9, /* how many numbers there are; others are not wanted here */
};

/* The parts of one unit, as offset and size in bytes; size 0: it has none. */
struct dwp_row {
	guint64 id; /* dwo_id of a compilation unit, signature of a type unit */
	struct {
		guint32 offset, size;
	} parts[DWP_SECTIONS];
};

/*
 * dwp_read_index: read .debug_cu_index or .debug_tu_index.
 *
 * Formats: DWARF 5, section 7.3.5.3; version 2 is GCC's for DWARF 4 (the wiki page DebugFissionDWP).
 *
 * Returns struct dwp_row sorted by id, of which the caller unrefs the array, or NULL when the index is damaged or of
 * another version. Offsets are not checked against the sections, which are not known here.
 */
GArray *dwp_read_index(const struct bytes *index, gboolean big_endian);

/* dwp_find: the row with this id, or NULL. ROWS may be NULL. */
const struct dwp_row *dwp_find(const GArray *rows, guint64 id);

#endif

/* Widths that are a choice of the build on 32-bit machines: 64-bit time and file offsets. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JUDGE_VARIANT_H
#define JUDGE_VARIANT_H

#include "judge/verdict.h"

/*
 * variant_note: where a width changed and both spellings name a type that -D_FILE_OFFSET_BITS=64 or -D_TIME_BITS=64 makes
 * wider (feature_test_macros(7)), say so of the finding that was recorded last. Only for 32-bit machines.
 *
 * older, newer: types as C spells them: of a member, or of a whole function.
 */
void variant_note(struct verdict *verdict, const char *older, const char *newer);

#endif

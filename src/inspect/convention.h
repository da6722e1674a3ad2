/* Calling conventions other than the machine's usual one, as debug information tells them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_CONVENTION_H
#define INSPECT_CONVENTION_H

#include <elfutils/libdw.h>
#include <glib.h>

/*
 * convention_of: the name of the convention by which FUNCTION (DW_TAG_subprogram, or a type of functions) is called;
 * NULL for the usual one, or when it cannot be told. Caller frees.
 *
 * clang writes DW_AT_calling_convention. gcc does not, but says where the first parameter is when the function is
 * entered: on x86-64 (is_x86_64) an integer or a pointer is in rdi, or in rsi beside a result in memory; by Microsoft's
 * convention it is in rcx or rdx, or homed in the caller's frame where nothing was optimized. Of other parameters and
 * machines nothing is told.
 */
char *convention_of(Dwarf_Die *function, gboolean is_x86_64);

#endif

/* Version numbers of packages, compared as dpkg and as rpm compare them. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CORE_VERSION_H
#define CORE_VERSION_H

#include <glib.h>

/*
 * version_compare_deb: two Debian versions, [epoch:]upstream[-revision].
 *
 * Returns <0, 0 or >0. The order is that of Debian Policy 5.6.12: epoch as a number, then digits and non-digits in
 * turn, letters before other characters, `~` before everything, even the end. An absent revision equals "0".
 */
int version_compare_deb(const char *a, const char *b);

/*
 * version_compare_rpm: two RPM versions, [epoch:]version[-release].
 *
 * Returns <0, 0 or >0. Segments are compared as rpmvercmp(3) does: runs of digits as numbers, runs of letters as text,
 * numbers after letters, `~` before everything, `^` after the end and before more. A release is compared only if both
 * have one.
 */
int version_compare_rpm(const char *a, const char *b);

/* version_compare_fn: one of the two above, for code that serves both families. */
typedef int (*version_compare_fn)(const char *a, const char *b);

#endif

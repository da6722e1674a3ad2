/* Widths that are a choice of the build: see variant.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "judge/variant.h"

#include <string.h>

static const struct {
	const char *type, *macro;
} variants[] = {
	{"time_t", "_TIME_BITS"},
	{"suseconds_t", "_TIME_BITS"},
	{"struct timespec", "_TIME_BITS"},
	{"struct timeval", "_TIME_BITS"},
	{"struct itimerspec", "_TIME_BITS"},
	{"struct itimerval", "_TIME_BITS"},
	{"struct utimbuf", "_TIME_BITS"},
	{"struct rusage", "_TIME_BITS"},
	{"off_t", "_FILE_OFFSET_BITS"},
	{"ino_t", "_FILE_OFFSET_BITS"},
	{"rlim_t", "_FILE_OFFSET_BITS"},
	{"blkcnt_t", "_FILE_OFFSET_BITS"},
	{"fsblkcnt_t", "_FILE_OFFSET_BITS"},
	{"fsfilcnt_t", "_FILE_OFFSET_BITS"},
	{"struct stat", "_FILE_OFFSET_BITS"},
	{"struct statfs", "_FILE_OFFSET_BITS"},
	{"struct statvfs", "_FILE_OFFSET_BITS"},
	{"struct dirent", "_FILE_OFFSET_BITS"},
	{"struct flock", "_FILE_OFFSET_BITS"},
	{"struct rlimit", "_FILE_OFFSET_BITS"},
};

static gboolean is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

/* Does a spelling name the type, or what glibc calls it inside ("__time64_t")? */
static gboolean names(const char *spelling, const char *type)
{
	g_autofree char *internal = g_strdup_printf("__%s", type);
	g_autofree char *wide = g_strdup_printf("__%.*s64_t", (int)strlen(type) - 2, type);
	const char *const forms[] = {type, internal, wide};

	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
		const char *at = spelling;
		gsize length = strlen(forms[i]);
		while ((at = strstr(at, forms[i])) != NULL) {
			if ((at == spelling || !is_word(at[-1])) && !is_word(at[length]))
				return TRUE;
			at += length;
		}
	}
	return FALSE;
}

void variant_note(struct verdict *verdict, const char *older, const char *newer)
{
	if (verdict->older == NULL || verdict->older->bits != 32)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(variants); i++)
		if (names(older, variants[i].type) && names(newer, variants[i].type)) {
			verdict_because(verdict, "%s has another width: one of them is built with -D%s=64", variants[i].type,
					variants[i].macro);
			return;
		}
}

/* Bases in common: see base_shared.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_shared.h"

#include <string.h>

static void shared_free(gpointer data)
{
	struct base_shared *s = data;

	bases_clear(&s->bases);
	g_strfreev(s->names);
	g_clear_error(&s->error);
	g_free(s);
}

GPtrArray *base_shared_list(void)
{
	return g_ptr_array_new_with_free_func(shared_free);
}

static gboolean is_for(const struct base_shared *s, const char *const *names, guint n, const struct names_arch *arch)
{
	if (s->arch != arch || g_strv_length(s->names) != n)
		return FALSE;
	for (guint i = 0; i < n; i++)
		if (strcmp(s->names[i], names[i]) != 0)
			return FALSE;
	return TRUE;
}

struct base_shared *base_shared_of(GPtrArray *list, const char *const *names, guint n, const struct names_arch *arch)
{
	for (guint i = 0; i < list->len; i++)
		if (is_for(list->pdata[i], names, n, arch))
			return list->pdata[i];
	struct base_shared *s = g_new0(struct base_shared, 1);
	s->arch = arch;
	s->names = g_new0(char *, n + 1);
	for (guint i = 0; i < n; i++)
		s->names[i] = g_strdup(names[i]);
	g_ptr_array_add(list, s);
	return s;
}

void base_shared_read(struct base_shared *s)
{
	s->wrong = bases_read(&s->bases, (const char *const *)s->names, g_strv_length(s->names), s->arch, &s->error);
}

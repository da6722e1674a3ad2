/* Work on all cores: see parallel.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/parallel.h"

/* The pieces that are left. */
struct work {
	gint next; /* atomic */
	guint n;
	parallel_fn fn;
	gpointer user;
};

guint parallel_cores(void)
{
	return MAX(g_get_num_processors(), 1);
}

static gpointer take_pieces(gpointer data)
{
	struct work *w = data;
	guint i;

	while ((i = (guint)g_atomic_int_add(&w->next, 1)) < w->n)
		w->fn(i, w->user);
	return NULL;
}

/*
 * GLib makes the locale in which it reads numbers when it reads the first. A thread that has to wait for another's doing
 * that finds errno set afterwards, and takes the number for a bad one (g_ascii_string_to_unsigned, seen in 2.74).
 */
static void read_first_number(void)
{
	g_ascii_strtoull("0", NULL, 10);
}

void parallel_run(guint n, parallel_fn fn, gpointer user)
{
	struct work w = {.n = n, .fn = fn, .user = user};
	g_autoptr(GPtrArray) threads = g_ptr_array_new();

	read_first_number();
	/* A thread that cannot be had is one that does no work: the others do it. */
	for (guint i = 1; i < MIN(n, parallel_cores()); i++) {
		GThread *thread = g_thread_try_new("abide", take_pieces, &w, NULL);
		if (thread != NULL)
			g_ptr_array_add(threads, thread);
	}
	take_pieces(&w);
	for (guint i = 0; i < threads->len; i++)
		g_thread_join(threads->pdata[i]);
}

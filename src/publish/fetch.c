/* Taking packages out of a repository: see fetch.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/fetch.h"
#include "publish/intake.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *publication_fetch(const publication *p, const entry *e, const char *into, GError **error)
{
	g_autofree char *source = g_build_filename(p->site.dir, e->path, NULL);
	g_autofree char *base = g_path_get_basename(e->path);
	g_autofree char *copy = g_build_filename(into, base, NULL);
	g_autoptr(intake) in = intake_open(source, copy, error);
	struct intake_sum sum = {0};

	if (in == NULL || !intake_finish(in, &sum, error))
		return NULL;
	g_autofree char *sha256 = sum.sha256;
	if (sum.size == e->size && strcmp(sha256, e->sha256) == 0)
		return g_steal_pointer(&copy);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
		    "%s: its SHA-256 is %s, the signed index says %s; it was changed behind abide's back", source,
		    sha256, e->sha256);
	unlink(copy);
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **publication_suites(const char *dir)
{
	g_autofree char *dists = g_build_filename(dir, "dists", NULL);
	g_autoptr(GDir) folder = g_dir_open(dists, 0, NULL);
	g_autoptr(GPtrArray) suites = g_ptr_array_new();
	const char *name;

	while (folder != NULL && (name = g_dir_read_name(folder)) != NULL) {
		g_autofree char *inrelease = g_build_filename(dists, name, "InRelease", NULL);
		if (release_is_suite(name) && g_file_test(inrelease, G_FILE_TEST_IS_REGULAR))
			g_ptr_array_add(suites, g_strdup(name));
	}
	if (suites->len > 1)
		qsort(suites->pdata, suites->len, sizeof(char *), compare_names);
	g_ptr_array_add(suites, NULL);
	return (char **)g_ptr_array_steal(suites, NULL);
}

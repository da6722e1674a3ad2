/* Packing, start to end: see pack.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/pack.h"
#include "core/digest.h"
#include "core/file.h"
#include "pack/plan.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_SIZE (256 * 1024)

/* A package on its way: the file without its name, and what will be said of it. */
struct item {
	struct atomic_file file;
	struct pack_output *output;
};

static void output_free(gpointer data)
{
	struct pack_output *o = data;

	if (o == NULL)
		return;
	g_free(o->path);
	g_free(o->name);
	g_free(o->version);
	g_free(o->sha256);
	g_free(o);
}

static void item_free(gpointer data)
{
	struct item *i = data;

	atomic_file_clear(&i->file);
	output_free(i->output);
	g_free(i);
}

static gboolean measure(int fd, struct pack_output *output, GError **error)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	g_autofree char *buffer = g_malloc(READ_SIZE);
	ssize_t n;

	while ((n = pread(fd, buffer, READ_SIZE, (off_t)output->size)) != 0) {
		if (n < 0 && errno != EINTR)
			return file_error(error, errno, output->path, "read back");
		if (n > 0) {
			digest_update(d, buffer, (gsize)n);
			output->size += (guint64)n;
		}
	}
	output->sha256 = digest_hex(d);
	return TRUE;
}

static gboolean write_item(struct item *item, const struct package *p, const struct package_format *format,
			   const char *key, GError **error)
{
	struct pack_output *o = item->output;

	if (!atomic_file_open(&item->file, o->path, 0644, error))
		return FALSE;
	if (!format->write(p, item->file.fd, error)) {
		g_prefix_error(error, "%s: ", o->path);
		return FALSE;
	}
	if (key != NULL && format->sign != NULL) {
		const char *temporary = atomic_file_name(&item->file, error);
		if (temporary == NULL)
			return FALSE;
		if (!format->sign(temporary, key, error)) {
			g_prefix_error(error, "%s: ", o->path);
			return FALSE;
		}
	}
	return measure(item->file.fd, o, error);
}

/* Two manifests, or two packages of one, must not take each other's place. */
static gboolean check_unique(const GPtrArray *items, const struct item *item, GError **error)
{
	for (guint i = 0; i < items->len; i++) {
		const struct pack_output *other = ((struct item *)items->pdata[i])->output;
		if (!g_str_equal(other->path, item->output->path))
			continue;
		g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "%s: writes %s, which %s writes too",
			    item->output->manifest->path, item->output->path, other->manifest->path);
		return FALSE;
	}
	return TRUE;
}

static gboolean write_format(GPtrArray *items, const struct pack_job *job, const struct package_format *format,
			     const struct pack_request *request, GError **error)
{
	const char *key = request->key == NULL ? job->manifest->rpm.signature.key_id : request->key;
	g_autoptr(GPtrArray) packages =
		plan_packages(job->manifest, job->gate, format, job->bases->of[format->family], error);

	for (guint i = 0; packages != NULL && i < packages->len; i++) {
		const struct package *p = packages->pdata[i];
		struct item *item = g_new0(struct item, 1);
		g_autofree char *name = format->file_name(p);

		item->output = g_new0(struct pack_output, 1);
		*item->output = (struct pack_output){.path = g_build_filename(request->folder, name, NULL),
						     .name = g_strdup(p->name),
						     .version = format->version(p),
						     .format = format,
						     .manifest = job->manifest};
		gboolean unique = check_unique(items, item, error);
		g_ptr_array_add(items, item);
		if (!unique || !write_item(item, p, format, key, error))
			return FALSE;
	}
	return packages != NULL;
}

GPtrArray *pack_write(const struct pack_job *jobs, guint n, const struct pack_request *request, GError **error)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
	g_autoptr(GPtrArray) outputs = g_ptr_array_new_with_free_func(output_free);

	for (guint job = 0; job < n; job++)
		for (gsize i = 0; request->formats[i] != NULL; i++)
			if (!write_format(items, &jobs[job], request->formats[i], request, error))
				return NULL;
	for (guint i = 0; i < items->len; i++) {
		struct item *item = items->pdata[i];
		if (!atomic_file_commit(&item->file, error))
			return NULL;
		g_ptr_array_add(outputs, g_steal_pointer(&item->output));
	}
	return g_steal_pointer(&outputs);
}

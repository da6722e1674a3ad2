/* Packing, start to end: see pack.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/pack.h"
#include "core/digest.h"
#include "core/file.h"
#include "core/parallel.h"
#include "pack/plan.h"

#include <errno.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)

/* What takes long enough to compress for several threads. */
#define LARGE (8 * 1024 * 1024)

/* The packages of one manifest in one format. */
struct plan {
	const struct pack_job *job;
	const struct package_format *format;
	GPtrArray *packages; /* struct package *, NULL when planning failed */
	GError *error;	     /* of the last step */
};

/* A package on its way: the file without its name, and what will be said of it. */
struct item {
	struct package *package; /* of a plan */
	struct atomic_file file;
	struct pack_output *output;
	guint64 size; /* of its contents */
	GError *error;
};

/* All of them. */
struct packing {
	const struct pack_request *request;
	GArray *plans;	    /* struct plan */
	struct made *made;  /* what their packages provide to one another */
	GPtrArray *items;   /* struct item * */
	GPtrArray *largest; /* the same, largest first: the order of work */
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

static void plan_clear(gpointer data)
{
	struct plan *p = data;

	g_clear_pointer(&p->packages, g_ptr_array_unref);
	g_clear_error(&p->error);
}

static void item_free(gpointer data)
{
	struct item *i = data;

	g_clear_error(&i->error);
	atomic_file_clear(&i->file);
	output_free(i->output);
	g_free(i);
}

static gboolean measure(int fd, struct pack_output *output, GError **error)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	char buffer[READ_SIZE];
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

/* ---- planning ---- */

static void plan_one(guint i, gpointer user)
{
	const struct packing *p = user;
	struct plan *plan = &g_array_index(p->plans, struct plan, i);
	const struct pack_job *job = plan->job;

	plan->packages = plan_packages(job->manifest, job->gate, plan->format, &plan->error);
}

static void finish_one(guint i, gpointer user)
{
	const struct packing *p = user;
	struct plan *plan = &g_array_index(p->plans, struct plan, i);
	const struct pack_job *job = plan->job;

	plan_finish(plan->packages, job->manifest, plan->format, p->made, job->bases->of[plan->format->family], &plan->error);
}

/* Do a step of every plan; FALSE with the error of the first that failed. */
static gboolean each_plan(struct packing *p, parallel_fn step, GError **error)
{
	parallel_run(p->plans->len, step, p);
	for (guint i = 0; i < p->plans->len; i++) {
		struct plan *plan = &g_array_index(p->plans, struct plan, i);
		if (plan->error == NULL)
			continue;
		g_propagate_error(error, g_steal_pointer(&plan->error));
		return FALSE;
	}
	return TRUE;
}

static gboolean settle(struct packing *p, GError **error)
{
	gboolean looked_for[PACKAGE_FAMILIES] = {FALSE};

	for (guint i = 0; i < p->plans->len; i++) {
		const struct plan *plan = &g_array_index(p->plans, struct plan, i);
		if (plan->job->bases->of[plan->format->family] != NULL)
			looked_for[plan->format->family] = TRUE;
	}
	for (guint i = 0; i < p->plans->len; i++) {
		const struct plan *plan = &g_array_index(p->plans, struct plan, i);
		for (guint j = 0; looked_for[plan->format->family] && j < plan->packages->len; j++)
			made_add(p->made, plan->packages->pdata[j], plan->format);
	}
	return made_settle(p->made, error);
}

static struct item *item_of(struct package *package, const struct plan *plan, const char *folder)
{
	struct item *item = g_new0(struct item, 1);
	g_autofree char *name = plan->format->file_name(package);

	item->package = package;
	item->output = g_new0(struct pack_output, 1);
	*item->output = (struct pack_output){.path = g_build_filename(folder, name, NULL),
					     .name = g_strdup(package->name),
					     .version = plan->format->version(package),
					     .format = plan->format,
					     .manifest = plan->job->manifest};
	for (guint i = 0; i < package->files->len; i++)
		item->size += ((const struct package_file *)package->files->pdata[i])->size;
	return item;
}

static int larger_first(gconstpointer a, gconstpointer b)
{
	const struct item *const *i = a, *const *j = b;

	return (*i)->size < (*j)->size ? 1 : (*i)->size > (*j)->size ? -1 : 0;
}

/* Large packages share the cores: each is compressed by several threads only when there are fewer of them. */
static void share_cores(const struct packing *p)
{
	guint large = 0;

	while (large < p->largest->len && ((const struct item *)p->largest->pdata[large])->size > LARGE)
		large++;
	for (guint i = 0; i < large; i++)
		((const struct item *)p->largest->pdata[i])->package->threads = MAX(parallel_cores() / large, 1);
}

/* Two manifests, or two packages of one, must not take each other's place. */
static gboolean check_names(const struct packing *p, GError **error)
{
	g_autoptr(GHashTable) outputs = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < p->items->len; i++) {
		struct pack_output *o = ((const struct item *)p->items->pdata[i])->output;
		const struct pack_output *other = g_hash_table_lookup(outputs, o->path);
		if (other != NULL) {
			g_set_error(error, PACK_ERROR, PACK_ERROR_MANIFEST, "%s: writes %s, which %s writes too",
				    o->manifest->path, o->path, other->manifest->path);
			return FALSE;
		}
		g_hash_table_insert(outputs, o->path, o);
	}
	return TRUE;
}

static void add_items(struct packing *p)
{
	for (guint i = 0; i < p->plans->len; i++) {
		const struct plan *plan = &g_array_index(p->plans, struct plan, i);
		for (guint j = 0; j < plan->packages->len; j++)
			g_ptr_array_add(p->items, item_of(plan->packages->pdata[j], plan, p->request->folder));
	}
	g_ptr_array_extend(p->largest, p->items, NULL, NULL);
	g_ptr_array_sort(p->largest, larger_first);
}

static gboolean plan_all(struct packing *p, const struct pack_job *jobs, guint n, GError **error)
{
	const struct package_format *const *formats = p->request->formats;

	for (guint i = 0; i < n; i++)
		for (gsize f = 0; formats[f] != NULL; f++) {
			struct plan plan = {.job = &jobs[i], .format = formats[f]};
			g_array_append_val(p->plans, plan);
		}
	if (!each_plan(p, plan_one, error) || !settle(p, error) || !each_plan(p, finish_one, error))
		return FALSE;
	add_items(p);
	share_cores(p);
	return check_names(p, error);
}

/* ---- writing ---- */

static gboolean write_item(struct item *item, gboolean will_be_signed, GError **error)
{
	struct pack_output *o = item->output;

	if (!atomic_file_open(&item->file, o->path, 0644, error))
		return FALSE;
	if (!o->format->write(item->package, item->file.fd, error)) {
		g_prefix_error(error, "%s: ", o->path);
		return FALSE;
	}
	return will_be_signed || measure(item->file.fd, o, error);
}

/* The key that a package is signed with, or NULL. */
static const char *key_of(const struct packing *p, const struct item *item)
{
	const char *key = p->request->key;

	if (item->output->format->sign == NULL)
		return NULL;
	return key == NULL ? item->output->manifest->rpm.signature.key_id : key;
}

static void write_one(guint i, gpointer user)
{
	const struct packing *p = user;
	struct item *item = p->largest->pdata[i];

	write_item(item, key_of(p, item) != NULL, &item->error);
}

/* In a single thread, as it forks. */
static gboolean sign_item(struct item *item, const char *key, GError **error)
{
	const char *temporary = atomic_file_name(&item->file, error);

	if (temporary == NULL)
		return FALSE;
	if (item->output->format->sign(temporary, key, error))
		return measure(item->file.fd, item->output, error);
	g_prefix_error(error, "%s: ", item->output->path);
	return FALSE;
}

static gboolean write_all(struct packing *p, GError **error)
{
	parallel_run(p->largest->len, write_one, p);
	for (guint i = 0; i < p->items->len; i++) {
		struct item *item = p->items->pdata[i];
		if (item->error != NULL) {
			g_propagate_error(error, g_steal_pointer(&item->error));
			return FALSE;
		}
	}
	for (guint i = 0; i < p->items->len; i++) {
		struct item *item = p->items->pdata[i];
		const char *key = key_of(p, item);
		if (key != NULL && !sign_item(item, key, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean name_all(const struct packing *p, GError **error)
{
	g_autofree struct atomic_file **files = g_new(struct atomic_file *, p->items->len + 1);

	for (guint i = 0; i < p->items->len; i++)
		files[i] = &((struct item *)p->items->pdata[i])->file;
	return atomic_files_commit(files, p->items->len, error);
}

GPtrArray *pack_write(const struct pack_job *jobs, guint n, const struct pack_request *request, GError **error)
{
	g_autoptr(GArray) plans = g_array_new(FALSE, TRUE, sizeof(struct plan));
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free), largest = g_ptr_array_new();
	g_autoptr(GPtrArray) outputs = g_ptr_array_new_with_free_func(output_free);
	g_autoptr(made) made = made_new();
	struct packing p = {request, plans, made, items, largest};

	g_array_set_clear_func(plans, plan_clear);
	file_allow_many();
	if (!plan_all(&p, jobs, n, error) || !write_all(&p, error) || !name_all(&p, error))
		return NULL;
	for (guint i = 0; i < items->len; i++)
		g_ptr_array_add(outputs, g_steal_pointer(&((struct item *)items->pdata[i])->output));
	return g_steal_pointer(&outputs);
}

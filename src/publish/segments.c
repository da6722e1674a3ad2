/* Cutting an index into stretches: see segments.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/segments.h"
#include "core/digest.h"
#include "core/parallel.h"
#include "publish/error.h"

#include <string.h>

#define LEAST_STRETCH (128 * 1024)
#define MOST_STRETCH (512 * 1024)

/* So much text waits for being compressed on all cores at once. */
#define BATCH (4 * 1024 * 1024)

/* One compressed file. */
struct output {
	const struct stretch_codec *codec;
	GHashTable *published; /* SHA-256 -> GBytes */
	GPtrArray *stretches;  /* GBytes *; NULL while it waits */
	GBytes *file;
};

/* A stretch that waits for being compressed. */
struct job {
	struct output *output;
	guint place;
	GBytes *text;
	guint8 sha256[STRETCH_DIGEST];
};

struct segments {
	GPtrArray *outputs; /* struct output * */
	GArray *jobs;       /* struct job */
	gsize waiting;      /* bytes of their texts */
	GString *text;      /* all of it, or the stretch that grows */
	gsize from;         /* of the stretch that grows */
	digest *whole, *stretch;
	gsize size;
	char *sha256;
	gboolean keep, failed;
	guint fresh;
};

static void bytes_unref(gpointer data)
{
	if (data != NULL)
		g_bytes_unref(data);
}

static void output_free(gpointer data)
{
	struct output *o = data;

	g_hash_table_unref(o->published);
	g_ptr_array_unref(o->stretches);
	g_clear_pointer(&o->file, g_bytes_unref);
	g_free(o);
}

static void job_clear(gpointer data)
{
	g_bytes_unref(((struct job *)data)->text);
}

segments *segments_new(gboolean keep_text)
{
	segments *s = g_new0(segments, 1);

	s->outputs = g_ptr_array_new_with_free_func(output_free);
	s->jobs = g_array_new(FALSE, FALSE, sizeof(struct job));
	g_array_set_clear_func(s->jobs, job_clear);
	s->text = g_string_sized_new(LEAST_STRETCH * 2);
	s->whole = digest_new(DIGEST_SHA256);
	s->stretch = digest_new(DIGEST_SHA256);
	s->keep = keep_text;
	return s;
}

void segments_free(segments *s)
{
	if (s == NULL)
		return;
	g_array_unref(s->jobs);
	g_ptr_array_unref(s->outputs);
	if (s->text != NULL)
		g_string_free(s->text, TRUE);
	digest_free(s->whole);
	digest_free(s->stretch);
	g_free(s->sha256);
	g_free(s);
}

void segments_into(segments *s, const struct stretch_codec *codec, GBytes *published)
{
	struct output *o = g_new0(struct output, 1);

	o->codec = codec;
	o->published = stretch_table_new();
	o->stretches = g_ptr_array_new_with_free_func(bytes_unref);
	if (published != NULL)
		codec->find(published, o->published);
	g_ptr_array_add(s->outputs, o);
}

static void run_job(guint i, gpointer user)
{
	segments *s = user;
	struct job *job = &g_array_index(s->jobs, struct job, i);
	gsize size = 0;
	const void *data = g_bytes_get_data(job->text, &size);

	job->output->stretches->pdata[job->place] = job->output->codec->pack(data, size, job->sha256);
}

static void run_jobs(segments *s)
{
	parallel_run(s->jobs->len, run_job, s);
	for (guint i = 0; i < s->jobs->len; i++) {
		const struct job *job = &g_array_index(s->jobs, struct job, i);
		s->failed = s->failed || job->output->stretches->pdata[job->place] == NULL;
	}
	s->fresh += s->jobs->len;
	g_array_set_size(s->jobs, 0);
	s->waiting = 0;
}

/* The stretch for one output: the published one, or a new one, compressed later. text: made when it is needed. */
static void put_stretch(segments *s, struct output *o, const guint8 *sha256, GBytes **text)
{
	GBytes *same = g_hash_table_lookup(o->published, sha256);

	g_ptr_array_add(o->stretches, same ? g_bytes_ref(same) : NULL);
	if (same != NULL)
		return;
	if (*text == NULL) {
		*text = g_bytes_new(s->text->str + s->from, s->text->len - s->from);
		s->waiting += s->text->len - s->from;
	}
	struct job job = {.output = o, .place = o->stretches->len - 1, .text = g_bytes_ref(*text)};
	memcpy(job.sha256, sha256, STRETCH_DIGEST);
	g_array_append_val(s->jobs, job);
}

static void cut(segments *s)
{
	gsize size = s->text->len - s->from;
	guint8 sha256[STRETCH_DIGEST];
	g_autoptr(GBytes) text = NULL;

	if (size == 0)
		return;
	digest_update(s->whole, s->text->str + s->from, size);
	digest_again(s->stretch);
	digest_update(s->stretch, s->text->str + s->from, size);
	digest_raw(s->stretch, sha256);
	for (guint i = 0; i < s->outputs->len; i++)
		put_stretch(s, s->outputs->pdata[i], sha256, &text);
	s->size += size;
	if (!s->keep)
		g_string_truncate(s->text, 0);
	s->from = s->text->len;
	if (s->waiting >= BATCH)
		run_jobs(s);
}

gboolean segments_boundary(const char *sha256)
{
	return *sha256 == '0';
}

void segments_add(segments *s, const char *text, gsize size, gboolean boundary)
{
	g_string_append_len(s->text, text, (gssize)size);
	gsize stretch = s->text->len - s->from;
	if (stretch >= MOST_STRETCH || (stretch >= LEAST_STRETCH && boundary))
		cut(s);
}

void segments_add_apart(segments *s, const char *text, gsize size)
{
	cut(s);
	g_string_append_len(s->text, text, (gssize)size);
	cut(s);
}

gboolean segments_finish(segments *s, GError **error)
{
	cut(s);
	run_jobs(s);
	s->sha256 = digest_hex(s->whole);
	for (guint i = 0; i < s->outputs->len; i++) {
		struct output *o = s->outputs->pdata[i];
		o->file = s->failed ? NULL : o->codec->join(o->stretches);
		if (o->file == NULL) {
			g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "cannot compress an index: no memory");
			return FALSE;
		}
		g_ptr_array_set_size(o->stretches, 0);
	}
	return TRUE;
}

GBytes *segments_take_text(segments *s)
{
	return g_string_free_to_bytes(g_steal_pointer(&s->text));
}

GBytes *segments_file(const segments *s, guint i)
{
	return g_bytes_ref(((struct output *)s->outputs->pdata[i])->file);
}

const char *segments_sha256(const segments *s)
{
	return s->sha256;
}

gsize segments_size(const segments *s)
{
	return s->size;
}

guint segments_fresh(const segments *s)
{
	return s->fresh;
}

/* repomd.xml: see repomd.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/repomd.h"
#include "core/digest.h"
#include "publish/createrepo.h"
#include "publish/error.h"

#include <string.h>

repomd *repomd_new(void)
{
	return g_new0(repomd, 1);
}

void repomd_free(repomd *r)
{
	if (r == NULL)
		return;
	for (gsize i = 0; i < RPMINDEX_PARTS; i++) {
		g_free(r->files[i].href);
		g_free(r->files[i].sha256);
		g_free(r->files[i].open_sha256);
	}
	g_free(r);
}

/* Where in repomd.xml the parser is. */
struct place {
	repomd *r;
	struct repomd_file *file; /* inside <data> of one of the three; else NULL */
	GString *text;
};

static void start_element(GMarkupParseContext *context, const char *element, const char **names, const char **values,
			  gpointer data, GError **error)
{
	struct place *p = data;

	(void)context, (void)error;
	g_string_truncate(p->text, 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		if (strcmp(element, "data") == 0 && strcmp(names[i], "type") == 0) {
			p->file = NULL;
			for (guint part = 0; part < RPMINDEX_PARTS; part++)
				if (strcmp(values[i], rpmindex_part_name(part)) == 0)
					p->file = &p->r->files[part];
		} else if (p->file != NULL && strcmp(element, "location") == 0 && strcmp(names[i], "href") == 0) {
			g_free(p->file->href);
			p->file->href = g_strdup(values[i]);
		}
	}
}

static void end_element(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	struct place *p = data;

	(void)context, (void)error;
	if (strcmp(element, "data") == 0)
		p->file = NULL;
	if (p->file == NULL || strcmp(element, "checksum") != 0)
		return;
	g_free(p->file->sha256);
	p->file->sha256 = g_strdup(p->text->str);
}

static void character_data(GMarkupParseContext *context, const char *text, gsize size, gpointer data, GError **error)
{
	(void)context, (void)error;
	g_string_append_len(((struct place *)data)->text, text, (gssize)size);
}

static char *href_of(const char *sha256, enum rpmindex_part part, const char *suffix)
{
	return g_strdup_printf("repodata/%s-%s.xml%s", sha256, rpmindex_part_name(part), suffix);
}

/* The href must be the one that the digest gives, so it cannot lead elsewhere. */
static gboolean check_files(const repomd *r, GError **error)
{
	for (guint part = 0; part < RPMINDEX_PARTS; part++) {
		const struct repomd_file *f = &r->files[part];
		gboolean zstd = f->href != NULL && g_str_has_suffix(f->href, ".zst");
		g_autofree char *href = f->sha256 ? href_of(f->sha256, part, zstd ? ".zst" : ".gz") : NULL;
		if (href != NULL && strlen(f->sha256) == 64 && strspn(f->sha256, "0123456789abcdef") == 64 &&
		    g_strcmp0(href, f->href) == 0)
			continue;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "no %s file named by its SHA-256",
			    rpmindex_part_name(part));
		return FALSE;
	}
	return TRUE;
}

repomd *repomd_parse(GBytes *text, GError **error)
{
	static const GMarkupParser parser = {
		.start_element = start_element, .end_element = end_element, .text = character_data};
	g_autoptr(repomd) r = repomd_new();
	struct place place = {.r = r, .text = g_string_new(NULL)};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &place, NULL);
	g_autoptr(GError) cause = NULL;
	gsize size = 0;
	const char *data = g_bytes_get_data(text, &size);
	gboolean ok = g_markup_parse_context_parse(context, data ? data : "", (gssize)size, &cause) &&
		      g_markup_parse_context_end_parse(context, &cause);

	if (!ok)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s", cause->message);
	g_markup_parse_context_free(context);
	g_string_free(place.text, TRUE);
	return ok && check_files(r, error) ? g_steal_pointer(&r) : NULL;
}

void repomd_set(repomd *r, enum rpmindex_part part, const char *suffix, const char *open_sha256,
		gsize open_size, GBytes *packed)
{
	struct repomd_file *f = &r->files[part];
	const void *data = g_bytes_get_data(packed, &f->size);

	f->open_size = open_size;
	f->open_sha256 = g_strdup(open_sha256);
	f->sha256 = digest_of(DIGEST_SHA256, data, f->size);
	f->href = href_of(f->sha256, part, suffix);
}

static cr_RepomdRecord *record(const struct createrepo *cr, const struct repomd_file *f, enum rpmindex_part part,
			       gint64 when)
{
	cr_RepomdRecord *rec = cr->cr_repomd_record_new(rpmindex_part_name(part), NULL);

	rec->location_href = g_string_chunk_insert(rec->chunk, f->href);
	rec->checksum = g_string_chunk_insert(rec->chunk, f->sha256);
	rec->checksum_type = g_string_chunk_insert(rec->chunk, "sha256");
	rec->checksum_open = g_string_chunk_insert(rec->chunk, f->open_sha256);
	rec->checksum_open_type = g_string_chunk_insert(rec->chunk, "sha256");
	rec->timestamp = when;
	rec->size = (gint64)f->size;
	rec->size_open = (gint64)f->open_size;
	return rec;
}

GBytes *repomd_text(const repomd *r, gint64 when, GError **error)
{
	const struct createrepo *cr = createrepo_load(error);
	g_autofree char *revision = g_strdup_printf("%" G_GINT64_FORMAT, when);

	if (cr == NULL)
		return NULL;
	cr_Repomd *md = cr->cr_repomd_new();
	cr->cr_repomd_set_revision(md, revision);
	for (guint part = 0; part < RPMINDEX_PARTS; part++)
		cr->cr_repomd_set_record(md, record(cr, &r->files[part], part, when));
	char *text = cr->cr_xml_dump_repomd(md, NULL);
	cr->cr_repomd_free(md);
	return g_bytes_new_with_free_func(text, strlen(text), free, text);
}

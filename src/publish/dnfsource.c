/* dnf's metadata as any publisher may write it: see dnfsource.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/dnfsource.h"
#include "publish/error.h"

#include <string.h>

/* Texts of the elements that matter are short; more is not kept. */
#define LONGEST_TEXT 256

#define MOST_FILES 1000

static void file_free(gpointer data)
{
	struct dnfsource_file *f = data;

	g_free(f->type);
	g_free(f->href);
	g_free(f->digest);
	g_free(f);
}

void dnfsource_free(dnfsource *d)
{
	if (d == NULL)
		return;
	g_free(d->revision);
	g_ptr_array_unref(d->files);
	g_free(d);
}

/* What both kinds of file have alike: a <data> or <package> with a location, a checksum and a size. */
struct item {
	gboolean open;
	char *type, *href, *kind, *digest;
	guint64 size, open_size;
	gboolean elsewhere; /* xml:base */
};

static void item_clear(struct item *i)
{
	g_free(i->type);
	g_free(i->href);
	g_free(i->kind);
	g_free(i->digest);
	*i = (struct item){0};
}

static const char *attribute(const char *name, const char **names, const char **values)
{
	for (gsize i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], name) == 0)
			return values[i];
	return NULL;
}

static gboolean malformed(GError **error, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s", what);
	return FALSE;
}

static gboolean set_once(char **to, const char *value, const char *what, GError **error)
{
	if (*to != NULL || value == NULL)
		return malformed(error, what);
	*to = g_strdup(value);
	return TRUE;
}

static gboolean check_item(const struct item *i, enum digest_kind *kind, GError **error)
{
	g_autofree char *shown = i->href ? g_strescape(i->href, NULL) : g_strdup("");

	if (i->elsewhere)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "\"%s\" is on another server (xml:base), which a mirror cannot be of", shown);
	else if (i->href == NULL || i->kind == NULL || i->digest == NULL)
		malformed(error, "a file without location or checksum");
	else if (!download_path_is_safe(download_plain_path(i->href)))
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "the path \"%s\" leads elsewhere", shown);
	else if (!download_digest_kind(i->kind, kind))
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIGEST,
			    "\"%s\": its digest is neither SHA-256 nor SHA-512, and proves nothing", shown);
	else if (!download_is_digest(*kind, i->digest))
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "\"%s\": its digest is malformed", shown);
	else
		return TRUE;
	return FALSE;
}

static void append_text(GString *to, const char *text, gsize size)
{
	g_string_append_len(to, text, (gssize)MIN(size, LONGEST_TEXT - MIN(to->len, LONGEST_TEXT)));
}

static gboolean number(const char *text, guint64 *to, GError **error)
{
	return (text != NULL && g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, to, NULL)) ||
	       malformed(error, "a size is not a number");
}

/* Errors of the XML parser itself have its own domain; here they are of the input. */
static gboolean take_over(GError *cause, GError **error)
{
	if (cause->domain == PUBLISH_ERROR || cause->domain == G_FILE_ERROR)
		g_propagate_error(error, cause);
	else {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s", cause->message);
		g_error_free(cause);
	}
	return FALSE;
}

/* ---- repomd.xml ---- */

struct reading {
	dnfsource *d;
	GHashTable *seen; /* hrefs */
	struct item item;
	GString *text;
};

static void start_repomd(GMarkupParseContext *context, const char *element, const char **names, const char **values,
			 gpointer user, GError **error)
{
	struct reading *r = user;

	(void)context;
	g_string_truncate(r->text, 0);
	if (strcmp(element, "data") == 0) {
		item_clear(&r->item);
		r->item.open = TRUE;
		r->item.type = g_strdup(attribute("type", names, values));
	} else if (r->item.open && strcmp(element, "location") == 0) {
		r->item.elsewhere = attribute("xml:base", names, values) != NULL;
		set_once(&r->item.href, attribute("href", names, values), "a location is there twice, or empty", error);
	} else if (r->item.open && strcmp(element, "checksum") == 0) {
		set_once(&r->item.kind, attribute("type", names, values), "a checksum is there twice, or of no type",
			 error);
	}
}

static gboolean end_data(struct reading *r, GError **error)
{
	enum digest_kind kind = DIGEST_SHA256;

	r->item.open = FALSE;
	if (r->item.type == NULL)
		return malformed(error, "a data element without type");
	if (!check_item(&r->item, &kind, error))
		return FALSE;
	if (!g_str_has_prefix(r->item.href, "repodata/") || strchr(r->item.href + strlen("repodata/"), '/') != NULL ||
	    g_str_has_prefix(r->item.href, "repodata/repomd.xml"))
		return malformed(error, "a metadata file that is not in repodata/");
	if (r->d->files->len == MOST_FILES)
		return malformed(error, "too many files");
	if (r->item.size == 0)
		return malformed(error, "a metadata file without size");
	struct dnfsource_file *f = g_new(struct dnfsource_file, 1);
	*f = (struct dnfsource_file){.type = g_steal_pointer(&r->item.type),
				     .href = g_steal_pointer(&r->item.href),
				     .kind = kind,
				     .digest = g_ascii_strdown(r->item.digest, -1),
				     .size = r->item.size,
				     .open_size = r->item.open_size};
	g_ptr_array_add(r->d->files, f);
	return g_hash_table_add(r->seen, f->href) || malformed(error, "a metadata file is there twice");
}

static gboolean end_in_data(struct reading *r, const char *element, GError **error)
{
	const char *text = g_strstrip(r->text->str);

	if (strcmp(element, "checksum") == 0)
		return set_once(&r->item.digest, text, "a checksum is there twice", error);
	if (strcmp(element, "size") == 0)
		return number(text, &r->item.size, error);
	if (strcmp(element, "open-size") == 0)
		return number(text, &r->item.open_size, error);
	if (strcmp(element, "timestamp") == 0)
		r->d->date = MAX(r->d->date, g_ascii_strtoll(text, NULL, 10));
	return TRUE;
}

static void end_repomd(GMarkupParseContext *context, const char *element, gpointer user, GError **error)
{
	struct reading *r = user;

	(void)context;
	if (strcmp(element, "data") == 0 && r->item.open)
		end_data(r, error);
	else if (r->item.open)
		end_in_data(r, element, error);
	else if (strcmp(element, "revision") == 0 && r->d->revision == NULL)
		r->d->revision = g_strdup(g_strstrip(r->text->str));
	g_string_truncate(r->text, 0);
}

static void text_repomd(GMarkupParseContext *context, const char *text, gsize size, gpointer user, GError **error)
{
	(void)context, (void)error;
	append_text(((struct reading *)user)->text, text, size);
}

const struct dnfsource_file *dnfsource_primary(const dnfsource *d)
{
	for (guint i = 0; i < d->files->len; i++) {
		const struct dnfsource_file *f = d->files->pdata[i];
		if (strcmp(f->type, "primary") == 0)
			return f;
	}
	return NULL;
}

static void take_revision(dnfsource *d)
{
	guint64 revision = 0;

	if (d->date == 0 && d->revision != NULL &&
	    g_ascii_string_to_unsigned(d->revision, 10, 0, G_MAXINT64, &revision, NULL))
		d->date = (gint64)revision;
}

dnfsource *dnfsource_parse(const char *text, gsize size, GError **error)
{
	static const GMarkupParser parser = {
		.start_element = start_repomd, .end_element = end_repomd, .text = text_repomd};
	g_autoptr(dnfsource) d = g_new0(dnfsource, 1);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	struct reading r = {.d = d, .seen = seen, .text = g_string_new(NULL)};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &r, NULL);
	GError *cause = NULL;

	d->files = g_ptr_array_new_with_free_func(file_free);
	gboolean ok = g_markup_parse_context_parse(context, text ? text : "", (gssize)size, &cause) &&
		      g_markup_parse_context_end_parse(context, &cause);
	g_markup_parse_context_free(context);
	g_string_free(r.text, TRUE);
	item_clear(&r.item);
	if (!ok) {
		take_over(cause, error);
		return NULL;
	}
	take_revision(d);
	return dnfsource_primary(d) || malformed(error, "no primary file") ? g_steal_pointer(&d) : NULL;
}

/* ---- primary ---- */

struct dnfsource_scan {
	aptsource_named_fn named;
	gpointer user;
	struct item item;
	GString *text;
	GMarkupParseContext *context;
};

static void start_primary(GMarkupParseContext *context, const char *element, const char **names, const char **values,
			  gpointer user, GError **error)
{
	dnfsource_scan *s = user;

	(void)context;
	g_string_truncate(s->text, 0);
	if (strcmp(element, "package") == 0) {
		item_clear(&s->item);
		s->item.open = TRUE;
	} else if (s->item.open && strcmp(element, "location") == 0) {
		s->item.elsewhere = attribute("xml:base", names, values) != NULL;
		set_once(&s->item.href, attribute("href", names, values), "a location is there twice, or empty", error);
	} else if (s->item.open && strcmp(element, "checksum") == 0) {
		set_once(&s->item.kind, attribute("type", names, values), "a checksum is there twice, or of no type",
			 error);
	} else if (s->item.open && strcmp(element, "size") == 0) {
		number(attribute("package", names, values), &s->item.size, error);
	}
}

static void end_primary(GMarkupParseContext *context, const char *element, gpointer user, GError **error)
{
	dnfsource_scan *s = user;
	enum digest_kind kind = DIGEST_SHA256;

	(void)context;
	if (s->item.open && strcmp(element, "checksum") == 0) {
		set_once(&s->item.digest, g_strstrip(s->text->str), "a checksum is there twice", error);
	} else if (s->item.open && strcmp(element, "package") == 0) {
		if (check_item(&s->item, &kind, error))
			s->named(download_plain_path(s->item.href), kind, s->item.digest, s->item.size, s->user, error);
		item_clear(&s->item);
	}
}

static void text_primary(GMarkupParseContext *context, const char *text, gsize size, gpointer user, GError **error)
{
	(void)context, (void)error;
	append_text(((dnfsource_scan *)user)->text, text, size);
}

dnfsource_scan *dnfsource_scan_new(aptsource_named_fn named, gpointer user)
{
	static const GMarkupParser parser = {
		.start_element = start_primary, .end_element = end_primary, .text = text_primary};
	dnfsource_scan *s = g_new0(dnfsource_scan, 1);

	s->named = named;
	s->user = user;
	s->text = g_string_new(NULL);
	s->context = g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, s, NULL);
	return s;
}

void dnfsource_scan_free(dnfsource_scan *s)
{
	if (s == NULL)
		return;
	g_markup_parse_context_free(s->context);
	g_string_free(s->text, TRUE);
	item_clear(&s->item);
	g_free(s);
}

gboolean dnfsource_scan_data(const char *data, gsize size, gpointer user, GError **error)
{
	dnfsource_scan *s = user;
	GError *cause = NULL;

	return g_markup_parse_context_parse(s->context, data, (gssize)size, &cause) || take_over(cause, error);
}

gboolean dnfsource_scan_end(dnfsource_scan *s, GError **error)
{
	GError *cause = NULL;

	return g_markup_parse_context_end_parse(s->context, &cause) || take_over(cause, error);
}

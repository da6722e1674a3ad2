/* The order of looking at a repository: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/closure.h"
#include "publish/declared.h"
#include "publish/error.h"
#include "publish/publication.h"
#include "publish/verify_private.h"

#include <string.h>

/* How often a suite is looked at again because a publisher was at work. */
#define MOST_TRIES 5

const char *verify_kind_name(enum verify_kind kind)
{
	static const char *const names[VERIFY_KINDS] = {
		[VERIFY_SIGNATURE] = "signature", [VERIFY_DIGEST] = "digest", [VERIFY_EXPIRY] = "expiry",
		[VERIFY_FORMAT] = "format",	  [VERIFY_STRAY] = "stray",   [VERIFY_DEPENDS] = "dependency",
	};

	return names[kind];
}

/* ---- findings ---- */

static void finding_free(gpointer data)
{
	struct verify_finding *f = data;

	g_free(f->suite);
	g_free(f->path);
	g_free(f->text);
	g_free(f);
}

void verify_report_free(struct verify_report *report)
{
	if (report == NULL)
		return;
	g_ptr_array_unref(report->findings);
	g_free(report);
}

void verify_note(struct verify *v, enum verify_kind kind, gboolean warning, const char *suite, const char *path,
		 char *text)
{
	struct verify_finding *f = g_new0(struct verify_finding, 1);

	f->kind = kind;
	f->warning = warning;
	f->suite = g_strdup(suite);
	f->path = g_strdup(path);
	f->text = text;
	g_ptr_array_add(v->report->findings, f);
}

static enum verify_kind kind_of(const GError *error)
{
	if (error->domain == G_FILE_ERROR)
		return VERIFY_DIGEST;
	if (error->domain != PUBLISH_ERROR)
		return VERIFY_FORMAT;
	switch (error->code) {
	case PUBLISH_ERROR_SIGNATURE:
	case PUBLISH_ERROR_KEY:
		return VERIFY_SIGNATURE;
	case PUBLISH_ERROR_EXPIRED:
		return VERIFY_EXPIRY;
	case PUBLISH_ERROR_DIGEST:
		return VERIFY_DIGEST;
	default:
		return VERIFY_FORMAT;
	}
}

/* Errors about a file begin with its path, which a finding has beside its text; it may be another than was meant. */
void verify_note_error(struct verify *v, const char *suite, const char *path, GError *error)
{
	g_autofree char *top = g_build_filename(v->dir, "/", NULL);
	const char *text = error->message, *end = g_str_has_prefix(text, top) ? strstr(text, ": ") : NULL;
	g_autofree char *named = end ? g_strndup(text + strlen(top), (gsize)(end - text) - strlen(top)) : NULL;

	verify_note(v, kind_of(error), FALSE, suite, named ? named : path, g_strdup(end ? end + 2 : text));
	g_error_free(error);
}

void verify_blind(struct verify_suite *s, char *folder)
{
	g_ptr_array_add(s->v->blind, folder);
	s->whole = FALSE;
}

void verify_blind_all(struct verify_suite *s)
{
	verify_blind(s, g_strdup_printf("dists/%s/main/", s->name));
	verify_blind(s, g_strdup_printf("rpm/%s/", s->name));
	verify_blind(s, g_strdup_printf("history/%s/", s->name));
	verify_blind(s, g_strdup("pool/"));
}

const char *verify_known(struct verify *v, char *path)
{
	const char *known = g_hash_table_lookup(v->known, path);

	if (known != NULL)
		g_free(path);
	else
		g_hash_table_add(v->known, path);
	return known ? known : path;
}

GBytes *verify_file(struct verify_suite *s, const char *path, gint64 size, const char *sha256)
{
	g_autofree char *full = g_build_filename(s->v->dir, verify_known(s->v, g_strdup(path)), NULL);
	GError *error = NULL;
	g_autoptr(GBytes) bytes = file_read(full, MOST_INDEX, &error);
	gsize length = 0;

	s->v->report->indexes++;
	if (bytes == NULL) {
		verify_note_error(s->v, s->name, path, error);
		return NULL;
	}
	const void *data = g_bytes_get_data(bytes, &length);
	g_autofree char *found = digest_of(DIGEST_SHA256, data, length);
	if ((size < 0 || (guint64)size == length) && strcmp(found, sha256) == 0)
		return g_steal_pointer(&bytes);
	verify_note(s->v, VERIFY_DIGEST, FALSE, s->name, path,
		    g_strdup_printf("its SHA-256 is %s, what is signed says %s; it was changed behind abide's back",
				    found, sha256));
	return NULL;
}

void verify_order(struct verify_suite *s, const char *path, const GPtrArray *entries, guint first, const char *arch)
{
	for (guint i = first; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		if (arch != NULL && strcmp(e->arch, arch) != 0 && strcmp(e->arch, "all") != 0)
			verify_note(s->v, VERIFY_FORMAT, FALSE, s->name, path,
				    g_strdup_printf("%s %s is for %s, in an index of %s", e->name, e->version, e->arch,
						    arch));
		if (i > first && entry_compare(&entries->pdata[i - 1], &entries->pdata[i]) > 0)
			verify_note(s->v, VERIFY_FORMAT, FALSE, s->name, path,
				    g_strdup_printf("not sorted: %s %s stands after %s %s", e->name, e->version,
						    ((entry *)entries->pdata[i - 1])->name,
						    ((entry *)entries->pdata[i - 1])->version));
	}
}

/* ---- the Release file ---- */

gboolean verify_signed_by(struct verify_suite *s, GBytes *data, const char *path)
{
	g_autofree char *full = g_build_filename(s->v->dir, verify_known(s->v, g_strdup(path)), NULL);
	GError *error = NULL;
	g_autoptr(GBytes) signature = file_read(full, MOST_RELEASE, &error);

	if (signature != NULL && keyring_verify_detached(s->v->keys, data, signature, *s->settings->signed_by, &error))
		return TRUE;
	verify_note_error(s->v, s->name, path, error);
	return FALSE;
}

/* The signed text, with the fingerprint in *signer; NULL, noted, when there is none. */
static GBytes *read_signed(struct verify_suite *s, const char *path, char **signer)
{
	g_autofree char *full = g_build_filename(s->v->dir, path, NULL);
	GError *error = NULL;
	g_autoptr(GBytes) file = file_read(full, MOST_RELEASE, &error);
	GBytes *text = file ? keyring_verify_clear(s->v->keys, file, signer, &error) : NULL;

	if (text == NULL)
		verify_note_error(s->v, s->name, path, error);
	return text;
}

static gboolean same_text(GBytes *a, GBytes *b)
{
	gsize x = 0, y = 0;
	const char *p = g_bytes_get_data(a, &x), *q = g_bytes_get_data(b, &y);

	while (x > 0 && g_ascii_isspace(p[x - 1]))
		x--;
	while (y > 0 && g_ascii_isspace(q[y - 1]))
		y--;
	return x == y && (x == 0 || memcmp(p, q, x) == 0);
}

/* Release, for clients that do not read InRelease. text: what InRelease says; NULL: nothing that counts. */
static GBytes *read_plain(struct verify_suite *s, GBytes *text)
{
	g_autofree char *path = g_strdup_printf("dists/%s/Release", s->name);
	g_autofree char *full = g_build_filename(s->v->dir, verify_known(s->v, g_strdup(path)), NULL);
	GError *error = NULL;
	GBytes *plain = file_read(full, MOST_RELEASE, &error);

	if (plain == NULL)
		verify_note_error(s->v, s->name, path, error);
	else if (text != NULL && !same_text(text, plain))
		verify_note(s->v, VERIFY_DIGEST, FALSE, s->name, path, g_strdup("not the text that InRelease has"));
	return plain;
}

static char *date_text(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);

	return when ? g_date_time_format_iso8601(when) : g_strdup("?");
}

static void check_dates(struct verify_suite *s, const char *path)
{
	gint64 until = s->settings->date + (gint64)s->settings->valid_days * 24 * 3600, now = s->v->options->now;
	g_autofree char *shown = date_text(until), *date = date_text(s->settings->date);

	if (until <= now)
		verify_note(s->v, VERIFY_EXPIRY, FALSE, s->name, path,
			    g_strdup_printf("expired at %s: apt refuses it; publish again", shown));
	else if (until - now <= VERIFY_SOON)
		verify_note(s->v, VERIFY_EXPIRY, TRUE, s->name, path,
			    g_strdup_printf("expires at %s, in %d days; publish again before", shown,
					    (int)((until - now) / (24 * 3600))));
	if (s->settings->date > now)
		verify_note(
			s->v, VERIFY_EXPIRY, TRUE, s->name, path,
			g_strdup_printf("published at %s, which is in the future: apt refuses it until then", date));
}

static void check_settings(struct verify_suite *s, const char *path, const char *signer)
{
	const release *r = s->settings;

	if (strcmp(r->suite, s->name) != 0)
		verify_note(s->v, VERIFY_SIGNATURE, FALSE, s->name, path,
			    g_strdup_printf("signed for the suite '%s', not '%s'", r->suite, s->name));
	if (signer != NULL && !release_is_signer(r, signer))
		verify_note(s->v, VERIFY_SIGNATURE, FALSE, s->name, path,
			    g_strdup_printf("signed by %s, which its Signed-By does not name", signer));
	check_dates(s, path);
}

/* What InRelease says; if its signature is of no use, what Release says, so that more can be found. */
static void read_release(struct verify_suite *s)
{
	g_autofree char *path = g_strdup_printf("dists/%s/InRelease", s->name), *signer = NULL;
	const char *gpg = verify_known(s->v, g_strdup_printf("dists/%s/Release.gpg", s->name));
	g_autoptr(GBytes) text = read_signed(s, verify_known(s->v, g_strdup(path)), &signer),
			  plain = read_plain(s, text);
	GBytes *read = text ? text : plain;
	GError *error = NULL;
	gsize size = 0;

	if (read == NULL)
		return;
	const char *data = g_bytes_get_data(read, &size);
	s->settings = release_parse(data, size, &error);
	if (s->settings == NULL) {
		verify_note_error(s->v, s->name, path, error);
		return;
	}
	check_settings(s, path, signer);
	if (plain != NULL)
		verify_signed_by(s, plain, gpg);
}

static GBytes *export_key(const struct verify_suite *s, gboolean armored)
{
	if (!armored && s->certificate != NULL)
		return g_bytes_ref(s->certificate);
	return keyring_export(s->v->keys, *s->settings->signed_by, armored, NULL);
}

/* Servers take the key from here, once; nothing that they check tells them later that it was another. */
static void check_key(struct verify_suite *s, const char *suffix, gboolean armored)
{
	publication p = {.site.settings = s->settings};
	g_autofree char *name = publication_key_name(&p), *path = g_strdup_printf("keys/%s%s", name, suffix);
	g_autofree char *full = g_build_filename(s->v->dir, verify_known(s->v, g_strdup(path)), NULL);
	g_autoptr(GBytes) key = export_key(s, armored);
	GError *error = NULL;
	g_autoptr(GBytes) file = file_read(full, MOST_RELEASE, &error);

	if (file == NULL)
		verify_note_error(s->v, s->name, path, error);
	else if (key != NULL && !g_bytes_equal(key, file))
		verify_note(s->v, VERIFY_SIGNATURE, FALSE, s->name, path,
			    g_strdup("not the public key that signs, as gpg has it"));
}

/* ---- a suite ---- */

void verify_add_package(struct verify_suite *s, const struct family *family, const char *path, const char *sha256,
			guint64 size)
{
	const struct verify_package *known = g_hash_table_lookup(s->v->packages, path);

	if (known != NULL) {
		if (strcmp(known->sha256, sha256) != 0)
			verify_note(s->v, VERIFY_FORMAT, FALSE, s->name, path,
				    g_strdup_printf("has another SHA-256 here than in the suite %s", known->suite));
		return;
	}
	struct verify_package *p = g_new0(struct verify_package, 1);
	p->path = verify_known(s->v, g_strdup(path));
	p->sha256 = g_strdup(sha256);
	p->size = size;
	p->family = family;
	p->suite = s->name;
	p->certificate = s->certificate ? g_bytes_ref(s->certificate) : NULL;
	g_hash_table_insert(s->v->packages, (gpointer)p->path, p);
}

static void note_packages(struct verify_suite *s)
{
	for (guint i = 0; i < s->entries->len; i++) {
		const entry *e = s->entries->pdata[i];
		verify_add_package(s, e->family, e->path, e->sha256, e->size);
	}
}

/* fitting: a set, to which those entries are added that can be looked at on this base. */
static void check_base(struct verify_suite *s, const struct base *base, GHashTable *fitting)
{
	GError *error = NULL;
	g_autoptr(closure) c = closure_new(base, s->entries, &error);

	if (c == NULL) {
		verify_note_error(s->v, s->name, "bases", error);
		return;
	}
	const GPtrArray *entries = closure_entries(c);
	for (guint i = 0; i < entries->len; i++)
		g_hash_table_add(fitting, entries->pdata[i]);
	s->v->report->checked += entries->len;
	g_autoptr(GPtrArray) findings = closure_check(c);
	for (guint i = 0; i < findings->len; i++) {
		struct closure_finding *f = findings->pdata[i];
		verify_note(s->v, VERIFY_DEPENDS, f->unpinned, s->name, f->entry->path, g_steal_pointer(&f->text));
	}
}

static GPtrArray *declared_bases(struct verify_suite *s)
{
	GPtrArray *bases = g_ptr_array_new_with_free_func((GDestroyNotify)base_free);

	for (char **word = s->settings->bases; *word != NULL; word++) {
		GError *error = NULL;
		struct base *b = declared_read(s->v->dir, *word, &error);
		const char *path = verify_known(s->v, declared_path(*word));
		if (b != NULL)
			g_ptr_array_add(bases, b);
		else
			verify_note_error(s->v, s->name, path, error);
	}
	return bases;
}

static void check_bases(struct verify_suite *s, const GPtrArray *given)
{
	g_autoptr(GPtrArray) declared = declared_bases(s);
	const GPtrArray *bases = given ? given : declared;
	g_autoptr(GHashTable) fitting = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < bases->len; i++)
		check_base(s, bases->pdata[i], fitting);
	s->v->report->bases = MAX(s->v->report->bases, bases->len);
	if (bases->len > 0)
		s->v->report->foreign += s->entries->len - g_hash_table_size(fitting);
}

static void suite_clear(struct verify_suite *s)
{
	release_free(s->settings);
	g_clear_pointer(&s->certificate, g_bytes_unref);
	g_ptr_array_unref(s->entries);
}
typedef struct verify_suite verify_suite;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(verify_suite, suite_clear)

static void check_once(struct verify *v, const char *name, const GPtrArray *bases)
{
	g_auto(verify_suite) s = {.v = v,
				  .name = name,
				  .whole = TRUE,
				  .entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free)};

	v->report->suites++;
	read_release(&s);
	if (s.settings == NULL) {
		verify_blind_all(&s);
		return;
	}
	verify_deb(&s);
	verify_rpm(&s);
	s.certificate = export_key(&s, FALSE);
	v->report->packages += s.entries->len;
	check_key(&s, ".gpg", FALSE);
	check_key(&s, ".asc", TRUE);
	note_packages(&s);
	verify_history(&s);
	check_bases(&s, bases);
}

/* Again, if somebody published meanwhile: what was found may be about files of two states. */
static void check_suite(struct verify *v, const char *name, const GPtrArray *bases)
{
	g_autofree char *path = g_build_filename(v->dir, "dists", name, "InRelease", NULL);

	for (guint try = 1;; try++) {
		g_autoptr(GBytes) before = file_read(path, MOST_RELEASE, NULL);
		verify_report counts = *v->report;
		guint findings = v->report->findings->len;
		check_once(v, name, bases);
		g_autoptr(GBytes) after = file_read(path, MOST_RELEASE, NULL);
		if (try == MOST_TRIES || before == NULL || after == NULL || g_bytes_equal(before, after))
			return;
		g_ptr_array_set_size(v->report->findings, (gint)findings);
		*v->report = counts;
	}
}

/* ---- the repository ---- */

static void known_free(gpointer data)
{
	struct verify_package *p = data;

	g_free(p->sha256);
	g_clear_pointer(&p->certificate, g_bytes_unref);
	g_free(p);
}

static void verify_clear(struct verify *v)
{
	verify_report_free(v->report);
	keyring_free(v->keys);
	g_strfreev(v->suites);
	g_hash_table_unref(v->known);
	g_hash_table_unref(v->packages);
	g_ptr_array_unref(v->blind);
}
typedef struct verify verify;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(verify, verify_clear)

static gint compare_names(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Also those whose InRelease is gone. */
static char **suites_of(const char *dir)
{
	g_autofree char *dists = g_build_filename(dir, "dists", NULL);
	GDir *folder = g_dir_open(dists, 0, NULL);
	GPtrArray *names = g_ptr_array_new();

	for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
		g_autofree char *path = g_build_filename(dists, name, NULL);
		if (release_is_suite(name) && g_file_test(path, G_FILE_TEST_IS_DIR))
			g_ptr_array_add(names, g_strdup(name));
	}
	if (folder != NULL)
		g_dir_close(folder);
	g_ptr_array_sort(names, compare_names);
	g_ptr_array_add(names, NULL);
	return (char **)g_ptr_array_free(names, FALSE);
}

static gboolean check_named(const struct verify *v, GError **error)
{
	const char *suite = v->options->suite;

	if (suite != NULL ? g_strv_contains((const char *const *)v->suites, suite) : *v->suites != NULL)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
		    "%s: no repository%s%s%s; abide publish init makes one", v->dir, suite ? " with a suite '" : "",
		    suite ? suite : "", suite ? "'" : "");
	return FALSE;
}

verify_report *verify_repository(const char *dir, const struct verify_options *options, GError **error)
{
	g_auto(verify) v = {.dir = dir,
			    .options = options,
			    .report = g_new0(verify_report, 1),
			    .suites = suites_of(dir),
			    .blind = g_ptr_array_new_with_free_func(g_free),
			    .known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
			    .packages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, known_free)};
	g_autoptr(GPtrArray) bases = options->bases && *options->bases ? declared_load(options->bases, error) : NULL;

	v.report->findings = g_ptr_array_new_with_free_func(finding_free);
	if ((options->bases && *options->bases && bases == NULL) || !check_named(&v, error) ||
	    (v.keys = keyring_new(error)) == NULL)
		return NULL;
	for (char **suite = v.suites; *suite != NULL; suite++)
		if (options->suite == NULL || strcmp(*suite, options->suite) == 0)
			check_suite(&v, *suite, bases);
	verify_packages(&v);
	verify_strays(&v);
	return g_steal_pointer(&v.report);
}

/* Making and opening a repository: see publication.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/publication.h"
#include "core/file.h"
#include "core/order.h"
#include "publish/declared.h"
#include "publish/chain.h"
#include "publish/fetch.h"
#include "publish/recovery.h"
#include "publish/signers.h"
#include "publish/transaction.h"

#include <string.h>
#include <unistd.h>

#define MOST_RELEASE (16 * 1024 * 1024)

/* How often a reader starts again because a publisher was at work; each time a whole publication has gone by. */
#define MOST_TRIES 5

G_DEFINE_QUARK(publish-error-quark, publish_error)

static publication *publication_new(const char *dir)
{
	publication *p = g_new0(publication, 1);

	p->site.dir = g_strdup(dir);
	p->packages = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	return p;
}

void publication_free(publication *p)
{
	if (p == NULL)
		return;
	g_free(p->site.dir);
	release_free(p->site.settings);
	keyring_free(p->site.keys);
	g_ptr_array_unref(p->packages);
	claim_clear(&p->claim);
	g_free(p->by);
	g_free(p->why);
	g_free(p->prepare);
	g_free(p->attach);
	state_free(p->last);
	g_free(p);
}

static char *inrelease_path(const char *dir, const char *suite)
{
	return g_build_filename(dir, "dists", suite, "InRelease", NULL);
}

const entry *publication_find(const publication *p, const char *path)
{
	for (guint i = 0; i < p->packages->len; i++) {
		const entry *e = p->packages->pdata[i];
		if (strcmp(e->path, path) == 0)
			return e;
	}
	return NULL;
}

char *publication_key_name(const publication *p)
{
	char *name = g_ascii_strdown(p->site.settings->origin, -1);

	g_strcanon(name, "abcdefghijklmnopqrstuvwxyz0123456789-", '-');
	return name;
}

/* ---- opening ---- */

static gboolean check_suite(const char *dir, const char *suite, GError **error)
{
	g_autofree char *path = release_is_suite(suite) ? inrelease_path(dir, suite) : NULL;

	if (path != NULL && access(path, F_OK) == 0)
		return TRUE;
	g_auto(GStrv) suites = publication_suites(dir);
	g_autofree char *others = g_strjoinv(", ", suites);
	if (*others != '\0')
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: no suite '%s' in this repository, which has %s (--suite); abide publish init makes one more",
			    dir, suite, others);
	else
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: no repository with a suite '%s'; abide publish init makes one", dir, suite);
	return FALSE;
}

static gboolean check_settings(const release *r, const char *suite, char *const *signers, GError **error)
{
	if (strcmp(r->suite, suite) != 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "signed for the suite '%s', not '%s'",
			    r->suite, suite);
		return FALSE;
	}
	for (char *const *f = signers; *f != NULL; f++)
		if (release_is_signer(r, *f))
			return TRUE;
	g_autofree char *allowed = g_strjoinv(", ", r->signed_by);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "signed by %s, but its Signed-By is %s", *signers,
		    allowed);
	return FALSE;
}

/* The settings, from a Release file whose signature is good. */
static release *load_settings(keyring *keys, GBytes *inrelease, const char *suite, GError **error)
{
	g_auto(GStrv) signers = NULL;
	g_autoptr(GBytes) text = keyring_verify_clear(keys, inrelease, &signers, error);
	gsize size = 0;

	if (text == NULL)
		return NULL;
	const char *data = g_bytes_get_data(text, &size);
	g_autoptr(release) r = release_parse(data, size, error);
	return r && check_settings(r, suite, signers, error) ? g_steal_pointer(&r) : NULL;
}

release *publication_settings_of(keyring *keys, const char *dir, const char *suite, GError **error)
{
	g_autofree char *path = inrelease_path(dir, suite);
	g_autoptr(GBytes) inrelease = file_read(path, MOST_RELEASE, error);
	release *r = inrelease ? load_settings(keys, inrelease, suite, error) : NULL;

	if (inrelease != NULL && r == NULL)
		g_prefix_error(error, "%s: ", path);
	return r;
}

gboolean publication_load(publication *p, const struct family *family, GError **error)
{
	guint index = family_index(family), before = 0;
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);

	if (p->loaded[index])
		return TRUE;
	if (!family->load(&p->site, entries, error))
		return FALSE;
	order_sort(entries, entry_compare);
	while (before < p->packages->len && family_index(((entry *)p->packages->pdata[before])->family) < index)
		before++;
	for (guint i = before; i < p->packages->len; i++)
		g_ptr_array_add(entries, p->packages->pdata[i]);
	g_ptr_array_set_free_func(p->packages, NULL);
	g_ptr_array_set_size(p->packages, (gint)before);
	g_ptr_array_set_free_func(p->packages, (GDestroyNotify)entry_free);
	g_ptr_array_extend_and_steal(p->packages, g_steal_pointer(&entries));
	p->loaded[index] = TRUE;
	return TRUE;
}

gboolean publication_load_all(publication *p, GError **error)
{
	for (gsize i = 0; i < FAMILIES; i++)
		if (!publication_load(p, families[i], error))
			return FALSE;
	return TRUE;
}

static gboolean take_settings(publication *p, const char *suite, GBytes *inrelease, GError **error)
{
	g_ptr_array_set_size(p->packages, 0);
	memset(p->loaded, 0, sizeof p->loaded);
	g_clear_pointer(&p->site.settings, release_free);
	p->site.settings = load_settings(p->site.keys, inrelease, suite, error);
	if (p->site.settings == NULL)
		g_prefix_error(error, "%s/dists/%s/InRelease: ", p->site.dir, suite);
	return p->site.settings != NULL;
}

static gboolean read_settings(publication *p, const char *suite, GError **error)
{
	g_autofree char *path = inrelease_path(p->site.dir, suite);
	g_autoptr(GBytes) inrelease = file_read(path, MOST_RELEASE, error);

	return inrelease != NULL && take_settings(p, suite, inrelease, error);
}

/* Whether a publisher was at work while somebody read. */
static gboolean has_changed(const char *path, GBytes *before)
{
	g_autoptr(GBytes) now = file_read(path, MOST_RELEASE, NULL);

	return now != NULL && !g_bytes_equal(now, before);
}

/* All packages, of one state: what a publisher changes meanwhile is read again. */
static gboolean load_steady(publication *p, const char *suite, GError **error)
{
	g_autofree char *path = inrelease_path(p->site.dir, suite);

	for (guint try = 1;; try++) {
		g_autoptr(GBytes) inrelease = file_read(path, MOST_RELEASE, error);
		g_autoptr(GError) cause = NULL;
		if (inrelease == NULL)
			return FALSE;
		if (take_settings(p, suite, inrelease, &cause) && publication_load_all(p, &cause))
			return TRUE;
		if (try == MOST_TRIES || !has_changed(path, inrelease)) {
			g_propagate_error(error, g_steal_pointer(&cause));
			return FALSE;
		}
	}
}

static publication *open_to_read(const char *dir, const char *suite, GError **error)
{
	g_autoptr(publication) p = publication_new(dir);

	if (!check_suite(dir, suite, error) || (p->site.keys = keyring_new(error)) == NULL)
		return NULL;
	return g_steal_pointer(&p);
}

publication *publication_open(const char *dir, const char *suite, GError **error)
{
	g_autoptr(publication) p = open_to_read(dir, suite, error);

	return p && load_steady(p, suite, error) ? g_steal_pointer(&p) : NULL;
}

publication *publication_open_settings(const char *dir, const char *suite, GError **error)
{
	g_autoptr(publication) p = open_to_read(dir, suite, error);

	return p && read_settings(p, suite, error) ? g_steal_pointer(&p) : NULL;
}

static gboolean check_time(const publication *p, GError **error)
{
	if (p->site.when >= p->site.settings->date)
		return TRUE;
	g_autoptr(GDateTime) last = g_date_time_new_from_unix_utc(p->site.settings->date);
	g_autofree char *shown = g_date_time_format_iso8601(last);
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_ROLLBACK,
		    "%s: last published at %s, after the time of this publication, which apt would ignore; check the clock "
		    "and SOURCE_DATE_EPOCH",
		    p->site.dir, shown);
	return FALSE;
}

static gboolean set_writer(publication *p, const struct publication_writer *w, GError **error)
{
	const char *why = w->why ? w->why : "";

	p->site.when = w->when;
	p->by = g_strdup(w->by);
	p->why = g_strdup(why);
	p->prepare = g_strdup(w->prepare);
	p->attach = g_strdup(w->attach);
	if (*w->by != '\0' && state_is_line(w->by) && state_is_line(why))
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: not one line of UTF-8 text",
		    *w->by == '\0' || !state_is_line(w->by) ? "who publishes" : "the reason");
	return FALSE;
}

static gboolean load_last(publication *p, GError **error)
{
	if (p->site.settings->state == 0)
		return TRUE;
	p->last = chain_last(&p->site, error);
	return p->last != NULL;
}

publication *publication_open_locked(const char *dir, const char *suite, const struct publication_writer *writer,
				     GError **error)
{
	g_autoptr(publication) p = publication_new(dir);

	if (!set_writer(p, writer, error) || !check_suite(dir, suite, error) ||
	    !claim_existing(&p->claim, dir, writer->wait, error) || (p->site.keys = keyring_new(error)) == NULL ||
	    !read_settings(p, suite, error) || !recovery_settle(&p->site, error) || !load_last(p, error) ||
	    (!writer->keys_later && !signers_choose(p, error)) || !check_time(p, error))
		return NULL;
	return g_steal_pointer(&p);
}

/* ---- making ---- */

static gboolean is_line(const char *text)
{
	if (*text == '\0' || *text == ' ' || !g_utf8_validate(text, -1, NULL))
		return FALSE;
	for (; *text != '\0'; text++)
		if (g_ascii_iscntrl(*text))
			return FALSE;
	return TRUE;
}

static gboolean bad_setting(GError **error, const char *what, const char *value, const char *allowed)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s '%s' %s", what, value, allowed);
	return FALSE;
}

static release *settings_from(const char *dir, const struct publication_settings *s, GError **error)
{
	g_autoptr(release) r = release_new();
	g_autofree char *full = g_canonicalize_filename(dir, NULL);

	r->suite = g_strdup(s->suite);
	r->codename = g_strdup(s->suite);
	r->origin = s->origin ? g_strdup(s->origin) : g_path_get_basename(full);
	r->label = g_strdup(s->label ? s->label : r->origin);
	r->valid_days = s->valid_days;
	r->contents = s->contents;
	r->zstd = s->zstd;
	if (!release_is_suite(r->suite))
		bad_setting(error, "suite", r->suite, "is no name: letters, digits, '.', '-' and '_'");
	else if (!is_line(r->origin) || !g_ascii_isalnum(*r->origin))
		bad_setting(error, "origin", r->origin, "is not a line that begins with a letter or digit");
	else if (!is_line(r->label))
		bad_setting(error, "label", r->label, "is not a line of text");
	else if (r->valid_days < 1 || r->valid_days > RELEASE_MOST_DAYS)
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "valid for %u days: give 1 to %d", r->valid_days,
			    RELEASE_MOST_DAYS);
	else
		return g_steal_pointer(&r);
	return NULL;
}

static gboolean take_bases(publication *p, transaction *t, const char *const *names, GError **error)
{
	char **words = names ? declared_write(p->site.dir, names, t, error) : NULL;

	if (words != NULL) {
		g_strfreev(p->site.settings->bases);
		p->site.settings->bases = words;
	}
	return names == NULL || words != NULL;
}

static gboolean write_empty(publication *p, const char *const *bases, GError **error)
{
	g_autoptr(transaction) t = transaction_new(p, "init");

	if (!signers_write_keys(p, t, error) || !take_bases(p, t, bases, error))
		return FALSE;
	for (char **word = p->site.settings->bases; *word != NULL; word++)
		g_ptr_array_add(transaction_state(t)->bases, g_strconcat("+ ", *word, NULL));
	for (gsize i = 0; i < FAMILIES; i++) {
		p->loaded[i] = TRUE; /* there is nothing yet */
		transaction_again(t, families[i]);
	}
	return transaction_publish(t, error);
}

static gboolean check_new(const publication *p, GError **error)
{
	g_autofree char *path = inrelease_path(p->site.dir, p->site.settings->suite);

	if (access(path, F_OK) < 0)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY, "%s: the suite '%s' is there already", p->site.dir,
		    p->site.settings->suite);
	return FALSE;
}

/* Nothing of a repository that was only prepared remains. */
static publication *prepared(publication *p)
{
	claim_undo(&p->claim);
	return p;
}

publication *publication_create(const char *dir, const struct publication_settings *settings,
				const struct publication_writer *writer, GError **error)
{
	g_autoptr(publication) p = publication_new(dir);

	p->site.settings = settings_from(dir, settings, error);
	if (p->site.settings == NULL || !set_writer(p, writer, error) || (p->site.keys = keyring_new(error)) == NULL ||
	    !signers_begin(p, settings->key, error))
		return NULL;
	p->site.settings->date = writer->when;
	if (!claim_fresh(&p->claim, dir, writer->wait, error) || !recovery_settle_any(dir, p->site.keys, error) ||
	    !check_new(p, error))
		return NULL;
	if (write_empty(p, settings->bases, error))
		return p->prepare ? prepared(g_steal_pointer(&p)) : g_steal_pointer(&p);
	claim_undo(&p->claim);
	return NULL;
}

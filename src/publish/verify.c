/* The order of looking at a repository: see verify.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/claim.h"
#include "publish/closure.h"
#include "publish/declared.h"
#include "publish/error.h"
#include "publish/verify_private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* How often everything is looked at because a publisher was at work; the last time publishers are kept out. */
#define MOST_TRIES 3

/* How long it is tried to keep them out: 30 s, in steps of so many microseconds. */
#define LOCK_TRIES 300
#define LOCK_AGAIN 100000

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
	g_ptr_array_unref(report->base_names);
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

	progress_report(s->v->options->progress, PROGRESS_PIECES, 0, s->entries->len, base->name);	g_autoptr(closure) c = closure_new(base, s->entries, &error);

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

static void note_base(verify_report *report, const struct base *b)
{
	char *name = g_strdup_printf("%s-%s", b->name ? b->name : "unnamed", b->arch ? b->arch : "any");

	if (g_ptr_array_find_with_equal_func(report->base_names, name, g_str_equal, NULL))
		g_free(name);
	else
		g_ptr_array_add(report->base_names, name);
}

static void check_bases(struct verify_suite *s, const GPtrArray *given)
{
	g_autoptr(GPtrArray) declared = declared_bases(s);
	const GPtrArray *bases = given ? given : declared;
	g_autoptr(GHashTable) fitting = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < bases->len; i++) {
		note_base(s->v->report, bases->pdata[i]);
		check_base(s, bases->pdata[i], fitting);
	}
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

static void check_suite(struct verify *v, const char *name, const GPtrArray *bases)
{
	g_auto(verify_suite) s = {.v = v,
				  .name = name,
				  .whole = TRUE,
				  .entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free)};

	v->report->suites++;
	verify_release(&s);
	if (s.settings == NULL) {
		verify_blind_all(&s);
		return;
	}
	verify_deb(&s);
	verify_rpm(&s);
	verify_signers(&s);
	v->report->packages += s.entries->len;
	note_packages(&s);
	verify_history(&s);
	check_bases(&s, bases);
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
	g_hash_table_unref(v->key_files);
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
	g_autofree char *present = g_strjoinv(", ", v->suites);
	if (*present != '\0')
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: no suite '%s' in this repository, which has %s (--suite); abide publish init makes one more",
			    v->dir, suite, present);
	else
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
			    "%s: no repository%s%s%s; abide publish init makes one", v->dir, suite ? " with a suite '" : "",
		    suite ? suite : "", suite ? "'" : "");
	return FALSE;
}

/* ---- while somebody publishes ---- */

/*
 * Keeps publishers out, who wait for a while. Returns what to close; -1: there is no lock, or it cannot be had in time.
 * An open file is enough for it, so it can be had on a medium that nobody writes to.
 */
static int keep_out(const char *dir, guint tries)
{
	g_autofree char *path = g_build_filename(dir, CLAIM_FILE, NULL);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	for (guint try = 1; fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0; try++) {
		if (try >= tries || errno != EWOULDBLOCK) {
			int cause = errno;
			close(fd);
			errno = cause;
			return -1;
		}
		g_usleep(LOCK_AGAIN);
	}
	return fd;
}

/* Whether a publisher is at work at this moment. */
static gboolean is_claimed(const char *dir)
{
	int fd = keep_out(dir, 1);

	if (fd < 0)
		return errno == EWOULDBLOCK;
	close(fd);
	return FALSE;
}

/* What changes with every publication. */
static char *fingerprint(const struct verify *v)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);

	for (char **suite = v->suites; *suite != NULL; suite++) {
		g_autofree char *path = g_build_filename(v->dir, "dists", *suite, "InRelease", NULL);
		g_autoptr(GBytes) bytes = file_read(path, MOST_RELEASE, NULL);
		gsize size = 0;
		const void *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
		digest_update(d, data ? data : "", size);
	}
	return digest_hex(d);
}

/* What is not named yet may be on its way in. */
static void drop_strays(struct verify *v)
{
	for (guint i = v->report->findings->len; i-- > 0;)
		if (((const struct verify_finding *)v->report->findings->pdata[i])->kind == VERIFY_STRAY)
			g_ptr_array_remove_index(v->report->findings, i);
	verify_note(v, VERIFY_STRAY, TRUE, NULL, ".",
		    g_strdup("somebody publishes again and again; stray files could not be told from new ones"));
}

/* ---- the whole ---- */

static void verify_begin(struct verify *v, const char *dir, const struct verify_options *options)
{
	*v = (struct verify){.dir = dir,
			     .options = options,
			     .report = g_new0(verify_report, 1),
			     .suites = suites_of(dir),
			     .blind = g_ptr_array_new_with_free_func(g_free),
			     .key_files = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, verify_key_file_free),
			     .known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
			     .packages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, known_free)};
	v->report->findings = g_ptr_array_new_with_free_func(finding_free);
	v->report->base_names = g_ptr_array_new_with_free_func(g_free);
}

/* All but the contents of packages. FALSE: somebody published meanwhile, and findings may be about two states. */
static gboolean look(struct verify *v, const GPtrArray *bases)
{
	g_autofree char *before = fingerprint(v);

	for (char **suite = v->suites; *suite != NULL; suite++)
		if (v->options->suite == NULL || strcmp(*suite, v->options->suite) == 0)
			check_suite(v, *suite, bases);
	verify_key_files(v);
	verify_strays(v);
	g_autofree char *after = fingerprint(v);
	return strcmp(before, after) == 0 && !is_claimed(v->dir);
}

/* The same with publishers kept out, for a directory where somebody publishes all the time. */
static void look_alone(struct verify *v, const GPtrArray *bases)
{
	int lock = keep_out(v->dir, LOCK_TRIES);

	if (!look(v, bases))
		drop_strays(v);
	if (lock >= 0)
		close(lock);
}

verify_report *verify_repository(const char *dir, const struct verify_options *options, GError **error)
{
	gboolean given = options->bases != NULL && *options->bases != NULL;
	g_autoptr(GPtrArray) bases = given ? declared_load(options->bases, error) : NULL;

	if (given && bases == NULL)
		return NULL;
	for (guint try = 1;; try++) {
		g_auto(verify) v = {0};
		verify_begin(&v, dir, options);
		if (!check_named(&v, error) || (v.keys = keyring_new(error)) == NULL)
			return NULL;
		if (try == MOST_TRIES)
			look_alone(&v, bases);
		else if (!look(&v, bases))
			continue;
		verify_packages(&v);
		return g_steal_pointer(&v.report);
	}
}

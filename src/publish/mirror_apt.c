/* The apt part of a mirror: dists/SUITE. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "core/file.h"
#include "publish/family.h"
#include "publish/mirror_private.h"
#include "publish/unpack.h"

#include <string.h>
#include <unistd.h>

#define CLEAR_BEGIN "-----BEGIN PGP SIGNED MESSAGE-----\n"
#define CLEAR_END "\n-----END PGP SIGNATURE-----"

/* ---- top files ---- */

/* A file of the source that may be missing: NULL without an error then. */
static GBytes *read_optional(struct mirror *m, const char *directory, const char *name, gsize ceiling, gboolean *ok,
			     GError **error)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GError) cause = NULL;
	GBytes *bytes = source_read(m->source, path, ceiling, &cause);

	*ok = bytes != NULL || g_error_matches(cause, PUBLISH_ERROR, PUBLISH_ERROR_ABSENT);
	if (!*ok)
		g_propagate_error(error, g_steal_pointer(&cause));
	return bytes;
}

/* What is around the signed text reaches clients too, so there must be nothing. */
static gboolean is_clear_signed(GBytes *file)
{
	gsize size = 0;
	const char *text = g_bytes_get_data(file, &size);

	while (size > 0 && g_ascii_isspace(text[size - 1]))
		size--;
	return size > strlen(CLEAR_BEGIN CLEAR_END) && memcmp(text, CLEAR_BEGIN, strlen(CLEAR_BEGIN)) == 0 &&
	       memcmp(text + size - strlen(CLEAR_END), CLEAR_END, strlen(CLEAR_END)) == 0;
}

/* The text of InRelease, proved. */
static GBytes *prove_clear(struct mirror *m, GBytes *file, const char *shown, struct mirror_part *part, GError **error)
{
	GBytes *text = NULL;

	if (!is_clear_signed(file)) {
		mirror_failed(m, PUBLISH_ERROR_SIGNATURE, shown, "not a signed text and nothing else", error);
		return NULL;
	}
	text = keyring_verify_clear(m->keys, file, &part->signers, error);
	if (text == NULL)
		g_prefix_error(error, "%s: %s: ", m->options->source, shown);
	return text;
}

static gboolean same_text(GBytes *a, GBytes *b)
{
	gsize a_size = 0, b_size = 0;
	const char *x = g_bytes_get_data(a, &a_size), *y = g_bytes_get_data(b, &b_size);

	while (a_size > 0 && x[a_size - 1] == '\n')
		a_size--;
	while (b_size > 0 && y[b_size - 1] == '\n')
		b_size--;
	return a_size == b_size && memcmp(x, y, a_size) == 0;
}

/* Release with Release.gpg, beside InRelease or instead of it. */
static gboolean prove_detached(struct mirror *m, GBytes *release, GBytes *signature, GBytes *clear,
			       struct mirror_part *part, GError **error)
{
	g_autofree char *shown = g_build_filename(part->directory, "Release", NULL);
	g_auto(GStrv) signers = keyring_signers_detached(m->keys, release, signature, error);

	if (signers == NULL) {
		g_prefix_error(error, "%s: %s.gpg: ", m->options->source, shown);
		return FALSE;
	}
	if (clear != NULL && !same_text(clear, release))
		return mirror_failed(m, PUBLISH_ERROR_DIGEST, shown, "it says other than InRelease", error);
	if (part->signers == NULL)
		part->signers = g_steal_pointer(&signers);
	mirror_part_add_top(part, "Release.gpg", signature);
	mirror_part_add_top(part, "Release", release);
	return TRUE;
}

/* The proved text; NULL without an error: the source has no such suite. */
static GBytes *read_tops(struct mirror *m, struct mirror_part *part, GError **error)
{
	gboolean ok = TRUE;
	g_autofree char *shown = g_build_filename(part->directory, "InRelease", NULL);
	g_autoptr(GBytes) clear = read_optional(m, part->directory, "InRelease", MIRROR_MOST_RELEASE, &ok, error);
	g_autoptr(GBytes) release =
		ok ? read_optional(m, part->directory, "Release", MIRROR_MOST_RELEASE, &ok, error) : NULL;
	g_autoptr(GBytes) signature =
		ok && release ? read_optional(m, part->directory, "Release.gpg", MIRROR_MOST_SIGNATURE, &ok, error)
			      : NULL;

	if (!ok || (clear == NULL && release == NULL))
		return NULL;
	part->found = TRUE;
	g_autoptr(GBytes) text = clear ? prove_clear(m, clear, shown, part, error) : NULL;
	if (clear != NULL && text == NULL)
		return NULL;
	if (clear == NULL && signature == NULL) {
		mirror_failed(m, PUBLISH_ERROR_SIGNATURE, part->directory, "its Release file is not signed", error);
		return NULL;
	}
	if (signature != NULL && !prove_detached(m, release, signature, text, part, error))
		return NULL;
	if (clear != NULL)
		mirror_part_add_top(part, "InRelease", clear);
	return text ? g_steal_pointer(&text) : g_bytes_ref(release);
}

/* ---- what the mirror has ---- */

char *mirror_present_text(const char *dir, const char *directory, GBytes **file)
{
	static const char *const names[] = {"InRelease", "Release"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, directory, names[i], NULL);
		g_autoptr(GBytes) bytes = access(path, F_OK) == 0 ? file_read(path, MIRROR_MOST_RELEASE, NULL) : NULL;
		gsize size = 0;
		const char *data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
		if (data == NULL)
			continue;
		if (file != NULL)
			*file = g_steal_pointer(&bytes);
		return aptsource_clear_text(data, size);
	}
	return NULL;
}

static aptsource *present(const struct mirror *m, const char *directory, GBytes **file)
{
	g_autofree char *text = mirror_present_text(m->dir, directory, file);

	return text ? aptsource_parse(text, strlen(text), NULL) : NULL;
}

/* Whose signature the next state may have: those announced, else those on the present one. */
static char **signers_before(const struct mirror *m, const aptsource *before, GBytes *file)
{
	char **signers = NULL;

	if (m->options->key != NULL)
		return NULL;
	if (before->signed_by != NULL)
		return g_strdupv(before->signed_by);
	g_autoptr(GBytes) text = keyring_verify_clear(m->keys, file, &signers, NULL);
	return signers;
}

static gboolean check_trust(struct mirror *m, const aptsource *a, struct mirror_part *part, GError **error)
{
	g_autoptr(GBytes) file = NULL;
	g_autoptr(aptsource) before = present(m, part->directory, &file);
	g_auto(GStrv) signers = before ? signers_before(m, before, file) : NULL;
	struct mirror_age age = {a->date, a->valid_until, a->state, a->state_sha256}, old = {0};

	if (before != NULL)
		old = (struct mirror_age){before->date, before->valid_until, before->state, before->state_sha256};
	for (guint i = 0; before != NULL && i < before->files->len; i++)
		g_ptr_array_add(part->keep, aptsource_by_hash(before->files->pdata[i]));
	return mirror_trust_signers(m, part->directory, part->signers, signers, error) &&
	       mirror_trust_age(m, part->directory, &age, before ? &old : NULL, error);
}

static gboolean check_suite(struct mirror *m, const aptsource *a, const char *suite, GError **error)
{
	g_autofree char *what = NULL;

	if (g_strcmp0(a->suite, suite) == 0 || g_strcmp0(a->codename, suite) == 0)
		return TRUE;
	what = g_strdup_printf("it is signed for the suite '%s' (codename '%s'), which is another",
			       a->suite ? a->suite : "", a->codename ? a->codename : "");
	return mirror_failed(m, PUBLISH_ERROR_SIGNATURE, suite, what, error);
}

/* ---- indexes ---- */

/* Without the ending of a compression. */
static char *plain_name(const char *path)
{
	static const char *const endings[] = {".gz", ".xz", ".bz2", ".zst", ".lzma", ".lz4"};

	for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
		if (g_str_has_suffix(path, endings[i]))
			return g_strndup(path, strlen(path) - strlen(endings[i]));
	return g_strdup(path);
}

/* What a mirror does not have (mirror.h): what such indexes name would be missing. */
static gboolean is_left_out(const char *plain)
{
	return strstr(plain, "/source/") != NULL || strstr(plain, ".diff/") != NULL ||
	       strstr(plain, "/installer-") != NULL || g_str_has_prefix(plain, "installer-") ||
	       g_str_has_suffix(plain, "/Sources") || strcmp(plain, "Sources") == 0 || strcmp(plain, "Release") == 0 ||
	       strcmp(plain, "InRelease") == 0 || strcmp(plain, "Release.gpg") == 0;
}

static void add_index(const aptsource *a, const struct aptsource_file *f, struct mirror_part *part)
{
	g_autofree char *plain = plain_name(f->path);
	g_autofree char *by_hash = aptsource_by_hash(f);
	g_autofree char *path = g_build_filename(part->directory, f->path, NULL);
	const struct aptsource_file *open = aptsource_find(a, plain);
	struct download *d;
	struct mirror_index *index;

	if (is_left_out(plain))
		return;
	d = download_new(path, f->kind, f->digest, f->size);
	d->by_hash = a->by_hash ? g_build_filename(part->directory, by_hash, NULL) : NULL;
	d->optional =
		TRUE; /* publishers list compressions that they do not have; see mirror.c for those that must be */
	index = mirror_part_add_index(part, d, by_hash, f->path);
	index->open_size = open ? open->size : MIRROR_MOST_INDEX;
	if (g_str_has_suffix(plain, "/Packages"))
		index->group = g_steal_pointer(&plain);
}

gboolean mirror_plan_apt(struct mirror *m, const char *suite, struct mirror_part *part, GError **error)
{
	GError *cause = NULL;

	part->last = family_deb.last;
	part->directory = g_build_filename("dists", suite, NULL);
	part->base = g_strdup("");
	g_autoptr(GBytes) text = read_tops(m, part, &cause);
	if (text == NULL) {
		if (cause != NULL)
			g_propagate_error(error, cause);
		return cause == NULL;
	}
	gsize size = 0;
	const char *data = g_bytes_get_data(text, &size);
	g_autoptr(aptsource) a = aptsource_parse(data, size, error);
	if (a == NULL) {
		g_prefix_error(error, "%s: %s: Release: ", m->options->source, part->directory);
		return FALSE;
	}
	if (!check_suite(m, a, suite, error) || !check_trust(m, a, part, error))
		return FALSE;
	if (a->state > 0 && (part->settings = release_parse(data, size, error)) == NULL) {
		g_prefix_error(error, "%s: %s: Release: ", m->options->source, part->directory);
		return FALSE;
	}
	for (guint i = 0; i < a->files->len; i++)
		add_index(a, a->files->pdata[i], part);
	part->date = a->date;
	part->valid_until = a->valid_until;
	return TRUE;
}

gboolean mirror_named_apt(const char *file, guint64 ceiling, aptsource_named_fn fn, gpointer user, GError **error)
{
	g_auto(aptsource_scan_state) scan = {.named = fn, .user = user};

	return unpack_file(file, ceiling, aptsource_scan, &scan, error) && aptsource_scan_end(&scan, error);
}

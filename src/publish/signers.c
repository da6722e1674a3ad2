/* The keys of a suite: see signers.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/signers.h"
#include "core/file.h"

#include <string.h>

#define LEAST_DIGITS 8

static const char *const *fingerprints(const publication *p)
{
	return (const char *const *)p->site.settings->signed_by;
}

static gboolean are_elsewhere(const publication *p)
{
	return p->prepare != NULL || p->attach != NULL;
}

gboolean signers_choose(publication *p, GError **error)
{
	return are_elsewhere(p) || keyring_choose_all(p->site.keys, fingerprints(p), error);
}

static void append(publication *p, const char *fingerprint)
{
	g_autoptr(GStrvBuilder) keys = g_strv_builder_new();

	g_strv_builder_addv(keys, (const char **)p->site.settings->signed_by);
	g_strv_builder_add(keys, fingerprint);
	g_strfreev(p->site.settings->signed_by);
	p->site.settings->signed_by = g_strv_builder_end(keys);
}

/* The fingerprint of a key that is to begin to sign. */
static char *new_key(publication *p, const char *id, GError **error)
{
	g_autofree char *found = NULL;

	if (are_elsewhere(p))
		found = keyring_find(p->site.keys, id, error);
	else if (keyring_choose(p->site.keys, id, error))
		found = g_ascii_strup(keyring_fingerprint(p->site.keys), -1);
	return found && keyring_check_binding(p->site.keys, found, error) ? g_steal_pointer(&found) : NULL;
}

gboolean signers_begin(publication *p, const char *id, GError **error)
{
	g_autofree char *fingerprint = new_key(p, id, error);

	if (fingerprint == NULL)
		return FALSE;
	append(p, fingerprint);
	return TRUE;
}

gboolean signers_add(publication *p, const char *id, GError **error)
{
	g_autofree char *fingerprint = new_key(p, id, error);

	if (fingerprint == NULL)
		return FALSE;
	if (release_is_signer(p->site.settings, fingerprint)) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "key %s signs already", fingerprint);
		return FALSE;
	}
	append(p, fingerprint);
	return signers_choose(p, error);
}

static gboolean is_called(const char *fingerprint, const char *id)
{
	gsize all = strlen(fingerprint), end = strlen(id);

	return end >= LEAST_DIGITS && end <= all && g_ascii_strcasecmp(fingerprint + all - end, id) == 0;
}

gboolean signers_retire(publication *p, const char *id, GError **error)
{
	g_autoptr(GStrvBuilder) keys = g_strv_builder_new();
	guint retired = 0, left = 0;

	for (const char *const *f = fingerprints(p); *f != NULL; f++) {
		if (is_called(*f, id)) {
			retired++;
		} else {
			g_strv_builder_add(keys, *f);
			left++;
		}
	}
	if (retired != 1 || left == 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    retired == 0 ? "%s is no key of suite %s; give the fingerprint"
					 : "%s is the only key of suite %s; add another one first",
			    id, p->site.settings->suite);
		return FALSE;
	}
	g_strfreev(p->site.settings->signed_by);
	p->site.settings->signed_by = g_strv_builder_end(keys);
	return signers_choose(p, error);
}

/* ---- keys/ ---- */

/* The keys of another suite are in the same file when it has the same origin. */
static gboolean add_suite(const publication *p, const char *suite, GPtrArray *keys, GError **error)
{
	g_autoptr(release) other = publication_settings_of(p->site.keys, p->site.dir, suite, error);
	gboolean common = FALSE;

	if (other == NULL)
		return FALSE;
	if (strcmp(other->origin, p->site.settings->origin) != 0)
		return TRUE;
	for (char **f = other->signed_by; *f != NULL; f++) {
		common |= release_is_signer(p->site.settings, *f);
		if (!g_ptr_array_find_with_equal_func(keys, *f, g_str_equal, NULL))
			g_ptr_array_add(keys, g_strdup(*f));
	}
	if (common)
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_DIRECTORY,
		    "%s: the suite '%s' of that origin has other keys; give another --origin", p->site.dir, suite);
	return FALSE;
}

/* Those of this suite first. NULL-terminated. */
static GPtrArray *all_keys(const publication *p, GError **error)
{
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *dists = g_build_filename(p->site.dir, "dists", NULL);
	g_autoptr(GDir) dir = g_dir_open(dists, 0, NULL); /* there is none before the first suite */
	const char *name;

	for (const char *const *f = fingerprints(p); *f != NULL; f++)
		g_ptr_array_add(keys, g_strdup(*f));
	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL)
		if (*name != '.' && strcmp(name, p->site.settings->suite) != 0 && !add_suite(p, name, keys, error))
			return NULL;
	g_ptr_array_add(keys, NULL);
	return g_steal_pointer(&keys);
}

static gboolean write_keys(const publication *p, const GPtrArray *keys, gboolean armored, transaction *t, GError **error)
{
	g_autofree char *name = publication_key_name(p);
	g_autofree char *relative = g_strdup_printf("keys/%s.%s", name, armored ? "asc" : "gpg");
	g_autofree char *path = g_build_filename(p->site.dir, relative, NULL);
	g_autoptr(GBytes) bytes = keyring_export(p->site.keys, (const char *const *)keys->pdata, armored, error);

	if (bytes == NULL)
		return FALSE;
	g_autoptr(GBytes) present = file_read(path, G_MAXINT32, NULL);
	if (present == NULL || !g_bytes_equal(present, bytes))
		transaction_follow(t, relative, bytes);
	return TRUE;
}

gboolean signers_write_keys(const publication *p, transaction *t, GError **error)
{
	g_autoptr(GPtrArray) keys = all_keys(p, error);

	return keys != NULL && write_keys(p, keys, FALSE, t, error) && write_keys(p, keys, TRUE, t, error);
}

/* ---- signing anew ---- */

gboolean signers_publish(publication *p, const char *action, GError **error)
{
	g_autoptr(transaction) t = transaction_new(p, action);

	if (!signers_write_keys(p, t, error))
		return FALSE;
	transaction_resign(t);
	return transaction_publish(t, error);
}

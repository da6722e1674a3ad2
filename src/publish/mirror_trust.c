/* Whom a mirror believes, and how old what it believes may be. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/mirror_private.h"

#include <string.h>
#include <unistd.h>

/* A clock that is so far behind the publisher's is wrong; less is nobody's concern. */
#define MOST_AHEAD (24 * 60 * 60)

/* "0123 4567 ..." as gpg shows it, or without the spaces; NULL: no whole fingerprint. */
static char *fingerprint_of(const char *text)
{
	GString *hex = g_string_new(NULL);

	for (const char *p = text; *p != '\0'; p++)
		if (*p != ' ')
			g_string_append_c(hex, g_ascii_toupper(*p));
	if ((hex->len == 40 || hex->len == 64) && strspn(hex->str, "0123456789ABCDEF") == hex->len)
		return g_string_free(hex, FALSE);
	g_string_free(hex, TRUE);
	return NULL;
}

gboolean mirror_trust_open(struct mirror *m, GError **error)
{
	const char *key = m->options->key;

	m->fingerprint = key ? fingerprint_of(key) : NULL;
	m->keys_given = key != NULL && m->fingerprint == NULL;
	if (m->keys_given && access(key, F_OK) < 0) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT,
			    "--key %s: neither a file nor a whole fingerprint (40 hexadecimal digits)", key);
		return FALSE;
	}
	m->keys = m->keys_given ? keyring_new_from(key, error) : keyring_new(error);
	if (m->keys == NULL || m->fingerprint == NULL)
		return m->keys != NULL;
	g_autofree char *given = g_steal_pointer(&m->fingerprint); /* may be that of a subkey */
	m->fingerprint = keyring_find(m->keys, given, error);
	return m->fingerprint != NULL;
}

static gboolean is_one_of(const char *fingerprint, char **list)
{
	for (char **f = list; f != NULL && *f != NULL; f++)
		if (g_ascii_strcasecmp(*f, fingerprint) == 0)
			return TRUE;
	return FALSE;
}

/* Whether one of SIGNERS is one of LIST, which may name subkeys. */
static gboolean any_of(const struct mirror *m, char **signers, char **list)
{
	for (char **s = signers; *s != NULL; s++)
		if (is_one_of(*s, list))
			return TRUE;
	for (char **f = list; *f != NULL; f++) {
		g_autofree char *primary = keyring_find(m->keys, *f, NULL);
		if (primary != NULL && is_one_of(primary, signers))
			return TRUE;
	}
	return FALSE;
}

gboolean mirror_trust_signers(const struct mirror *m, const char *file, char **signers, char **before, GError **error)
{
	if (m->fingerprint != NULL) {
		if (is_one_of(m->fingerprint, signers))
			return TRUE;
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE, "%s: %s: signed by %s, not by %s (--key)",
			    m->options->source, file, signers[0], m->fingerprint);
		return FALSE;
	}
	if (m->keys_given || before == NULL || any_of(m, signers, before))
		return TRUE;
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_SIGNATURE,
		    "%s: %s: signed by %s; what %s has is from another key, %s, and does not announce this one. If the "
		    "publisher "
		    "has told you of the change, give --key %s",
		    m->options->source, file, signers[0], m->dir, before[0], signers[0]);
	return FALSE;
}

static char *shown(gint64 seconds)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(seconds);

	return when ? g_date_time_format_iso8601(when) : g_strdup("an impossible date");
}

static gboolean check_now(const struct mirror *m, const char *file, const struct mirror_age *age, GError **error)
{
	g_autofree char *date = shown(age->date), *until = shown(age->valid_until);

	if (age->date > m->options->now + MOST_AHEAD) {
		g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_EXPIRED,
			    "%s: %s: published at %s, which is yet to come; the clock of this machine is wrong, or the "
			    "publisher's",
			    m->options->source, file, date);
		return FALSE;
	}
	if (age->valid_until == 0 || age->valid_until >= m->options->now || m->options->allow_expired)
		return TRUE;
	g_set_error(
		error, PUBLISH_ERROR, PUBLISH_ERROR_EXPIRED,
		"%s: %s: expired at %s: the publisher has stopped, or somebody holds back what came since. For an "
		"archive "
		"that is not going to change, --allow-expired takes it; clients then refuse it, unless told otherwise",
		m->options->source, file, until);
	return FALSE;
}

static char *state_text(const struct mirror_age *age)
{
	g_autofree char *date = shown(age->date);

	return age->state ? g_strdup_printf("state %" G_GUINT64_FORMAT " of %s", age->state, date) : g_strdup(date);
}

gboolean mirror_trust_age(const struct mirror *m, const char *file, const struct mirror_age *age,
			  const struct mirror_age *before, GError **error)
{
	gboolean states = before != NULL && before->state > 0 && age->state > 0;

	if (!check_now(m, file, age, error))
		return FALSE;
	if (before == NULL || m->options->allow_rollback)
		return TRUE;
	g_autofree char *is = state_text(age), *was = state_text(before);
	if (age->date < before->date || (states && age->state < before->state))
		g_set_error(
			error, PUBLISH_ERROR, PUBLISH_ERROR_ROLLBACK,
			"%s: %s: it offers %s, %s has %s, which is newer. A publisher who goes back publishes the old "
			"packages as a new state; so the source is out of date, or somebody replays an old state to "
			"keep "
			"updates from you. If the publisher has told you that a backup was restored, give "
			"--allow-rollback",
			m->options->source, file, is, m->dir, was);
	else if (states && age->state == before->state && g_strcmp0(age->state_sha256, before->state_sha256) != 0)
		g_set_error(
			error, PUBLISH_ERROR, PUBLISH_ERROR_ROLLBACK,
			"%s: %s: its state %" G_GUINT64_FORMAT
			" is another than the one of that number that %s has: its history "
			"was written anew from a backup. If the publisher has told you of that, give --allow-rollback",
			m->options->source, file, age->state, m->dir);
	else
		return TRUE;
	return FALSE;
}

/* Signing an .rpm with librpmsign: see rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"

#include <rpm/rpmlib.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmmacro.h>
#include <rpm/rpmsign.h>
#include <string.h>
#include <unistd.h>

static gboolean refuse(GError **error, const char *format, const char *text)
{
	g_autofree char *message = g_strdup_printf("cannot sign: %s%s", format, text);

	g_set_error_literal(error, PACK_ERROR, PACK_ERROR_SIGN, g_strchomp(message));
	return FALSE;
}

/* librpm's macros would expand a key's name, and gpg's arguments be split at its quotation marks. */
static gboolean is_plain(const char *key)
{
	for (const char *p = key; *p != '\0'; p++)
		if (g_ascii_iscntrl(*p) || strchr("%\"'\\`$", *p) != NULL)
			return FALSE;
	return *key != '\0' && *key != '-';
}

static gboolean has_secret_key(const char *gpg, const char *key, GError **error)
{
	const char *argv[] = {gpg, "--batch", "--quiet", "--list-secret-keys", "--", key, NULL};
	g_autofree char *out = NULL, *err = NULL;
	int status = 0;

	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, error)) {
		g_prefix_error(error, "cannot sign: ");
		return FALSE;
	}
	if (!g_spawn_check_wait_status(status, NULL)) {
		g_set_error(error, PACK_ERROR, PACK_ERROR_SIGN,
			    "cannot sign: gpg has no secret key '%s'; gpg --list-secret-keys shows those it has", key);
		return FALSE;
	}
	return TRUE;
}

/* librpm reports on standard error unless somebody listens. */
static int keep_log(rpmlogRec record, rpmlogCallbackData data)
{
	GString *log = data;

	if (rpmlogRecPriority(record) <= RPMLOG_ERR)
		g_string_append(log, rpmlogRecMessage(record));
	return 0;
}

/* rpm's macros name gpg2 on Debian, where there is none: give them the gpg that is there. */
static void set_gpg(const char *gpg)
{
	char *configured = rpmExpand("%{?__gpg}", NULL);

	if (access(configured, X_OK) < 0)
		rpmPushMacro(NULL, "__gpg", NULL, gpg, RMIL_CMDLINE);
	free(configured);
}

gboolean rpmpkg_sign(const char *path, const char *key, GError **error)
{
	g_autofree char *gpg = g_find_program_in_path("gpg"), *name = g_strdup(key);
	g_autoptr(GString) log = g_string_new(NULL);
	struct rpmSignArgs args = {.keyid = name};

	if (gpg == NULL)
		return refuse(error, "gpg is not installed", "");
	if (!is_plain(key))
		return refuse(error, "not a name of a key: ", key);
	if (!has_secret_key(gpg, key, error))
		return FALSE;
	rpmlogSetCallback(keep_log, log);
	gboolean good = rpmReadConfigFiles(NULL, NULL) == 0;
	if (good) {
		set_gpg(gpg);
		good = rpmPkgSign(path, &args) == 0;
	}
	rpmlogSetCallback(NULL, NULL);
	if (!good)
		return refuse(error, log->len > 0 ? log->str : "librpmsign failed", "");
	return TRUE;
}

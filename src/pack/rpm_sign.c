/* Signing an .rpm with librpmsign: see rpm.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <rpm/rpmlib.h>
#include <rpm/rpmlog.h>
#include <rpm/rpmmacro.h>
#include <rpm/rpmsign.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static gboolean refuse(GError **error, const char *why, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_SIGN, "cannot sign: %s%s", why, what);
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

/* In a process of its own. What went wrong is written to `report`. */
G_GNUC_NORETURN
static void sign_in_child(const char *path, char *key, const char *gpg, int report)
{
	g_autoptr(GString) log = g_string_new(NULL);
	struct rpmSignArgs args = {.keyid = key};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	dup2(null, STDOUT_FILENO);
	rpmlogSetCallback(keep_log, log);
	gboolean good = null >= 0 && rpmReadConfigFiles(NULL, NULL) == 0;
	if (good) {
		set_gpg(gpg);
		good = rpmPkgSign(path, &args) == 0;
	}
	ssize_t written = write(report, log->str, log->len);
	_exit(good && written >= 0 ? 0 : 1);
}

static char *read_report(int fd)
{
	GString *report = g_string_new(NULL);
	char buffer[512];
	ssize_t n;

	while ((n = read(fd, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
		g_string_append_len(report, buffer, MAX(n, 0));
	return g_strdelimit(g_strchomp(g_string_free(report, FALSE)), "\n", ' ');
}

/* librpmsign prints file names on standard output and keeps macros and a log in global state: a child keeps them. */
static gboolean sign_apart(const char *path, char *key, const char *gpg, GError **error)
{
	int fds[2], status = 0;

	if (!g_unix_open_pipe(fds, FD_CLOEXEC, error))
		return FALSE;
	pid_t child = fork();
	if (child == 0)
		sign_in_child(path, key, gpg, fds[1]);
	close(fds[1]);
	g_autofree char *report = read_report(fds[0]);
	close(fds[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRUE;
	return refuse(error, *report == '\0' ? "librpmsign failed" : report, "");
}

gboolean rpmpkg_sign(const char *path, const char *key, GError **error)
{
	g_autofree char *gpg = g_find_program_in_path("gpg"), *name = g_strdup(key);

	if (gpg == NULL)
		return refuse(error, "gpg is not installed", "");
	if (!is_plain(key))
		return refuse(error, "not a name of a key: ", key);
	return has_secret_key(gpg, key, error) && sign_apart(path, name, gpg, error);
}

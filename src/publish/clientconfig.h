/* What a server needs to use a repository: sources, repo and key files. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PUBLISH_CLIENTCONFIG_H
#define PUBLISH_CLIENTCONFIG_H

#include "publish/publication.h"

#include <glib.h>

/* One written file, and where it goes on a server. */
struct clientconfig_file {
	char *path;
	const struct family *family; /* whose servers need it */
	char *target;                /* absolute path on the server */
	char *zypper_target;         /* likewise where the server has zypper; NULL: not for those */
};

/*
 * clientconfig_write: write the files of a suite for servers that reach the repository's directory at URL.
 *
 * url: http, https, ftp or file, to the top of the directory. outdir: made if it is not there.
 *
 * NAME.sources (deb822, with Signed-By: no other key is trusted for it, and this key for nothing else) and NAME.gpg for
 * apt; NAME.repo (gpgcheck=1 for packages and repo_gpgcheck=1 for metadata, as the one does not cover the other) and
 * RPM-GPG-KEY-NAME for dnf and zypper, which has another folder for the former. The key is the one that signs, from the
 * user's gpg, not a file of the repository.
 *
 * Returns struct clientconfig_file, in the order of families; NULL with PUBLISH_ERROR_INPUT (the URL),
 * PUBLISH_ERROR_KEY or G_FILE_ERROR.
 */
GPtrArray *clientconfig_write(const publication *p, const char *url, const char *outdir, GError **error);

#endif

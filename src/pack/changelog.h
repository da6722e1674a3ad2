/* What changed in each version of a package: read in Debian's format or nfpm's, written in each family's own. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PACK_CHANGELOG_H
#define PACK_CHANGELOG_H

#include <glib.h>

/* One version. Strings are owned and one line each. */
struct changelog_entry {
	char *version;	    /* as the file has it, "1.0.0" or "1.0.0-1" */
	char *distribution; /* "unstable" */
	char *urgency;	    /* "medium" */
	char *who;	    /* "Name <mail@example.org>" */
	gint64 time;	    /* seconds since 1970 */
	GPtrArray *changes; /* char *: one each, in one or more lines without indentation */
};

/* A whole file. Counted references; immutable. */
struct changelog {
	GPtrArray *entries; /* struct changelog_entry *, newest first */
	GBytes *debian;	    /* the file itself, when it is in Debian's format; else NULL */
};

/*
 * changelog_read: a file in Debian's format (deb-changelog(5)), or in the YAML of goreleaser/chglog that nfpm takes:
 *
 *     - semver: 1.0.0
 *       date: 2024-01-31T12:00:00Z
 *       packager: A Person <person@example.org>
 *       deb: {urgency: low, distributions: [unstable]}
 *       changes:
 *         - note: the first release
 *
 * Which of them is told from the first line: `NAME (VERSION) ...` is Debian's.
 *
 * Returns a reference for changelog_unref, or NULL with PACK_ERROR_INPUT "FILE:LINE: ...", YAMLFILE_ERROR or a
 * G_FILE_ERROR.
 */
struct changelog *changelog_read(const char *path, GError **error);

/* changelog_parse: the same from memory; path is what errors name. */
struct changelog *changelog_parse(const char *path, GBytes *text, GError **error);

struct changelog *changelog_ref(struct changelog *changelog);
/* changelog_unref: NULL is fine. */
void changelog_unref(struct changelog *changelog);
typedef struct changelog changelog;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(changelog, changelog_unref)

/*
 * changelog_version: the version of an entry as a package names it. nfpm's semver has no release: the entry of the
 * version being packed gets the package's (`version` "1.0.0", `release` "1": "1.0.0-1"). Caller frees.
 */
char *changelog_version(const struct changelog_entry *entry, const char *version, const char *release);

/* changelog_debian: as Debian's changelog (caller frees); the file itself when it is one. */
char *changelog_debian(const struct changelog *changelog, const char *source, const char *version, const char *release);

/* changelog_mail_date: a time as RFC 5322 has it, in UTC, whatever the locale. Caller frees. */
char *changelog_mail_date(gint64 seconds);

#endif

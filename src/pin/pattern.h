/* Version patterns: which versions of a package a channel lets through, the same in both families. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PATTERN_H
#define PIN_PATTERN_H

#include "core/version.h"

#include <glib.h>

/* The longest version or revision, in bytes; a longer one is refused. */
#define PIN_PATTERN_LONGEST 63
/* As many bounds as one range has at most. */
#define PIN_PATTERN_RANGE_MOST 4

/*
 * The four patterns there are. A pattern names an upstream version; what packaging adds to it (a Debian revision, an
 * RPM release) is let through unless the pattern names that too, so that a rebuild of the same source arrives.
 */
enum pin_pattern_kind {
	PIN_PATTERN_PREFIX,  /* 1.0.*    1.0.1-1 and 1.0.12-3.el9, but neither 1.0-1 nor 1.10.0-1 */
	PIN_PATTERN_VERSION, /* 1.0.1    1.0.1, 1.0.1-1 and 1.0.1-2.el9, but not 1.0.1.1-1 */
	PIN_PATTERN_RELEASE, /* 1.0.1-2  that one, whole: not 1.0.1-2.el9 */
	PIN_PATTERN_RANGE,   /* >= 1.0.1, < 1.2   by the family's order; see pin_pattern_matches */
};

enum pin_comparator {
	PIN_LESS,
	PIN_LESS_EQUAL,
	PIN_EQUAL,
	PIN_GREATER_EQUAL,
	PIN_GREATER,
};

/* One bound of a range. */
struct pin_bound {
	enum pin_comparator comparator;
	guint epoch;
	char version[PIN_PATTERN_LONGEST + 1];
	char release[PIN_PATTERN_LONGEST + 1]; /* "": what packaging adds does not count */
};

/* A parsed pattern; a plain value, nothing to free. */
struct pin_pattern {
	enum pin_pattern_kind kind;
	guint epoch; /* 0 when the pattern has none: an absent epoch is 0 in both families */
	char version[PIN_PATTERN_LONGEST + 1]; /* PREFIX: what stands before ".*", numbers joined by dots */
	char release[PIN_PATTERN_LONGEST + 1]; /* RELEASE only, else "" */
	struct pin_bound range[PIN_PATTERN_RANGE_MOST]; /* RANGE only: all of them must hold */
	guint n_range;
};

/*
 * pin_pattern_parse: read [EPOCH:]VERSION, [EPOCH:]VERSION-RELEASE, [EPOCH:]N.N.*, or bounds joined by ",", each of
 * < <= = >= > and one of the first two.
 *
 * Letters are those that a version may hold in both families. FALSE with a CHANNEL_ERROR_ARGUMENT that says what is not
 * taken and what to write instead.
 */
gboolean pin_pattern_parse(const char *text, struct pin_pattern *pattern, GError **error);

/*
 * pin_pattern_matches: whether the pattern lets a version through that a package has, "1:1.0.1-2.el9".
 *
 * compare: of the package's family; only a range asks it. A bound with a revision is held against the whole version. One
 * without is held against the version without its revision: ">= 1.0.1" and "<= 1.0.1" let 1.0.1-3 through, "> 1.0.1" and
 * "< 1.0.1" do not. Nothing else is added to the order of dpkg and rpm: 1.2~rc1 is before 1.2, so "< 1.2" lets it
 * through; "< 1.2~" does not, in either family.
 */
gboolean pin_pattern_matches(const struct pin_pattern *pattern, const char *version, version_compare_fn compare);

/*
 * pin_pattern_deb: the patterns of apt_preferences(5), `Pin: version`, that say the same; any one of them may match.
 * pin_pattern_rpm: the same as lines of dnf4's versionlock.list for the package NAME.
 *
 * Neither has an order of versions, so a range becomes those of the versions (of the package in this family, none twice,
 * as a repository has them) that it lets through: a snapshot, which knows nothing of what is published later.
 *
 * versions: NULL-terminated; only a range asks for them, else NULL will do. Caller frees (g_strfreev).
 */
char **pin_pattern_deb(const struct pin_pattern *pattern, const char *const *versions);
char **pin_pattern_rpm(const struct pin_pattern *pattern, const char *name, const char *const *versions);

/* A bound of RPM versions, as dnf5's versionlock.toml has it; all bounds of a pattern must hold. */
#define PIN_PATTERN_BOUNDS_MOST (2 * PIN_PATTERN_RANGE_MOST)
struct pin_pattern_bound {
	const char *comparator; /* "=", ">=", ">", "<=", "<" */
	char *evr;              /* "0:1.0" */
};

/*
 * pin_pattern_bounds: the pattern in bounds, at least one; returns how many. Caller frees each evr.
 *
 * The order of RPM versions (rpm-version(7)) has no bound that says "begins with": of what 1.0.* lets through the
 * bounds leave out versions whose next component is no number (1.0.beta).
 */
guint pin_pattern_bounds(const struct pin_pattern *pattern, struct pin_pattern_bound bounds[PIN_PATTERN_BOUNDS_MOST]);

#endif

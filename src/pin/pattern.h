/* Version patterns: which versions of a package a channel lets through, the same in both families. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PATTERN_H
#define PIN_PATTERN_H

#include <glib.h>

/* The longest version or revision, in bytes; a longer one is refused. */
#define PIN_PATTERN_LONGEST 63

/*
 * The three patterns there are. A pattern names an upstream version; what packaging adds to it (a Debian revision, an
 * RPM release) is let through unless the pattern names that too, so that a rebuild of the same source arrives.
 */
enum pin_pattern_kind {
	PIN_PATTERN_PREFIX,  /* 1.0.*    1.0.1-1 and 1.0.12-3.el9, but neither 1.0-1 nor 1.10.0-1 */
	PIN_PATTERN_VERSION, /* 1.0.1    1.0.1, 1.0.1-1 and 1.0.1-2.el9, but not 1.0.1.1-1 */
	PIN_PATTERN_RELEASE, /* 1.0.1-2  that one, whole: not 1.0.1-2.el9 */
};

/* A parsed pattern; a plain value, nothing to free. */
struct pin_pattern {
	enum pin_pattern_kind kind;
	guint epoch; /* 0 when the pattern has none: an absent epoch is 0 in both families */
	char version[PIN_PATTERN_LONGEST + 1]; /* PREFIX: what stands before ".*", numbers joined by dots */
	char release[PIN_PATTERN_LONGEST + 1]; /* RELEASE only, else "" */
};

/*
 * pin_pattern_parse: read [EPOCH:]VERSION, [EPOCH:]VERSION-RELEASE or [EPOCH:]N.N.*.
 *
 * Letters are those that a version may hold in both families. FALSE with a CHANNEL_ERROR_ARGUMENT that says what is not
 * taken and what to write instead; ranges (>= 1.0) are not taken.
 */
gboolean pin_pattern_parse(const char *text, struct pin_pattern *pattern, GError **error);

/* pin_pattern_matches: whether the pattern lets a version through that a package of either family has, "1:1.0.1-2.el9". */
gboolean pin_pattern_matches(const struct pin_pattern *pattern, const char *version);

/*
 * pin_pattern_deb: the patterns of apt_preferences(5), `Pin: version`, that say the same; any one of them may match.
 * pin_pattern_rpm: the same as one line of dnf4's versionlock.list for the package NAME.
 *
 * Caller frees (g_strfreev, g_free).
 */
char **pin_pattern_deb(const struct pin_pattern *pattern);
char *pin_pattern_rpm(const struct pin_pattern *pattern, const char *name);

/* A bound of RPM versions, as dnf5's versionlock.toml has it; all bounds of a pattern must hold. */
struct pin_pattern_bound {
	const char *comparator; /* "=", ">=", "<" */
	char *evr;              /* "0:1.0" */
};

/*
 * pin_pattern_bounds: the pattern in bounds, one or two; returns how many. Caller frees each evr.
 *
 * The order of RPM versions (rpm-version(7)) has no bound that says "begins with": of what 1.0.* lets through the
 * bounds leave out versions whose next component is no number (1.0.beta).
 */
guint pin_pattern_bounds(const struct pin_pattern *pattern, struct pin_pattern_bound bounds[2]);

#endif

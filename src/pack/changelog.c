/* Changelogs: see changelog.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/changelog.h"
#include "core/file.h"
#include "core/text.h"
#include "core/yaml.h"
#include "pack/error.h"
#include "pack/manifest.h"

#include <string.h>

/* Far above any changelog; the longest of Debian's is below 3 MiB. */
#define CHANGELOG_CEILING ((gsize)8 * 1024 * 1024)

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
				     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

static void entry_free(gpointer data)
{
	struct changelog_entry *e = data;

	g_free(e->version);
	g_free(e->distribution);
	g_free(e->urgency);
	g_free(e->who);
	g_ptr_array_unref(e->changes);
	g_free(e);
}

static struct changelog_entry *entry_new(struct changelog *log)
{
	struct changelog_entry *e = g_new0(struct changelog_entry, 1);

	e->changes = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(log->entries, e);
	return e;
}

static struct changelog *changelog_new(void)
{
	struct changelog *log = g_rc_box_new0(struct changelog);

	log->entries = g_ptr_array_new_with_free_func(entry_free);
	return log;
}

static void clear(gpointer data)
{
	struct changelog *log = data;

	g_ptr_array_unref(log->entries);
	g_clear_pointer(&log->debian, g_bytes_unref);
}

struct changelog *changelog_ref(struct changelog *changelog)
{
	return g_rc_box_acquire(changelog);
}

void changelog_unref(struct changelog *changelog)
{
	if (changelog != NULL)
		g_rc_box_release_full(changelog, clear);
}

static gboolean refuse(GError **error, const char *path, guint line, const char *what)
{
	g_set_error(error, PACK_ERROR, PACK_ERROR_INPUT, "%s:%u: %s", path, line, what);
	return FALSE;
}

/* ---- dates ---- */

char *changelog_mail_date(gint64 seconds)
{
	g_autoptr(GDateTime) t = g_date_time_new_from_unix_utc(seconds);

	return g_strdup_printf("%s, %02d %s %04d %02d:%02d:%02d +0000", days[g_date_time_get_day_of_week(t) - 1],
			       g_date_time_get_day_of_month(t), months[g_date_time_get_month(t) - 1],
			       g_date_time_get_year(t), g_date_time_get_hour(t), g_date_time_get_minute(t),
			       g_date_time_get_second(t));
}

/* "Wed, 31 Jan 2024 12:00:00 +0000"; the day of the week is not needed. */
static gboolean parse_mail_date(const char *text, gint64 *seconds)
{
	g_autoptr(GRegex) form =
		g_regex_new("^(?:[A-Z][a-z]{2}, )? *(\\d{1,2}) ([A-Z][a-z]{2}) (\\d{4}) (\\d\\d):(\\d\\d)"
			    "(?::(\\d\\d))? ([+-]\\d{4})(?: *\\(.*\\))?$",
			    G_REGEX_DEFAULT, G_REGEX_MATCH_DEFAULT, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	int month = 0;

	if (!g_regex_match(form, text, G_REGEX_MATCH_DEFAULT, &match))
		return FALSE;
	g_auto(GStrv) part = g_match_info_fetch_all(match);
	while (month < 12 && !g_str_equal(months[month], part[2]))
		month++;
	g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(part[7]);
	if (month == 12 || zone == NULL)
		return FALSE;
	g_autoptr(GDateTime) time = g_date_time_new(zone, atoi(part[3]), month + 1, atoi(part[1]), atoi(part[4]),
						    atoi(part[5]), atoi(part[6]));
	if (time == NULL)
		return FALSE;
	*seconds = g_date_time_to_unix(time);
	return *seconds >= 0 && *seconds <= G_MAXUINT32;
}

/* ---- Debian's format ---- */

/* "libfoo (1.0.0-1) unstable; urgency=medium" */
static gboolean parse_heading(struct changelog *log, const char *line)
{
	const char *open = strchr(line, '('), *close = open == NULL ? NULL : strchr(open, ')');
	const char *semicolon = close == NULL ? NULL : strchr(close, ';');
	const char *urgency = semicolon == NULL ? NULL : strstr(semicolon, "urgency=");

	if (semicolon == NULL || open == line || open[-1] != ' ' || close == open + 1)
		return FALSE;
	struct changelog_entry *e = entry_new(log);
	e->version = g_strndup(open + 1, (gsize)(close - open - 1));
	e->distribution = g_strstrip(g_strndup(close + 1, (gsize)(semicolon - close - 1)));
	e->urgency = urgency == NULL ? g_strdup("medium") : g_strstrip(g_strdup(urgency + strlen("urgency=")));
	e->urgency[strcspn(e->urgency, ", ")] = '\0';
	return TRUE;
}

/* " -- Name <mail>  date" */
static gboolean parse_trailer(struct changelog_entry *e, const char *line)
{
	const char *close = strstr(line, ">  ");

	if (close == NULL)
		return FALSE;
	g_autofree char *date = g_strstrip(g_strdup(close + 1));
	e->who = g_strndup(line + 4, (gsize)(close + 1 - line - 4));
	return parse_mail_date(date, &e->time);
}

/* A line of an entry: "  * text" begins a change, any other goes on with it. */
static void parse_change(struct changelog_entry *e, const char *line)
{
	g_autofree char *text = text_one_line(line);
	gboolean begins = g_str_has_prefix(text, "* ");

	if (begins || e->changes->len == 0) {
		g_ptr_array_add(e->changes, g_strdup(begins ? text + 2 : text));
		return;
	}
	char *last = e->changes->pdata[e->changes->len - 1];
	e->changes->pdata[e->changes->len - 1] = g_strconcat(last, "\n", text, NULL);
	g_free(last);
}

/* One line; *open is the entry that has no trailer yet. */
static gboolean parse_line(struct changelog *log, struct changelog_entry **open, const char *path, guint number,
			   const char *line, GError **error)
{
	if (*line == '\0')
		return TRUE;
	if (*open == NULL) {
		if (!parse_heading(log, line))
			return refuse(error, path, number, "expected 'NAME (VERSION) DISTRIBUTION; urgency=medium'");
		*open = log->entries->pdata[log->entries->len - 1];
	} else if (g_str_has_prefix(line, " -- ")) {
		if (!parse_trailer(*open, line))
			return refuse(error, path, number,
				      "expected ' -- Name <mail@example.org>  Wed, 31 Jan 2024 12:00:00 +0000'");
		*open = NULL;
	} else if (g_str_has_prefix(line, "  ")) {
		parse_change(*open, line);
	} else {
		return refuse(error, path, number, "expected a line that begins with two spaces, or with ' -- '");
	}
	return TRUE;
}

static gboolean parse_debian(struct changelog *log, const char *path, const char *text, GError **error)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	struct changelog_entry *open = NULL;
	guint i;

	for (i = 0; lines[i] != NULL; i++)
		if (!parse_line(log, &open, path, i + 1, g_strchomp(lines[i]), error))
			return FALSE;
	return open == NULL || refuse(error, path, i, "the last entry has no line that begins with ' -- '");
}

/* ---- nfpm's ---- */

struct chglog_change {
	char *note;
};

struct chglog_entry {
	char *semver, *date, *packager, *urgency;
	char **distributions;
	guint n_distributions;
	struct chglog_change *changes;
	guint n_changes;
};

#define TEXT(key, type, member) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, CYAML_UNLIMITED)

static const cyaml_schema_value_t word = {CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0, CYAML_UNLIMITED)};

static const cyaml_schema_field_t change_fields[] = {
	TEXT("note", struct chglog_change, note),
	CYAML_FIELD_IGNORE("commit", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("author", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_IGNORE("committer", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t change_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct chglog_change, change_fields),
};

static const cyaml_schema_field_t deb_fields[] = {
	CYAML_FIELD_STRING_PTR("urgency", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, struct chglog_entry, urgency,
			       0, CYAML_UNLIMITED),
	CYAML_FIELD_SEQUENCE_COUNT("distributions", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, struct chglog_entry,
				   distributions, n_distributions, &word, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t entry_fields[] = {
	TEXT("semver", struct chglog_entry, semver),
	TEXT("date", struct chglog_entry, date),
	TEXT("packager", struct chglog_entry, packager),
	{.key = "deb", .value = {CYAML_VALUE_MAPPING(CYAML_FLAG_OPTIONAL, struct chglog_entry, deb_fields)}},
	CYAML_FIELD_IGNORE("notes", CYAML_FLAG_OPTIONAL),
	CYAML_FIELD_SEQUENCE_COUNT("changes", CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, struct chglog_entry,
				   changes, n_changes, &change_value, 0, CYAML_UNLIMITED),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t entry_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct chglog_entry, entry_fields),
};

static const cyaml_schema_value_t chglog_schema = {
	CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, struct chglog_entry, &entry_value, 0, CYAML_UNLIMITED),
};

/* Each line of a note without what would end it early or steer a terminal. */
static char *clean_note(const char *note)
{
	g_auto(GStrv) lines = g_strsplit(note, "\n", -1);
	g_autoptr(GString) out = g_string_new(NULL);

	for (gsize i = 0; lines[i] != NULL; i++) {
		g_autofree char *line = text_one_line(lines[i]);
		if (*line != '\0')
			g_string_append_printf(out, "%s%s", out->len > 0 ? "\n" : "", line);
	}
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static gboolean take_entry(struct changelog *log, const struct yamlfile *yaml, guint number,
			   const struct chglog_entry *from, GError **error)
{
	struct changelog_entry *e = entry_new(log);
	g_autofree char *place = g_strdup_printf("[%u].date", number);
	g_autoptr(GString) distributions = g_string_new(NULL);

	for (guint i = 0; i < from->n_distributions; i++)
		g_string_append_printf(distributions, "%s%s", i > 0 ? " " : "", from->distributions[i]);
	e->version = text_one_line(from->semver);
	e->who = text_one_line(from->packager);
	e->urgency = text_one_line(from->urgency == NULL ? "medium" : from->urgency);
	e->distribution = text_one_line(distributions->len == 0 ? "unstable" : distributions->str);
	for (guint i = 0; i < from->n_changes; i++)
		g_ptr_array_add(e->changes, clean_note(from->changes[i].note));
	return manifest_time(from->date, &e->time) ||
	       yamlfile_fail(yaml, place, error, PACK_ERROR, PACK_ERROR_INPUT,
			     "date: '%s'; expected 2024-01-31T12:00:00Z", from->date);
}

static gboolean parse_chglog(struct changelog *log, const char *path, GBytes *bytes, GError **error)
{
	g_autoptr(yamlfile) yaml = yamlfile_parse(path, bytes, error);
	gpointer items = NULL;
	guint n = 0;
	gboolean good = yaml != NULL && yamlfile_load_list(yaml, &chglog_schema, &items, &n, error);

	for (guint i = 0; good && i < n; i++)
		good = take_entry(log, yaml, i, (struct chglog_entry *)items + i, error);
	yamlfile_release_list(&chglog_schema, items, n);
	return good;
}

/* ---- both ---- */

static gboolean is_debian(const char *text)
{
	gsize name = strspn(text, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "+.-");

	return name > 0 && g_ascii_isalnum(*text) && g_str_has_prefix(text + name, " (");
}

struct changelog *changelog_parse(const char *path, GBytes *bytes, GError **error)
{
	g_autoptr(changelog) log = changelog_new();
	gsize size;
	const char *data = g_bytes_get_data(bytes, &size);
	g_autofree char *text = g_strndup(data == NULL ? "" : data, size);
	const char *begin = text + strspn(text, " \t\r\n");

	if (!g_utf8_validate(data == NULL ? "" : data, (gssize)size, NULL)) {
		refuse(error, path, 1, "not UTF-8 text");
		return NULL;
	}
	if (is_debian(begin))
		log->debian = g_bytes_ref(bytes);
	if (!(log->debian != NULL ? parse_debian(log, path, text, error) : parse_chglog(log, path, bytes, error)))
		return NULL;
	if (log->entries->len == 0) {
		refuse(error, path, 1, "has no entries");
		return NULL;
	}
	return g_steal_pointer(&log);
}

struct changelog *changelog_read(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = file_read(path, CHANGELOG_CEILING, error);

	return bytes == NULL ? NULL : changelog_parse(path, bytes, error);
}

char *changelog_version(const struct changelog_entry *entry, const char *version, const char *release)
{
	if (release == NULL || !g_str_equal(entry->version, version))
		return g_strdup(entry->version);
	return g_strconcat(version, "-", release, NULL);
}

static void write_change(GString *out, const char *change)
{
	g_auto(GStrv) lines = g_strsplit(change, "\n", -1);

	for (gsize i = 0; lines[i] != NULL; i++)
		g_string_append_printf(out, "  %s %s\n", i == 0 ? "*" : " ", lines[i]);
}

char *changelog_debian(const struct changelog *changelog, const char *source, const char *version, const char *release)
{
	gsize size;

	if (changelog->debian != NULL) {
		const char *data = g_bytes_get_data(changelog->debian, &size);
		return g_strndup(data, size);
	}
	GString *out = g_string_new(NULL);
	for (guint i = 0; i < changelog->entries->len; i++) {
		const struct changelog_entry *e = changelog->entries->pdata[i];
		g_autofree char *full = changelog_version(e, version, release);
		g_autofree char *date = changelog_mail_date(e->time);
		g_string_append_printf(out, "%s%s (%s) %s; urgency=%s\n\n", i > 0 ? "\n" : "", source, full,
				       e->distribution, e->urgency);
		for (guint j = 0; j < e->changes->len; j++)
			write_change(out, e->changes->pdata[j]);
		g_string_append_printf(out, "\n -- %s  %s\n", e->who, date);
	}
	return g_string_free(out, FALSE);
}

/* Channels written for apt, dnf4 and dnf5: see export.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/export.h"

#include "core/file.h"
#include "core/text.h"

#include <string.h>

/* "why (who, until when)" on one line. */
static char *remark(const struct channel_pin *pin)
{
	g_autofree char *reason = text_one_line(pin->reason);
	g_autofree char *author = pin->author != NULL ? text_one_line(pin->author) : NULL;
	gboolean both = author != NULL && pin->until != NULL;

	if (author == NULL && pin->until == NULL)
		return g_steal_pointer(&reason);
	return g_strdup_printf("%s (%s%s%s%s)", reason, author ? author : "", both ? ", " : "",
			       pin->until ? "until " : "", pin->until ? pin->until : "");
}

static GString *begin(const struct channel *c)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out,
			       "# Channel %s, written by `abide pin export %s`. What is changed here is lost at the next export.\n",
			       c->name, c->name);
	return out;
}

/* The versions that a family has of a package, each once; NULL-terminated, the strings are borrowed. */
static const char **versions_of(const GPtrArray *packages, const struct family *family, const char *name)
{
	GPtrArray *versions = g_ptr_array_new();

	for (guint i = 0; packages != NULL && i < packages->len; i++) {
		const entry *e = packages->pdata[i];
		if (e->family == family && strcmp(e->name, name) == 0 &&
		    !g_ptr_array_find_with_equal_func(versions, e->version, g_str_equal, NULL))
			g_ptr_array_add(versions, e->version);
	}
	g_ptr_array_add(versions, NULL);
	return (const char **)g_ptr_array_free(versions, FALSE);
}

static char *apt_text(const struct channel *c, const GPtrArray *packages)
{
	GString *out = begin(c);

	for (guint i = 0; i < c->n_pins; i++) {
		const struct channel_pin *pin = &c->pins[i];
		g_autofree char *why = remark(pin);
		g_autofree const char **versions = versions_of(packages, &family_deb, pin->name);
		g_auto(GStrv) patterns = pin_pattern_deb(&pin->pattern, versions);
		for (char **p = patterns; *p != NULL; p++)
			g_string_append_printf(out, "\nExplanation: %s\nPackage: %s\nPin: version %s\nPin-Priority: 1001\n",
					       why, pin->name, *p);
		g_string_append_printf(out,
				       "\nExplanation: every other version of %s\nPackage: %s\nPin: version *\nPin-Priority: -1\n",
				       pin->name, pin->name);
	}
	return g_string_free(out, FALSE);
}

static char *dnf4_text(const struct channel *c, const GPtrArray *packages)
{
	GString *out = begin(c);

	for (guint i = 0; i < c->n_pins; i++) {
		const struct channel_pin *pin = &c->pins[i];
		g_autofree char *why = remark(pin);
		g_autofree const char **versions = versions_of(packages, &family_rpm, pin->name);
		g_auto(GStrv) lines = pin_pattern_rpm(&pin->pattern, pin->name, versions);
		g_string_append_printf(out, "\n# %s\n", why);
		for (char **line = lines; *line != NULL; line++)
			g_string_append_printf(out, "%s\n", *line);
	}
	return g_string_free(out, FALSE);
}

/* A TOML basic string; text has no control characters. */
static void append_toml(GString *out, const char *key, const char *text)
{
	g_string_append_printf(out, "%s = \"", key);
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *text);
	}
	g_string_append(out, "\"\n");
}

static char *dnf5_text(const struct channel *c, const GPtrArray *packages)
{
	GString *out = begin(c);

	(void)packages; /* it knows ranges */
	append_toml(out, "version", "1.0");
	for (guint i = 0; i < c->n_pins; i++) {
		const struct channel_pin *pin = &c->pins[i];
		g_autofree char *why = remark(pin);
		struct pin_pattern_bound bounds[PIN_PATTERN_BOUNDS_MOST];
		guint n = pin_pattern_bounds(&pin->pattern, bounds);
		g_string_append(out, "\n[[packages]]\n");
		append_toml(out, "name", pin->name);
		append_toml(out, "comment", why);
		for (guint b = 0; b < n; b++) {
			g_string_append(out, "[[packages.conditions]]\n");
			append_toml(out, "key", "evr");
			append_toml(out, "comparator", bounds[b].comparator);
			append_toml(out, "value", bounds[b].evr);
			g_free(bounds[b].evr);
		}
	}
	return g_string_free(out, FALSE);
}

const struct pin_export_format pin_export_formats[] = {
	{"etc/apt/preferences.d/abide-", ".pref", apt_text},
	{"etc/dnf/plugins/versionlock.list", NULL, dnf4_text},
	{"etc/dnf/versionlock.toml", NULL, dnf5_text},
	{0},
};

gboolean pin_export_needs_packages(const struct channel *c)
{
	for (guint i = 0; i < c->n_pins; i++)
		if (c->pins[i].pattern.kind == PIN_PATTERN_RANGE)
			return TRUE;
	return FALSE;
}

/* A range that lets no version of a family through would be no line at all, and dnf 4 would then let every one through. */
static gboolean check_range(const struct channel *c, const struct channel_pin *pin, const GPtrArray *packages,
			    GError **error)
{
	for (const struct family *const *family = families; *family != NULL; family++) {
		g_autofree const char **versions = versions_of(packages, *family, pin->name);
		const char **v = versions;
		while (*v != NULL && !pin_pattern_matches(&pin->pattern, *v, (*family)->compare))
			v++;
		if (*versions == NULL || *v != NULL)
			continue;
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: no %s of %s in the repository is %s; change the pin, or publish one", c->path,
			    (*family)->name, pin->name, pin->version);
		return FALSE;
	}
	return TRUE;
}

static gboolean check_ranges(const struct channel *c, const GPtrArray *packages, GError **error)
{
	for (guint i = 0; i < c->n_pins; i++) {
		if (c->pins[i].pattern.kind != PIN_PATTERN_RANGE)
			continue;
		if (packages == NULL) {
			g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
				    "%s: the pin of %s is a range, and apt and dnf 4 take only versions: which ones there are "
				    "says the repository of a fleet (--fleet)",
				    c->path, c->pins[i].name);
			return FALSE;
		}
		if (!check_range(c, &c->pins[i], packages, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean check_day(const struct channel *c, const char *until, const GDate *today, const char *what,
			  const char *name, const char *next, GError **error)
{
	if (!channel_is_over(until, today))
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_EXPIRED, "%s: %s of %s ended on %s; %s", c->path, what, name, until,
		    next);
	return FALSE;
}

gboolean pin_export_check(const struct channel *c, const GDate *today, GError **error)
{
	const char *next = "decide again with abide pin set, or abide pin unset";

	for (guint i = 0; i < c->n_pins; i++)
		if (!check_day(c, c->pins[i].until, today, "the pin", c->pins[i].name, next, error))
			return FALSE;
	for (guint i = 0; i < c->n_hosts; i++)
		for (guint j = 0; j < c->hosts[i].n_services; j++) {
			const struct channel_service *s = &c->hosts[i].services[j];
			if (!check_day(c, s->until, today, "the version", s->name, next, error))
				return FALSE;
		}
	for (guint i = 0; i < c->n_held; i++)
		if (!check_day(c, c->held[i].until, today, "what is held", c->held[i].service, next, error))
			return FALSE;
	return TRUE;
}

/* One format on its way to its name; *path is where. */
static gboolean prepare(const struct channel *c, const GPtrArray *packages, const struct pin_export_format *format,
			const char *root, struct atomic_file *f, char **path, GError **error)
{
	g_autofree char *text = format->text(c, packages);
	g_autofree char *folder = NULL;

	*path = format->after != NULL ? g_strconcat(root, "/", format->before, c->name, format->after, NULL)
				      : g_strconcat(root, "/", format->before, NULL);
	folder = g_path_get_dirname(*path);
	return file_make_dirs(folder, error) && atomic_file_open(f, *path, 0644, error) &&
	       atomic_file_write(f, text, strlen(text), error);
}

char **pin_export(const struct channel *c, const GPtrArray *packages, const char *root, const GDate *today,
		  GError **error)
{
	struct atomic_file files[G_N_ELEMENTS(pin_export_formats)] = {{0}};
	g_auto(GStrv) paths = g_new0(char *, G_N_ELEMENTS(pin_export_formats));
	gboolean ok = pin_export_check(c, today, error) && check_ranges(c, packages, error);

	for (guint i = 0; ok && pin_export_formats[i].text != NULL; i++)
		ok = prepare(c, packages, &pin_export_formats[i], root, &files[i], &paths[i], error);
	for (guint i = 0; ok && pin_export_formats[i].text != NULL; i++)
		ok = atomic_file_commit(&files[i], error);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++)
		atomic_file_clear(&files[i]);
	return ok ? g_steal_pointer(&paths) : NULL;
}

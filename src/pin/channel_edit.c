/* Channels changed, and nothing else in their files: see channel.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/channel_private.h"

#include "core/text.h"

#include <string.h>
#include <sys/stat.h>

/* Text that a person typed: UTF-8, and something to see in it. */
static gboolean check_words(const char *text, const char *what, GError **error)
{
	gboolean valid = g_utf8_validate(text, -1, NULL);
	g_autofree char *words = text_one_line(valid ? text : "");

	if (*words != '\0')
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT, "the %s is %s; a pin says why it is there and who decided it",
		    what, valid ? "empty" : "not UTF-8 text");
	return FALSE;
}

static gboolean check_request(const struct channel_request *r, GError **error)
{
	struct pin_pattern pattern;

	return channel_check_package(r->package, error) && pin_pattern_parse(r->version, &pattern, error) &&
	       (r->until == NULL || channel_check_until(r->until, error)) && check_words(r->reason, "reason", error) &&
	       (r->author == NULL || check_words(r->author, "author", error));
}

static gboolean same_pin(const struct channel_pin *a, const struct channel_pin *b)
{
	return a != NULL && b != NULL && strcmp(a->name, b->name) == 0 && strcmp(a->version, b->version) == 0 &&
	       strcmp(a->reason, b->reason) == 0 && g_strcmp0(a->author, b->author) == 0 &&
	       g_strcmp0(a->until, b->until) == 0;
}

/* Has every pin of `from` its like in `to`, but for one package? */
static gboolean others_kept(const struct channel *from, const struct channel *to, const char *but)
{
	for (guint i = 0; i < from->n_pins; i++)
		if (strcmp(from->pins[i].name, but) != 0 &&
		    !same_pin(&from->pins[i], channel_find(to, from->pins[i].name)))
			return FALSE;
	return TRUE;
}

/* Does `after` differ from `before` in the pin of one package only, and is that now as wanted (NULL: gone)? */
static gboolean is_intended(const struct channel *before, const struct channel *after, const char *package,
			    const struct channel_pin *wanted)
{
	const struct channel_pin *now = channel_find(after, package);

	return others_kept(before, after, package) && others_kept(after, before, package) &&
	       (wanted != NULL ? same_pin(now, wanted) : now == NULL);
}

/* The edited text takes the file's place when it reads as intended. */
static struct channel *replace(const struct channel *before, GBytes *text, const char *package,
			       const struct channel_pin *wanted, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(channel) after = text != NULL ? channel_parse(before->path, before->name, text, &why) : NULL;
	struct stat st;

	if (after == NULL || !is_intended(before, after, package, wanted)) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_LAYOUT,
			    "%s: '%s' cannot be changed safely here%s%s; nothing was written: change it by hand", before->path,
			    package, why != NULL ? ", the result would be wrong at " : "", why != NULL ? why->message : "");
		return NULL;
	}
	mode_t mode = stat(before->path, &st) == 0 ? st.st_mode & 07777 : 0644;
	if (!file_replace(before->path, g_bytes_get_data(text, NULL), g_bytes_get_size(text), mode, error))
		return NULL;
	return g_steal_pointer(&after);
}

/* The channel as it is, or a new one that is not on disk yet. */
static struct channel *read_or_begin(const char *dir, const char *name, GError **error)
{
	g_autofree char *path = channel_path(dir, name);

	if (!channel_check_name(name, error))
		return NULL;
	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return channel_read(dir, name, error);
	g_autofree char *text = g_strdup_printf("# Who gets which version: see abide-channel(5).\n"
						"channel: %s\npackages:\n",
						name);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	return file_make_dirs(dir, error) ? channel_parse(path, name, bytes, error) : NULL;
}

struct channel *channel_set(const char *dir, const char *name, const struct channel_request *request, GError **error)
{
	g_autoptr(channel) before = check_request(request, error) ? read_or_begin(dir, name, error) : NULL;
	g_autoptr(GBytes) text = NULL;
	struct yamlfile_pair pairs[6] = {{0}};
	guint n = 0;

	if (before == NULL)
		return NULL;
	const struct channel_pin *old = channel_find(before, request->package);
	const struct channel_pin wanted = {.name = (char *)request->package,
					   .version = (char *)request->version,
					   .reason = (char *)request->reason,
					   .author = request->author ? (char *)request->author : old ? old->author : NULL,
					   .until = (char *)request->until};
	const char *until = request->until != NULL ? request->until : old && old->until ? CHANNEL_NEVER : NULL;
	if (old == NULL)
		pairs[n++] = (struct yamlfile_pair){"name", request->package};
	pairs[n++] = (struct yamlfile_pair){"version", request->version};
	pairs[n++] = (struct yamlfile_pair){"reason", request->reason};
	if (request->author != NULL)
		pairs[n++] = (struct yamlfile_pair){"author", request->author};
	if (until != NULL)
		pairs[n++] = (struct yamlfile_pair){"until", until};
	if (old != NULL) {
		g_autofree char *place = g_strdup_printf("packages[%u]", (guint)(old - before->pins));
		text = yamlfile_set(before->file, place, pairs);
	} else {
		text = yamlfile_append(before->file, "packages", pairs);
	}
	return replace(before, text, request->package, &wanted, error);
}

struct channel *channel_unset(const char *dir, const char *name, const char *package, GError **error)
{
	g_autoptr(channel) before = channel_read(dir, name, error);
	g_autoptr(GBytes) text = NULL;
	const struct channel_pin *old;

	if (before == NULL)
		return NULL;
	old = channel_find(before, package);
	if (old == NULL) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING, "%s: '%s' is not pinned in channel '%s'",
			    before->path, package, name);
		return NULL;
	}
	text = yamlfile_remove(before->file, "packages", (guint)(old - before->pins));
	return replace(before, text, package, NULL, error);
}

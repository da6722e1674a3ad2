/* Channels changed, and nothing else in their files: see change.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/change.h"

#include "core/text.h"
#include "pin/channel_private.h"
#include "pin/log_private.h"

#include <string.h>
#include <sys/stat.h>

/* ---- the request ---- */

/* Text that a person typed: UTF-8, and something to see in it. */
static gboolean check_words(const char *text, const char *what, GError **error)
{
	gboolean valid = g_utf8_validate(text, -1, NULL);
	g_autofree char *words = text_one_line(valid ? text : "");

	if (*words != '\0')
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "the %s is %s; a change says why it was made and who decided it", what, valid ? "empty" : "not UTF-8 text");
	return FALSE;
}

static gboolean check_version(const struct channel_request *r, GError **error)
{
	struct pin_pattern pattern;

	if (r->part == CHANNEL_CLASS ||
	    (r->part == CHANNEL_SERVICE && (r->version == NULL || strcmp(r->version, CHANNEL_ANY) == 0)))
		return TRUE;
	if (!pin_pattern_parse(r->version, &pattern, error))
		return FALSE;
	if (r->part != CHANNEL_HELD || pattern.kind == PIN_PATTERN_VERSION || pattern.kind == PIN_PATTERN_RELEASE)
		return TRUE;
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
		    "version '%s' is more than one; what is held is exact, as 1.0.1-1", r->version);
	return FALSE;
}

/* What both set and unset are told. */
static gboolean check_names(const struct channel_request *r, GError **error)
{
	gboolean in_class = r->part == CHANNEL_CLASS || r->part == CHANNEL_SERVICE;

	return (!in_class || channel_check_name(r->class, error)) &&
	       (r->part == CHANNEL_CLASS || channel_check_package(r->package, error)) &&
	       (r->part != CHANNEL_HELD || channel_check_package(r->service, error)) &&
	       check_words(r->reason, "reason", error) && (r->author == NULL || check_words(r->author, "author", error));
}

static gboolean check_request(const struct channel_request *r, GError **error)
{
	return check_names(r, error) && check_version(r, error) &&
	       (r->until == NULL || channel_check_until(r->until, error)) &&
	       (r->part != CHANNEL_SERVICE || r->unit == NULL || channel_check_unit(r->unit, error)) &&
	       (r->base == NULL || check_words(r->base, "base", error)) &&
	       (r->installed == NULL || check_words(r->installed, "path of --installed", error));
}

/* ---- the place ---- */

/* Where the part stands in the channel: a list, and which of its elements; index -1: it is not there. */
struct spot {
	char *list; /* "hosts[0].services"; NULL: not even the class is there */
	int index;
};

static void spot_clear(struct spot *spot)
{
	g_free(spot->list);
}
typedef struct spot spot;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(spot, spot_clear)

static int find_service(const struct channel_host *host, const char *name)
{
	for (guint i = 0; i < host->n_services; i++)
		if (strcmp(host->services[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int find_held(const struct channel *c, const struct channel_request *r)
{
	for (guint i = 0; i < c->n_held; i++)
		if (strcmp(c->held[i].service, r->service) == 0 && strcmp(c->held[i].package, r->package) == 0)
			return (int)i;
	return -1;
}

static struct spot find_part(const struct channel *c, const struct channel_request *r)
{
	const struct channel_pin *pin = r->part == CHANNEL_PACKAGE ? channel_find(c, r->package) : NULL;
	const struct channel_host *host = r->class != NULL ? channel_find_host(c, r->class) : NULL;

	switch (r->part) {
	case CHANNEL_PACKAGE:
		return (struct spot){g_strdup("packages"), pin != NULL ? (int)(pin - c->pins) : -1};
	case CHANNEL_CLASS:
		return (struct spot){g_strdup("hosts"), host != NULL ? (int)(host - c->hosts) : -1};
	case CHANNEL_HELD:
		return (struct spot){g_strdup("held"), find_held(c, r)};
	case CHANNEL_SERVICE:
		break;
	}
	if (host == NULL)
		return (struct spot){NULL, -1};
	return (struct spot){g_strdup_printf("hosts[%u].services", (guint)(host - c->hosts)), find_service(host, r->package)};
}

/* ---- what is to be there afterwards ---- */

static struct channel_item *wanted_service(const struct channel_request *r, const struct channel_service *old)
{
	const char *version = r->version != NULL ? r->version : old != NULL ? old->version : NULL;
	const char *unit = r->unit != NULL ? r->unit : old != NULL ? old->unit : NULL;
	const struct channel_service service = {
		.name = (char *)r->package,
		.version = g_strcmp0(version, CHANNEL_ANY) == 0 ? NULL : (char *)version,
		.unit = (char *)unit,
		.reason = (char *)r->reason,
		.author = r->author != NULL ? (char *)r->author : old != NULL ? old->author : NULL,
		.until = (char *)r->until,
	};

	return channel_item_of_service(r->class, &service);
}

static struct channel_item *wanted_class(const struct channel_request *r, const struct channel_host *old)
{
	const struct channel_host host = {
		.class = (char *)r->class,
		.base = r->base != NULL ? (char *)r->base : old != NULL ? old->base : NULL,
		.installed = r->installed != NULL ? (char *)r->installed : old != NULL ? old->installed : NULL,
	};

	return channel_item_of_host(&host);
}

static char *old_author(const struct channel *c, enum channel_part part, int index)
{
	return part == CHANNEL_PACKAGE ? c->pins[index].author : part == CHANNEL_HELD ? c->held[index].author : NULL;
}

static struct channel_item *wanted_item(const struct channel *c, const struct channel_request *r, const struct spot *at)
{
	const struct channel_host *host = r->class != NULL ? channel_find_host(c, r->class) : NULL;
	gboolean there = at->index >= 0;
	char *author = there && r->author == NULL ? old_author(c, r->part, at->index) : (char *)r->author;
	const struct channel_pin pin = {.name = (char *)r->package, .version = (char *)r->version,
					.reason = (char *)r->reason, .author = author, .until = (char *)r->until};
	const struct channel_held held = {.service = (char *)r->service, .package = (char *)r->package,
					  .version = (char *)r->version, .reason = (char *)r->reason, .author = author,
					  .until = (char *)r->until};

	switch (r->part) {
	case CHANNEL_PACKAGE:
		return channel_item_of_pin(&pin);
	case CHANNEL_HELD:
		return channel_item_of_held(&held);
	case CHANNEL_CLASS:
		return wanted_class(r, host);
	case CHANNEL_SERVICE:
		return wanted_service(r, there ? &host->services[at->index] : NULL);
	}
	return NULL;
}

/* Whether `what` goes with the request: the part itself, and with a class its services. */
static gboolean belongs(const char *what, const struct channel_request *r, const char *own)
{
	g_autofree char *services = r->part == CHANNEL_CLASS ? g_strdup_printf("service %s/", r->class) : NULL;

	return strcmp(what, own) == 0 || (services != NULL && g_str_has_prefix(what, services));
}

/* Has every item of `from` its like in `to`, but for one, and, where that goes, for what goes with it? */
static gboolean others_kept(const GPtrArray *from, const GPtrArray *to, const struct channel_request *r, const char *own,
			    gboolean gone)
{
	for (guint i = 0; i < from->len; i++) {
		const struct channel_item *item = from->pdata[i];
		if (gone ? belongs(item->what, r, own) : strcmp(item->what, own) == 0)
			continue;
		if (!channel_item_same(item, channel_item_find(to, item->what)))
			return FALSE;
	}
	return TRUE;
}

/* Does `after` differ from `before` in one item only, and is that now as wanted (gone: not there)? */
static gboolean is_intended(const struct channel *before, const struct channel *after, const struct channel_request *r,
			    const struct channel_item *wanted, gboolean gone)
{
	g_autoptr(GPtrArray) old = channel_items(before), new = channel_items(after);
	const struct channel_item *now = channel_item_find(new, wanted->what);

	return others_kept(old, new, r, wanted->what, gone) && others_kept(new, old, r, wanted->what, gone) &&
	       (gone ? now == NULL : channel_item_same(now, wanted));
}

/* ---- the edit ---- */

/* The keys to write; those that name an element only where it is new. */
static void list_pairs(const struct channel_request *r, gboolean new, const char *until, struct yamlfile_pair *pairs)
{
	gboolean class = r->part == CHANNEL_CLASS, held = r->part == CHANNEL_HELD;
	const struct yamlfile_pair all[] = {
		{"class", new && class ? r->class : NULL},
		{"service", new && held ? r->service : NULL},
		{"package", new && held ? r->package : NULL},
		{"name", new && !class && !held ? r->package : NULL},
		{"base", class ? r->base : NULL},
		{"installed", class ? r->installed : NULL},
		{"version", class ? NULL : r->version},
		{"unit", r->part == CHANNEL_SERVICE ? r->unit : NULL},
		{"reason", class ? NULL : r->reason},
		{"author", class ? NULL : r->author},
		{"until", class ? NULL : until},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i].value != NULL)
			*pairs++ = all[i];
	*pairs = (struct yamlfile_pair){0};
}
#define MOST_PAIRS 12

/* Whether the element that is there has a last day, which goes with the change. */
static gboolean has_until(const struct channel *c, const struct spot *at)
{
	g_autofree char *place = g_strdup_printf("%s[%d].until", at->list, at->index);

	return at->index >= 0 && yamlfile_has(c->file, place);
}

static GBytes *edit_part(const struct channel *c, const struct channel_request *r, const struct spot *at)
{
	struct yamlfile_pair pairs[MOST_PAIRS];
	const char *until = r->until != NULL ? r->until : has_until(c, at) ? CHANNEL_NEVER : NULL;

	list_pairs(r, at->index < 0, until, pairs);
	if (at->index < 0)
		return yamlfile_append(c->file, at->list, pairs);
	g_autofree char *place = g_strdup_printf("%s[%d]", at->list, at->index);
	return yamlfile_set(c->file, place, pairs);
}

static struct channel *fail_layout(const struct channel *c, const char *what, const GError *why, GError **error)
{
	g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_LAYOUT,
		    "%s: '%s' cannot be changed safely here%s%s; nothing was written: change it by hand", c->path, what,
		    why != NULL ? ", the result would be wrong at " : "", why != NULL ? why->message : "");
	return NULL;
}

/* The edited text as a channel, when it reads as intended. Takes text, which may be NULL, over. */
static struct channel *read_edited(const struct channel *before, GBytes *text, const struct channel_request *r,
				   const struct channel_item *wanted, gboolean gone, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(channel) after = text != NULL ? channel_parse(before->path, before->name, text, &why) : NULL;
	const char *what = r->part == CHANNEL_CLASS ? r->class : r->package;

	if (text != NULL)
		g_bytes_unref(text);
	if (after == NULL || !is_intended(before, after, r, wanted, gone))
		return fail_layout(before, what, why, error);
	return g_steal_pointer(&after);
}

static struct channel *set_part(const struct channel *before, const struct channel_request *r, GError **error);

/* The class that a service is to be in, made where it is not there. NULL: it is there, or with an error. */
static struct channel *make_class(const struct channel *c, const struct channel_request *r, GError **error)
{
	const struct channel_host *host = channel_find_host(c, r->class);
	struct channel_request class = *r;

	if (host != NULL && r->base != NULL && g_strcmp0(host->base, r->base) != 0)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
			    "%s: the class '%s' runs %s; change that by itself: abide pin set %s --class %s --base %s", c->path,
			    r->class, host->base != NULL ? host->base : host->installed, c->name, r->class, r->base);
	if (host == NULL && r->base == NULL)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: there is no host class '%s' in channel '%s'; --base makes it", c->path, r->class, c->name);
	if (host != NULL || r->base == NULL)
		return NULL;
	class.part = CHANNEL_CLASS;
	return set_part(c, &class, error);
}

/* What a reader of the result would refuse, said in the words of the request. */
static gboolean check_sense(const struct channel *c, const struct channel_request *r, GError **error)
{
	if (r->part == CHANNEL_CLASS && r->base == NULL && r->installed == NULL) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
			    "the class '%s' runs what? give --base or --installed", r->class);
		return FALSE;
	}
	if (r->part == CHANNEL_HELD && !channel_has_service(c, r->service, NULL)) {
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: '%s' is a service of no host class of channel '%s'; --class adds it to one", c->path,
			    r->service, c->name);
		return FALSE;
	}
	return TRUE;
}

static struct channel *set_part(const struct channel *before, const struct channel_request *r, GError **error)
{
	GError *failed = NULL;
	g_autoptr(channel) made = r->part == CHANNEL_SERVICE ? make_class(before, r, &failed) : NULL;
	const struct channel *start = made != NULL ? made : before;

	if (failed != NULL) {
		g_propagate_error(error, failed);
		return NULL;
	}
	if (!check_sense(start, r, error))
		return NULL;
	g_auto(spot) at = find_part(start, r);
	struct channel_item *wanted = wanted_item(start, r, &at);
	struct channel *after = read_edited(start, edit_part(start, r, &at), r, wanted, FALSE, error);
	channel_item_free(wanted);
	return after;
}

/* A service that goes from its last class, while something is held for it. */
static gboolean check_held(const struct channel *c, const struct channel_request *r, GError **error)
{
	gboolean class = r->part == CHANNEL_CLASS;

	for (guint i = 0; (class || r->part == CHANNEL_SERVICE) && i < c->n_held; i++) {
		const char *service = c->held[i].service;
		if ((!class && strcmp(service, r->package) != 0) || channel_has_service(c, service, r->class))
			continue;
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_ARGUMENT,
			    "%s: %s is held for '%s'; first: abide pin unset %s %s --held-for %s", c->path, c->held[i].package,
			    service, c->name, c->held[i].package, service);
		return FALSE;
	}
	return TRUE;
}

static struct channel *unset_part(const struct channel *before, const struct channel_request *r, GError **error)
{
	g_auto(spot) at = find_part(before, r);
	struct channel *after;

	if (at.index >= 0 && !check_held(before, r, error))
		return NULL;
	if (at.index < 0) {
		g_autofree char *where = r->part == CHANNEL_SERVICE ? g_strdup_printf("a service of class '%s'", r->class)
					 : r->part == CHANNEL_HELD  ? g_strdup_printf("held for '%s'", r->service)
					 : r->part == CHANNEL_CLASS ? g_strdup("a host class")
								    : g_strdup("pinned");
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING, "%s: '%s' is not %s in channel '%s'", before->path,
			    r->part == CHANNEL_CLASS ? r->class : r->package, where, before->name);
		return NULL;
	}
	struct channel_request named = *r;
	named.version = "0"; /* what is not there afterwards has a name only */
	struct channel_item *gone = wanted_item(before, &named, &at);
	after = read_edited(before, yamlfile_remove(before->file, at.list, (guint)at.index), r, gone, TRUE, error);
	channel_item_free(gone);
	return after;
}

/* ---- the record ---- */

static struct channel_entry *by_tool(const struct channel *before, const struct channel *after, gboolean exists,
				     const struct channel_request *r, enum channel_action action)
{
	g_autoptr(GPtrArray) old = channel_items(before), new = channel_items(after);
	struct channel_entry *e = channel_entry_new();

	e->when = r->when;
	e->action = action;
	e->by = r->author != NULL ? text_one_line(r->author) : NULL;
	e->why = text_one_line(r->reason);
	g_ptr_array_unref(e->changes);
	e->changes = channel_differences(old, new);
	e->before = g_strdup(exists ? before->sha256 : NULL);
	e->after = g_strdup(after->sha256);
	return e;
}

/* The record first: of a change that is on record and was not made, the digests tell (channel_entry.undone). */
static gboolean write_change(struct channel_record *record, const struct channel *before, const struct channel *after,
			     const struct channel_request *r, enum channel_action action, GError **error)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)channel_entry_free);
	g_autoptr(GBytes) text = yamlfile_bytes(after->file);
	struct stat st;
	gboolean exists = stat(before->path, &st) == 0;
	struct channel_entry *hand = channel_log_by_hand(record->log, exists ? before : NULL, r->when);

	if (hand != NULL)
		g_ptr_array_add(entries, hand);
	g_ptr_array_add(entries, by_tool(before, after, exists, r, action));
	if (!channel_record_append(record, entries, error))
		return FALSE;
	if (file_replace(before->path, g_bytes_get_data(text, NULL), g_bytes_get_size(text), exists ? st.st_mode & 07777 : 0644,
			 error))
		return TRUE;
	channel_record_take_back(record);
	return FALSE;
}

/* The channel as it is, or a new one that is not on disk yet. */
static struct channel *read_or_begin(const char *dir, const char *name, GError **error)
{
	g_autofree char *path = channel_path(dir, name);

	if (g_file_test(path, G_FILE_TEST_EXISTS))
		return channel_read(dir, name, error);
	g_autofree char *text = g_strdup_printf("# Who gets which version: see abide-channel(5).\nchannel: %s\n", name);
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
	return channel_parse(path, name, bytes, error);
}

typedef struct channel *(*edit_fn)(const struct channel *before, const struct channel_request *r, GError **error);

static struct channel *change(const char *dir, const char *name, const struct channel_request *r,
			      enum channel_action action, GError **error)
{
	edit_fn edit = action == CHANNEL_ACTION_SET ? set_part : unset_part;
	g_auto(channel_record) record = {0};

	if (!channel_record_open(&record, dir, name, error))
		return NULL;
	g_autoptr(channel) before =
		action == CHANNEL_ACTION_SET ? read_or_begin(dir, name, error) : channel_read(dir, name, error);
	g_autoptr(channel) after = before != NULL ? edit(before, r, error) : NULL;
	if (after == NULL || !write_change(&record, before, after, r, action, error))
		return NULL;
	return g_steal_pointer(&after);
}

struct channel *channel_set(const char *dir, const char *name, const struct channel_request *request, GError **error)
{
	if (!channel_check_name(name, error) || !check_request(request, error) || !file_make_dirs(dir, error))
		return NULL;
	return change(dir, name, request, CHANNEL_ACTION_SET, error);
}

struct channel *channel_unset(const char *dir, const char *name, const struct channel_request *request, GError **error)
{
	g_autofree char *path = channel_path(dir, name);

	if (!channel_check_name(name, error) || !check_names(request, error))
		return NULL;
	if (!g_file_test(path, G_FILE_TEST_EXISTS)) /* nothing to lock; says so */
		return channel_read(dir, name, error);
	return change(dir, name, request, CHANNEL_ACTION_UNSET, error);
}

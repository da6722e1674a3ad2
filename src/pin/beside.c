/* Packages that hold libraries for a channel: see beside.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pin/beside.h"

#include "core/file.h"
#include "pack/held.h"
#include "publish/deb822.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* What an index says of a package, as far as a package made of it says it again. Strings are owned. */
struct particulars {
	char *maintainer, *vendor, *homepage, *license, *depends;
};

/* One library in one version for one architecture, and who stays on it. */
struct job {
	const entry *library;
	char *path; /* of its package */
	char *name; /* of the package to be made */
	struct particulars particulars;
	held *held;
	GArray *units; /* struct held_unit, by name; owned strings */
};

struct beside {
	const struct channel *channel;
	const char *dir;
	GPtrArray *jobs; /* struct job * */
};

static void particulars_clear(struct particulars *p)
{
	g_free(p->maintainer);
	g_free(p->vendor);
	g_free(p->homepage);
	g_free(p->license);
	g_free(p->depends);
}

static void unit_clear(gpointer data)
{
	struct held_unit *u = data;

	g_free((char *)u->name);
	g_free((char *)u->path);
}

static void job_free(gpointer data)
{
	struct job *j = data;

	g_free(j->path);
	g_free(j->name);
	particulars_clear(&j->particulars);
	held_free(j->held);
	g_array_unref(j->units);
	g_free(j);
}

void beside_free(beside *b)
{
	if (b == NULL)
		return;
	g_ptr_array_unref(b->jobs);
	g_free(b);
}

/* ---- what an index says ---- */

static gboolean read_stanza(struct particulars *p, const char *record, GError **error)
{
	g_auto(deb822) d = {0};
	const char *cursor = record;

	if (!deb822_next(&d, &cursor, record + strlen(record), error))
		return FALSE;
	g_autofree char *before = deb822_get(&d, "Pre-Depends"), *depends = deb822_get(&d, "Depends");
	p->maintainer = deb822_get(&d, "Maintainer");
	p->homepage = deb822_get(&d, "Homepage");
	p->depends = g_strjoin(before && depends ? ", " : "", before ? before : "", depends ? depends : "", NULL);
	return TRUE;
}

/* The element of primary.xml that is being read, or NULL: none that counts. */
struct primary {
	struct particulars *particulars;
	char **text;
};

static void start_element(GMarkupParseContext *context, const char *name, const char **keys, const char **values,
			  gpointer user, GError **error)
{
	struct primary *r = user;
	struct particulars *p = r->particulars;
	const struct {
		const char *name;
		char **to;
	} elements[] = {{"packager", &p->maintainer}, {"rpm:vendor", &p->vendor}, {"url", &p->homepage},
			{"rpm:license", &p->license}};

	(void)context, (void)keys, (void)values, (void)error;
	r->text = NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(elements); i++)
		if (strcmp(elements[i].name, name) == 0 && *elements[i].to == NULL)
			r->text = elements[i].to;
}

static void take_text(GMarkupParseContext *context, const char *text, gsize size, gpointer user, GError **error)
{
	struct primary *r = user;

	(void)context, (void)error;
	if (r->text != NULL && size > 0)
		*r->text = g_strndup(text, size);
	r->text = NULL;
}

static gboolean read_primary(struct particulars *p, const char *record, GError **error)
{
	static const GMarkupParser parser = {.start_element = start_element, .text = take_text};
	struct primary r = {.particulars = p};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, 0, &r, NULL);
	gboolean good = g_markup_parse_context_parse(context, record, -1, error) &&
			g_markup_parse_context_end_parse(context, error);

	g_markup_parse_context_free(context);
	return good;
}

/* ---- planning ---- */

static const struct package_format *format_of(const struct family *family)
{
	return family == &family_deb ? &deb_format : &rpmpkg_format;
}

static gboolean is_for_all(const char *arch)
{
	return strcmp(arch, "all") == 0 || strcmp(arch, "noarch") == 0;
}

/* Those of one family, name and architecture stand together in any list of packages, the newest last. */
static gboolean has_newer(const GPtrArray *packages, guint at, const struct pin_pattern *pattern)
{
	const entry *e = packages->pdata[at];

	for (guint i = at + 1; i < packages->len; i++) {
		const entry *other = packages->pdata[i];
		if (other->family != e->family || strcmp(other->name, e->name) != 0)
			return FALSE;
		if (strcmp(other->arch, e->arch) == 0 &&
		    (pattern == NULL || pin_pattern_matches(pattern, other->version, e->family->compare)))
			return TRUE;
	}
	return FALSE;
}

static struct job *job_new(const beside *b, const entry *library)
{
	struct job *j = g_new0(struct job, 1);

	j->library = library;
	j->path = g_build_filename(b->dir, library->path, NULL);
	j->name = held_name(library->name, library->version, format_of(library->family));
	j->units = g_array_new(FALSE, TRUE, sizeof(struct held_unit));
	g_array_set_clear_func(j->units, unit_clear);
	return j;
}

static gboolean open_job(struct job *j, GError **error)
{
	const entry *e = j->library;
	struct particulars *p = &j->particulars;
	gboolean deb = e->family == &family_deb;

	if (!(deb ? read_stanza(p, e->record[0], error) : read_primary(p, e->record[0], error))) {
		g_prefix_error(error, "%s: ", e->path);
		return FALSE;
	}
	const struct held_origin origin = {.path = j->path,
					   .name = e->name,
					   .version = e->version,
					   .arch = e->arch,
					   .sha256 = e->sha256,
					   .maintainer = p->maintainer,
					   .vendor = p->vendor,
					   .homepage = p->homepage,
					   .license = p->license,
					   .depends = p->depends,
					   .format = format_of(e->family)};
	j->held = held_open(&origin, error);
	return j->held != NULL;
}

/* The job of a library, begun when it is the first time; NULL with an error. */
static struct job *job_of(beside *b, const entry *library, GError **error)
{
	struct job *j = job_new(b, library);

	for (guint i = 0; i < b->jobs->len; i++) {
		struct job *other = b->jobs->pdata[i];
		gboolean same = other->library == library;
		if (!same && (other->library->family != library->family || strcmp(other->name, j->name) != 0 ||
			      strcmp(other->library->arch, library->arch) != 0))
			continue;
		job_free(j);
		if (same)
			return other;
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_INPUT,
			    "%s: held: %s in the versions %s and %s would lie in one place; hold one of them", b->channel->path,
			    library->name, other->library->version, library->version);
		return NULL;
	}
	g_ptr_array_add(b->jobs, j);
	return open_job(j, error) ? j : NULL;
}

static const char *unit_of(const struct channel *c, const char *service)
{
	for (guint i = 0; i < c->n_hosts; i++)
		for (guint j = 0; j < c->hosts[i].n_services; j++)
			if (strcmp(c->hosts[i].services[j].name, service) == 0)
				return c->hosts[i].services[j].unit;
	return NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
	const struct held_unit *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static gboolean add_unit(beside *b, const struct channel_held *h, const entry *service, const entry *library,
			 GError **error)
{
	const char *unit = unit_of(b->channel, h->service);
	g_autofree char *assumed = unit ? NULL : g_strconcat(h->service, ".service", NULL);
	g_autofree char *path = g_build_filename(b->dir, service->path, NULL);
	struct job *j = job_of(b, library, error);

	unit = unit ? unit : assumed;
	if (j == NULL || !held_suits(j->held, path, unit, error)) {
		g_prefix_error(error, "%s: held: %s: ", b->channel->path, h->service);
		return FALSE;
	}
	struct held_unit u = {.name = g_strdup(unit)};
	g_array_append_val(j->units, u);
	g_array_sort(j->units, by_name);
	return TRUE;
}

/* Every architecture that the service can run on; for one that is for all of them, each that has the library. */
static gboolean hold(beside *b, const struct channel_held *h, const entry *service, const publication *from,
		     GError **error)
{
	gboolean any = FALSE;

	for (guint i = 0; i < from->packages->len; i++) {
		const entry *e = from->packages->pdata[i];
		if (e->family != service->family || strcmp(e->name, h->package) != 0 ||
		    (strcmp(e->arch, service->arch) != 0 && !is_for_all(service->arch)) ||
		    !pin_pattern_matches(&h->pattern, e->version, e->family->compare) ||
		    has_newer(from->packages, i, &h->pattern))
			continue;
		any = TRUE;
		if (!add_unit(b, h, service, e, error))
			return FALSE;
	}
	if (!any)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: held: %s: suite %s has no %s %s as a %s for %s", b->channel->path, h->service,
			    from->site.settings->suite, h->package, h->version, service->family->name, service->arch);
	return any;
}

static gboolean plan_one(beside *b, const struct channel_held *h, const GPtrArray *view, const publication *from,
			 GError **error)
{
	gboolean any = FALSE;

	for (guint i = 0; i < view->len; i++) {
		const entry *e = view->pdata[i];
		if (strcmp(e->name, h->service) != 0 || has_newer(view, i, NULL))
			continue;
		any = TRUE;
		if (!hold(b, h, e, from, error))
			return FALSE;
	}
	if (!any)
		g_set_error(error, CHANNEL_ERROR, CHANNEL_ERROR_MISSING,
			    "%s: held: %s: no version of it in suite %s is one that the channel lets through",
			    b->channel->path, h->service, from->site.settings->suite);
	return any;
}

/* The folders of all libraries that a service is held on: each drop-in sets the whole variable. */
static char *search_path(const beside *b, const struct job *of, const char *unit)
{
	GString *path = g_string_new(NULL);

	for (guint i = 0; i < b->jobs->len; i++) {
		const struct job *j = b->jobs->pdata[i];
		if (j->library->family != of->library->family || strcmp(j->library->arch, of->library->arch) != 0)
			continue;
		for (guint k = 0; k < j->units->len; k++)
			if (strcmp(g_array_index(j->units, struct held_unit, k).name, unit) == 0)
				g_string_append_printf(path, "%s%s", path->len > 0 ? ":" : "", held_folder(j->held));
	}
	return g_string_free(path, FALSE);
}

beside *beside_plan(const struct channel *channel, const GPtrArray *view, const publication *from, GError **error)
{
	g_autoptr(beside) b = g_new0(beside, 1);

	*b = (struct beside){channel, from->site.dir, g_ptr_array_new_with_free_func(job_free)};
	for (guint i = 0; i < channel->n_held; i++)
		if (!plan_one(b, &channel->held[i], view, from, error))
			return NULL;
	for (guint i = 0; i < b->jobs->len; i++) {
		struct job *j = b->jobs->pdata[i];
		for (guint k = 0; k < j->units->len; k++) {
			struct held_unit *u = &g_array_index(j->units, struct held_unit, k);
			u->path = search_path(b, j, u->name);
		}
	}
	return g_steal_pointer(&b);
}

/* ---- making ---- */

/* The package that was made of the same things for the same services, if the suite has it. */
static const entry *find_made(const struct job *j, const publication *suite, const char *identity)
{
	for (guint i = 0; i < suite->packages->len; i++) {
		const entry *e = suite->packages->pdata[i];
		if (e->family == j->library->family && strcmp(e->name, j->name) == 0 &&
		    strcmp(e->arch, j->library->arch) == 0 && strstr(e->record[0], identity) != NULL)
			return e;
	}
	return NULL;
}

static gboolean write_file(const struct package *p, const struct package_format *format, const char *path, GError **error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return file_error(error, errno, path, "write");
	gboolean good = format->write(p, fd, error);
	if (close(fd) < 0 && good)
		good = file_error(error, errno, path, "write");
	return good;
}

static gboolean make(const struct job *j, const struct held_purpose *purpose, const char *key, const char *folder,
		     GPtrArray *files, GError **error)
{
	const struct package_format *format = format_of(j->library->family);
	g_autoptr(package) p = held_package(j->held, purpose, error);

	if (p == NULL)
		return FALSE;
	g_autofree char *name = format->file_name(p), *path = g_build_filename(folder, name, NULL);
	if (!write_file(p, format, path, error) || (format->sign != NULL && !format->sign(path, key, error)))
		return FALSE;
	g_ptr_array_add(files, g_steal_pointer(&path));
	return TRUE;
}

gboolean beside_write(const beside *b, const publication *suite, const char *folder, GPtrArray *kept, GPtrArray *files,
		      GError **error)
{
	for (guint i = 0; i < b->jobs->len; i++) {
		const struct job *j = b->jobs->pdata[i];
		const struct held_purpose purpose = {
			.channel = b->channel->name,
			.serial = suite->site.settings->state + 1,
			.units = (const struct held_unit *)(gconstpointer)j->units->data,
			.n_units = j->units->len,
		};
		g_autofree char *identity = held_identity(j->held, &purpose);
		const entry *made = find_made(j, suite, identity);
		if (made != NULL)
			g_ptr_array_add(kept, (gpointer)made);
		else if (!make(j, &purpose, *suite->site.settings->signed_by, folder, files, error))
			return FALSE;
	}
	return TRUE;
}

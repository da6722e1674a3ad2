/* dnf's metadata by libcreaterepo_c: see rpmindex.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/rpmindex.h"
#include "publish/createrepo.h"
#include "publish/error.h"
#include "publish/rpmxml.h"

#include <string.h>

#define LETTER "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define PACKAGE_BEGIN "<package "
#define PACKAGE_END "</package>\n"
#define XML_BEGIN "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

/* As many as createrepo_c keeps by default; a package's whole history is in the package. */
#define CHANGELOG_ENTRIES 10

struct part {
	const char *name;
	const char *element;
	const char *attributes;
};

static const struct part part_rows[RPMINDEX_PARTS] = {
	[RPMINDEX_PRIMARY] = {"primary", "metadata", "xmlns=\"" CR_XML_COMMON_NS "\" xmlns:rpm=\"" CR_XML_RPM_NS "\""},
	[RPMINDEX_FILELISTS] = {"filelists", "filelists", "xmlns=\"" CR_XML_FILELISTS_NS "\""},
	[RPMINDEX_OTHER] = {"other", "otherdata", "xmlns=\"" CR_XML_OTHER_NS "\""},
};

const char *rpmindex_part_name(enum rpmindex_part part)
{
	return part_rows[part].name;
}

static gboolean bad(GError **error, const char *name, const char *what)
{
	g_set_error(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT, "%s: %s", name, what);
	return FALSE;
}

static gboolean made_of(const char *text, const char *characters)
{
	return text != NULL && *text != '\0' && *text != '.' && *text != '-' &&
	       text[strspn(text, characters)] == '\0' && strlen(text) <= 200;
}

/* The parts of a name-version-release.arch that become a file's name. */
static gboolean is_nevra(const char *name, const char *epoch, const char *version, const char *release_,
			 const char *arch)
{
	return made_of(name, LETTER DIGIT "._+-") && (epoch == NULL || *epoch == '\0' || made_of(epoch, DIGIT)) &&
	       made_of(version, LETTER DIGIT "._+~^") && made_of(release_, LETTER DIGIT "._+~^") &&
	       made_of(arch, LETTER DIGIT "_");
}

static char *evr(const char *epoch, const char *version, const char *release_)
{
	gboolean zero = epoch == NULL || *epoch == '\0' || strcmp(epoch, "0") == 0;

	return zero ? g_strconcat(version, "-", release_, NULL) : g_strconcat(epoch, ":", version, "-", release_, NULL);
}

static char *location(const char *name, const char *version, const char *release_, const char *arch)
{
	return g_strconcat("Packages/", name, "-", version, "-", release_, ".", arch, ".rpm", NULL);
}

static entry *entry_for(const cr_Package *p, const char *suite, const struct rpmread *proof)
{
	entry *e = g_new0(entry, 1);

	e->family = &family_rpm;
	e->name = g_strdup(p->name);
	e->version = evr(p->epoch, p->version, p->release);
	e->arch = g_strdup(p->arch);
	e->path = g_strdup_printf("rpm/%s/%s", suite, p->location_href);
	e->sha256 = g_strdup(proof->sum.sha256);
	e->size = proof->sum.size;
	return e;
}

static void complete(cr_Package *p, const struct rpmread *proof)
{
	g_autofree char *href = location(p->name, p->version, p->release, p->arch);

	p->pkgId = g_string_chunk_insert(p->chunk, proof->sum.sha256);
	p->checksum_type = g_string_chunk_insert(p->chunk, "sha256");
	p->location_href = g_string_chunk_insert(p->chunk, href);
	p->size_package = (gint64)proof->sum.size;
	p->rpm_header_start = (gint64)proof->header_start;
	p->rpm_header_end = (gint64)proof->header_end;
	p->time_file = p->time_build;
}

/* The rest of an element, without what the entry says already: there may be very many. Frees the element. */
static char *body_of(char *element)
{
	char *body = g_strdup(rpmxml_body(element));

	g_free(element);
	return body;
}

static entry *describe(cr_Package *p, const char *suite, const struct rpmread *proof)
{
	complete(p, proof);
	entry *e = entry_for(p, suite, proof);
	e->record[RPMINDEX_PRIMARY] = rpmxml_primary(p);
	e->record[RPMINDEX_FILELISTS] = body_of(rpmxml_filelists(p));
	e->record[RPMINDEX_OTHER] = body_of(rpmxml_other(p));
	return e;
}

entry *rpmindex_entry(const char *name, const char *file, const char *suite, const struct rpmread *proof,
		      GError **error)
{
	const struct createrepo *cr = createrepo_load(error);
	cr_Package *p = cr ? cr->cr_package_from_rpm_base(file, CHANGELOG_ENTRIES, CR_HDRR_NONE, NULL) : NULL;
	entry *e = NULL;

	if (cr == NULL)
		return NULL;
	if (p == NULL) {
		bad(error, name, "not a whole RPM package: librpm does not read its signatures or its header");
		return NULL;
	}
	if (!is_nevra(p->name, p->epoch, p->version, p->release, p->arch))
		bad(error, name, "its name, version or architecture has characters that packages do not have");
	else if (cr->cr_Package_contains_forbidden_control_chars(p))
		bad(error, name, "control characters in its header, which XML cannot hold");
	else
		e = describe(p, suite, proof);
	cr->cr_package_free(p);
	return e;
}

/* ---- reading back ---- */

/* What a package's element in primary.xml says of its identity. */
struct identity {
	struct slice name, arch, epoch, version, release, sha256, size, href;
};

/*
 * The text between the next BEFORE and the AFTER that follows, below `end`; *cursor moves behind it. cr_xml_dump writes
 * elements in one order, and neither text nor attributes can hold a "<".
 */
static gboolean between(const char **cursor, const char *end, const char *before, const char *after, struct slice *found)
{
	const char *begin = memmem(*cursor, (gsize)(end - *cursor), before, strlen(before));

	if (begin == NULL)
		return FALSE;
	begin += strlen(before);
	const char *stop = memmem(begin, (gsize)(end - begin), after, strlen(after));
	if (stop == NULL)
		return FALSE;
	*found = (struct slice){begin, (gsize)(stop - begin)};
	*cursor = stop + strlen(after);
	return TRUE;
}

static gboolean find_identity(struct identity *id, const char *package, gsize size)
{
	const char *cursor = package, *end = package + size;

	return between(&cursor, end, "<name>", "<", &id->name) && between(&cursor, end, "<arch>", "<", &id->arch) &&
	       between(&cursor, end, "<version epoch=\"", "\"", &id->epoch) &&
	       between(&cursor, end, " ver=\"", "\"", &id->version) &&
	       between(&cursor, end, " rel=\"", "\"", &id->release) &&
	       between(&cursor, end, "<checksum type=\"sha256\" pkgid=\"YES\">", "<", &id->sha256) &&
	       between(&cursor, end, "<size package=\"", "\"", &id->size) &&
	       between(&cursor, end, "<location href=\"", "\"", &id->href);
}

/* The strings of an identity, in one buffer. */
struct words {
	char *name, *arch, *epoch, *version, *release;
	char buffer[1200];
};

static char *put_word(char **to, const char *end, struct slice from)
{
	char *word = *to;

	if (from.size > 200 || from.size >= (gsize)(end - word))
		return NULL;
	memcpy(word, from.text, from.size);
	word[from.size] = '\0';
	*to += from.size + 1;
	return word;
}

static gboolean to_words(struct words *w, const struct identity *id)
{
	char *to = w->buffer;
	const char *end = w->buffer + sizeof w->buffer;

	return (w->name = put_word(&to, end, id->name)) != NULL && (w->arch = put_word(&to, end, id->arch)) != NULL &&
	       (w->epoch = put_word(&to, end, id->epoch)) != NULL &&
	       (w->version = put_word(&to, end, id->version)) != NULL &&
	       (w->release = put_word(&to, end, id->release)) != NULL &&
	       is_nevra(w->name, w->epoch, w->version, w->release, w->arch);
}

static gboolean is_pkgid(struct slice s)
{
	for (gsize i = 0; i < s.size; i++)
		if (!g_ascii_isdigit(s.text[i]) && (s.text[i] < 'a' || s.text[i] > 'f'))
			return FALSE;
	return s.size == 64;
}

static gboolean take_size(struct slice from, guint64 *size)
{
	char text[24];

	if (from.size >= sizeof text)
		return FALSE;
	memcpy(text, from.text, from.size);
	text[from.size] = '\0';
	return g_ascii_string_to_unsigned(text, 10, 0, G_MAXINT64, size, NULL);
}

/* Where location() would have it. */
static gboolean is_location(struct slice href, const struct words *w)
{
	const char *const parts[] = {"Packages/", w->name, "-", w->version, "-", w->release, ".", w->arch, ".rpm"};

	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
		gsize size = strlen(parts[i]);
		if (href.size < size || memcmp(href.text, parts[i], size) != 0)
			return FALSE;
		href = (struct slice){href.text + size, href.size - size};
	}
	return href.size == 0;
}

static struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

static struct slice slice_of_string(const GString *text)
{
	return (struct slice){text->str, text->len};
}

/* The published metadata as it is read, with room for what each package's entry is made of. */
struct parsing {
	GString *path;     /* of the package, from the top */
	gsize suite_size;  /* of it, what all have: "rpm/SUITE/" */
	GPtrArray *texts;  /* GBytes * */
};

static entry *entry_from_primary(struct parsing *p, const char *package, gsize size, GError **error)
{
	struct identity id;
	struct words w;
	guint64 file_size = 0;

	if (!find_identity(&id, package, size) || !to_words(&w, &id) || !is_pkgid(id.sha256) ||
	    !take_size(id.size, &file_size)) {
		bad(error, "primary.xml", "a package without a proper name, version, architecture, size or checksum");
		return NULL;
	}
	if (!is_location(id.href, &w)) {
		bad(error, "primary.xml", "a package is not at the place its name gives it");
		return NULL;
	}
	g_autofree char *version = evr(w.epoch, w.version, w.release);
	g_string_truncate(p->path, p->suite_size);
	g_string_append_len(p->path, id.href.text, (gssize)id.href.size);
	entry *e = entry_published(&family_rpm, p->texts, slice_of(w.name), slice_of(version), slice_of(w.arch),
				   slice_of_string(p->path), id.sha256);
	e->size = file_size;
	return e;
}

/* One of the three files, as far as it is read. */
struct part_text {
	char *cursor, *end;
};

/* The next package's element, whose last newline becomes a NUL; NULL when there is none. */
static char *next_package(struct part_text *p, gsize *size)
{
	if (p->cursor == p->end) /* an empty text may have no address */
		return NULL;
	char *begin = memmem(p->cursor, (gsize)(p->end - p->cursor), PACKAGE_BEGIN, strlen(PACKAGE_BEGIN));
	char *stop = begin ? memmem(begin, (gsize)(p->end - begin), PACKAGE_END, strlen(PACKAGE_END)) : NULL;

	if (stop == NULL)
		return NULL;
	p->cursor = stop + strlen(PACKAGE_END);
	*size = (gsize)(p->cursor - begin) - 1;
	begin[*size] = '\0';
	return begin;
}

static gboolean add_part(entry *e, enum rpmindex_part part, struct part_text *p, GError **error)
{
	static const char begin[] = "<package pkgid=\"";
	gsize size = 0;
	char *package = next_package(p, &size);

	if (package == NULL || size < strlen(begin) + 64 || memcmp(package, begin, strlen(begin)) != 0 ||
	    memcmp(package + strlen(begin), e->sha256, 64) != 0)
		return bad(error, rpmindex_part_name(part), "not of the same packages as primary.xml");
	e->record[part] = package;
	return TRUE;
}

static gboolean parse(struct parsing *p, struct part_text at[RPMINDEX_PARTS], GPtrArray *entries, GError **error)
{
	gsize size = 0;
	char *package;

	while ((package = next_package(&at[RPMINDEX_PRIMARY], &size)) != NULL) {
		g_autoptr(entry) e = entry_from_primary(p, package, size, error);
		if (e == NULL || !add_part(e, RPMINDEX_FILELISTS, &at[RPMINDEX_FILELISTS], error) ||
		    !add_part(e, RPMINDEX_OTHER, &at[RPMINDEX_OTHER], error))
			return FALSE;
		e->record[RPMINDEX_PRIMARY] = package;
		g_ptr_array_add(entries, g_steal_pointer(&e));
	}
	return TRUE;
}

gboolean rpmindex_parse(GBytes *const parts[RPMINDEX_PARTS], const char *suite, GPtrArray *entries, GError **error)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_autoptr(GString) path = g_string_new("rpm/");
	struct part_text at[RPMINDEX_PARTS];
	gsize size = 0;

	for (gsize i = 0; i < RPMINDEX_PARTS; i++) {
		at[i].cursor = (char *)g_bytes_get_data(parts[i], &size);
		at[i].end = at[i].cursor + size;
		g_ptr_array_add(texts, g_bytes_ref(parts[i]));
	}
	g_string_append_printf(path, "%s/", suite);
	struct parsing p = {.path = path, .suite_size = path->len, .texts = texts};
	return parse(&p, at, entries, error);
}

/* ---- writing ---- */

static char *begin_text(const struct part *row, guint packages)
{
	return g_strdup_printf(XML_BEGIN "<%s %s packages=\"%u\">\n", row->element, row->attributes, packages);
}

/* The head of an element of which the entry has the rest alone. */
static void put_head(GString *to, const entry *e)
{
	const char *colon = strchr(e->version, ':'), *dash = strrchr(e->version, '-');
	const char *begin = colon ? colon + 1 : e->version;
	g_autofree char *epoch = colon ? g_strndup(e->version, (gsize)(colon - e->version)) : g_strdup("0");
	g_autofree char *version = g_strndup(begin, (gsize)(dash - begin));
	struct rpmxml_identity id = {e->sha256, e->name, e->arch, epoch, version, dash + 1};

	rpmxml_head(to, &id);
}

static void put_record(GString *to, const entry *e, enum rpmindex_part part)
{
	if (!g_str_has_prefix(e->record[part], PACKAGE_BEGIN))
		put_head(to, e);
	g_string_append(to, e->record[part]);
	g_string_append_c(to, '\n');
}

void rpmindex_write(const GPtrArray *entries, enum rpmindex_part part, segments *to)
{
	g_autoptr(GString) record = g_string_new(NULL);
	g_autofree char *begin = begin_text(&part_rows[part], entries->len);
	g_autofree char *end = g_strdup_printf("</%s>", part_rows[part].element);

	segments_add_apart(to, begin, strlen(begin));
	for (guint i = 0; i < entries->len; i++) {
		const entry *e = entries->pdata[i];
		g_string_truncate(record, 0);
		put_record(record, e, part);
		segments_add(to, record->str, record->len, segments_boundary(e->sha256));
	}
	segments_add_apart(to, end, strlen(end));
}

GBytes *rpmindex_text(GPtrArray *entries, enum rpmindex_part part)
{
	g_autofree char *begin = begin_text(&part_rows[part], entries->len);
	GString *text = g_string_new(begin);

	for (guint i = 0; i < entries->len; i++)
		put_record(text, entries->pdata[i], part);
	g_string_append_printf(text, "</%s>", part_rows[part].element);
	return g_string_free_to_bytes(text);
}

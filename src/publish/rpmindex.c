/* dnf's metadata by libcreaterepo_c: see rpmindex.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/rpmindex.h"
#include "publish/createrepo.h"
#include "publish/error.h"

#include <string.h>

#define LETTER "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
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

	return g_strdup_printf("%s%s%s-%s", zero ? "" : epoch, zero ? "" : ":", version, release_);
}

static char *location(const char *name, const char *version, const char *release_, const char *arch)
{
	return g_strdup_printf("Packages/%s-%s-%s.%s.rpm", name, version, release_, arch);
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

/* The entry of a package whose three descriptions are made; NULL with the error set when they cannot be. */
static entry *describe(const struct createrepo *cr, cr_Package *p, const char *name, const char *suite,
		       const struct rpmread *proof, GError **error)
{
	g_autoptr(GError) cause = NULL;
	entry *e = NULL;

	complete(p, proof);
	struct cr_XmlStruct xml = cr->cr_xml_dump(p, &cause);
	if (xml.primary != NULL && xml.filelists != NULL && xml.other != NULL) {
		e = entry_for(p, suite, proof);
		e->record[RPMINDEX_PRIMARY] = g_strdup(xml.primary);
		e->record[RPMINDEX_FILELISTS] = g_strdup(xml.filelists);
		e->record[RPMINDEX_OTHER] = g_strdup(xml.other);
	} else {
		bad(error, name, cause ? cause->message : "cannot be described in XML");
	}
	free(xml.primary);
	free(xml.filelists);
	free(xml.other);
	return e;
}

entry *rpmindex_entry(const char *name, const char *file, const char *suite, const struct rpmread *proof,
		      GError **error)
{
	const struct createrepo *cr = createrepo_load(error);
	g_autoptr(GError) cause = NULL;
	cr_Package *p = cr ? cr->cr_package_from_rpm_base(file, CHANGELOG_ENTRIES, CR_HDRR_NONE, &cause) : NULL;
	entry *e = NULL;

	if (cr == NULL)
		return NULL;
	if (p == NULL) {
		bad(error, name, cause ? cause->message : "librpm cannot read it");
		return NULL;
	}
	if (!is_nevra(p->name, p->epoch, p->version, p->release, p->arch))
		bad(error, name, "its name, version or architecture has characters that packages do not have");
	else if (cr->cr_Package_contains_forbidden_control_chars(p))
		bad(error, name, "control characters in its header, which XML cannot hold");
	else
		e = describe(cr, p, name, suite, proof, error);
	cr->cr_package_free(p);
	return e;
}

/* What a package's element in primary.xml says of its identity. */
struct identity {
	GString *text; /* character data of the element being read */
	char *name, *arch, *epoch, *version, *release, *sha256, *href, *size;
};

static void set_once(char **field, const char *value)
{
	if (*field == NULL)
		*field = g_strdup(value);
}

static void start_element(GMarkupParseContext *context, const char *element, const char **names, const char **values,
			  gpointer data, GError **error)
{
	struct identity *id = data;

	(void)context, (void)error;
	g_string_truncate(id->text, 0);
	for (gsize i = 0; names[i] != NULL; i++) {
		if (strcmp(element, "version") == 0 && strcmp(names[i], "epoch") == 0)
			set_once(&id->epoch, values[i]);
		else if (strcmp(element, "version") == 0 && strcmp(names[i], "ver") == 0)
			set_once(&id->version, values[i]);
		else if (strcmp(element, "version") == 0 && strcmp(names[i], "rel") == 0)
			set_once(&id->release, values[i]);
		else if (strcmp(element, "location") == 0 && strcmp(names[i], "href") == 0)
			set_once(&id->href, values[i]);
		else if (strcmp(element, "size") == 0 && strcmp(names[i], "package") == 0)
			set_once(&id->size, values[i]);
	}
}

static void end_element(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
	struct identity *id = data;

	(void)context, (void)error;
	if (strcmp(element, "name") == 0)
		set_once(&id->name, id->text->str);
	else if (strcmp(element, "arch") == 0)
		set_once(&id->arch, id->text->str);
	else if (strcmp(element, "checksum") == 0)
		set_once(&id->sha256, id->text->str);
}

static void character_data(GMarkupParseContext *context, const char *text, gsize size, gpointer data, GError **error)
{
	(void)context, (void)error;
	g_string_append_len(((struct identity *)data)->text, text, (gssize)size);
}

static void identity_clear(struct identity *id)
{
	g_string_free(id->text, TRUE);
	g_free(id->name);
	g_free(id->arch);
	g_free(id->epoch);
	g_free(id->version);
	g_free(id->release);
	g_free(id->sha256);
	g_free(id->href);
	g_free(id->size);
}

static entry *entry_from_identity(const struct identity *id, const char *suite, GError **error)
{
	guint64 size = 0;

	if (!is_nevra(id->name, id->epoch, id->version, id->release, id->arch) || id->sha256 == NULL ||
	    strlen(id->sha256) != 64 || id->size == NULL ||
	    !g_ascii_string_to_unsigned(id->size, 10, 0, G_MAXINT64, &size, NULL)) {
		bad(error, "primary.xml", "a package without a proper name, version, architecture, size or checksum");
		return NULL;
	}
	g_autofree char *href = location(id->name, id->version, id->release, id->arch);
	if (g_strcmp0(href, id->href) != 0) {
		bad(error, "primary.xml", "a package is not at the place its name gives it");
		return NULL;
	}
	entry *e = g_new0(entry, 1);
	*e = (entry){.family = &family_rpm,
		     .name = g_strdup(id->name),
		     .version = evr(id->epoch, id->version, id->release),
		     .arch = g_strdup(id->arch),
		     .path = g_strdup_printf("rpm/%s/%s", suite, href),
		     .sha256 = g_strdup(id->sha256),
		     .size = size};
	return e;
}

static entry *parse_primary(const char *chunk, gsize size, const char *suite, GError **error)
{
	static const GMarkupParser parser = {
		.start_element = start_element, .end_element = end_element, .text = character_data};
	struct identity id = {.text = g_string_new(NULL)};
	GMarkupParseContext *context = g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &id, NULL);
	g_autoptr(GError) cause = NULL;
	entry *e = NULL;

	if (!g_markup_parse_context_parse(context, chunk, (gssize)size, &cause) ||
	    !g_markup_parse_context_end_parse(context, &cause))
		bad(error, "primary.xml", cause->message);
	else
		e = entry_from_identity(&id, suite, error);
	g_markup_parse_context_free(context);
	identity_clear(&id);
	return e;
}

/* The next package's element, from its tag to behind its end; NULL when there is none. */
static const char *next_package(const char **cursor, gsize *size)
{
	const char *begin = strstr(*cursor, "<package ");
	const char *end = begin ? strstr(begin, PACKAGE_END) : NULL;

	if (end == NULL)
		return NULL;
	*cursor = end + strlen(PACKAGE_END);
	*size = (gsize)(*cursor - begin);
	return begin;
}

static gboolean add_part(entry *e, enum rpmindex_part part, const char **cursor, GError **error)
{
	gsize size = 0;
	const char *chunk = next_package(cursor, &size);
	g_autofree char *begin = g_strdup_printf("<package pkgid=\"%s\"", e->sha256);

	if (chunk == NULL || strncmp(chunk, begin, strlen(begin)) != 0)
		return bad(error, rpmindex_part_name(part), "not of the same packages as primary.xml");
	e->record[part] = g_strndup(chunk, size);
	return TRUE;
}

gboolean rpmindex_parse(GBytes *const parts[RPMINDEX_PARTS], const char *suite, GPtrArray *entries, GError **error)
{
	const char *cursor[RPMINDEX_PARTS];
	const char *chunk;
	gsize size = 0;

	for (gsize i = 0; i < RPMINDEX_PARTS; i++)
		cursor[i] = g_bytes_get_data(parts[i], NULL);
	while ((chunk = next_package(&cursor[RPMINDEX_PRIMARY], &size)) != NULL) {
		g_autoptr(entry) e = parse_primary(chunk, size, suite, error);
		if (e == NULL || !add_part(e, RPMINDEX_FILELISTS, &cursor[RPMINDEX_FILELISTS], error) ||
		    !add_part(e, RPMINDEX_OTHER, &cursor[RPMINDEX_OTHER], error))
			return FALSE;
		e->record[RPMINDEX_PRIMARY] = g_strndup(chunk, size);
		g_ptr_array_add(entries, g_steal_pointer(&e));
	}
	return TRUE;
}

GBytes *rpmindex_text(GPtrArray *entries, enum rpmindex_part part)
{
	const struct part *row = &part_rows[part];
	GString *text = g_string_new(XML_BEGIN);

	g_string_append_printf(text, "<%s %s packages=\"%u\">\n", row->element, row->attributes, entries->len);
	for (guint i = 0; i < entries->len; i++)
		g_string_append(text, ((const entry *)entries->pdata[i])->record[part]);
	g_string_append_printf(text, "</%s>", row->element);
	return g_string_free_to_bytes(text);
}

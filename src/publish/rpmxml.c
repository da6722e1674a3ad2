/* dnf's descriptions of a package in XML: see rpmxml.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/rpmxml.h"

#include <createrepo_c/misc.h>
#include <string.h>

/* ---- text ---- */

static gboolean is_forbidden(char c)
{
	return (guchar)c < ' ' && c != '\t' && c != '\n' && c != '\r';
}

static gboolean is_xml_text(const char *text)
{
	for (const char *p = text; *p != '\0'; p++)
		if (is_forbidden(*p))
			return FALSE;
	return g_utf8_validate(text, -1, NULL);
}

/* NULL for a text that can stand as it is; else it as UTF-8, without Latin-1's control characters; caller frees. */
static char *repaired(const char *text)
{
	if (is_xml_text(text))
		return NULL;
	GString *fixed = g_string_new(NULL);
	for (; *text != '\0'; text++)
		if (!is_forbidden(*text) && ((guchar)*text < 0x80 || (guchar)*text >= 0xa0))
			g_string_append_unichar(fixed, (guchar)*text);
	return g_string_free(fixed, FALSE);
}

static void put_escaped(GString *to, const char *text, const char *special)
{
	for (;;) {
		gsize plain = strcspn(text, special);
		g_string_append_len(to, text, (gssize)plain);
		text += plain;
		switch (*text) {
		case '\0': return;
		case '<': g_string_append(to, "&lt;"); break;
		case '>': g_string_append(to, "&gt;"); break;
		case '&': g_string_append(to, "&amp;"); break;
		case '"': g_string_append(to, "&quot;"); break;
		default: g_string_append_printf(to, "&#%d;", *text);
		}
		text++;
	}
}

static void put_text(GString *to, const char *text)
{
	g_autofree char *fixed = text ? repaired(text) : NULL;

	put_escaped(to, fixed ? fixed : text ? text : "", "<>&\r");
}

/* In attributes libxml2 writes what is not ASCII as numbers. */
static void put_value(GString *to, const char *text)
{
	static const char special[] = "<>&\"\t\n\r";
	g_autofree char *fixed = text ? repaired(text) : NULL;
	const char *value = fixed ? fixed : text ? text : "";

	if (g_str_is_ascii(value)) {
		put_escaped(to, value, special);
		return;
	}
	for (; *value != '\0'; value = g_utf8_next_char(value)) {
		const char one[2] = {*value, '\0'};
		if ((guchar)*value < 0x80)
			put_escaped(to, one, special);
		else
			g_string_append_printf(to, "&#x%X;", (guint)g_utf8_get_char(value));
	}
}

/* ---- elements ---- */

static void put_element(GString *to, const char *indent, const char *name, const char *text)
{
	g_string_append(to, indent);
	g_string_append_c(to, '<');
	g_string_append(to, name);
	g_string_append_c(to, '>');
	put_text(to, text);
	g_string_append(to, "</");
	g_string_append(to, name);
	g_string_append(to, ">\n");
}

static void put_attribute(GString *to, const char *name, const char *value)
{
	g_string_append_c(to, ' ');
	g_string_append(to, name);
	g_string_append(to, "=\"");
	put_value(to, value);
	g_string_append_c(to, '"');
}

static void put_number(GString *to, const char *name, gint64 value)
{
	char digits[24], *at = digits + sizeof digits - 1;
	guint64 rest = value < 0 ? 0 - (guint64)value : (guint64)value;

	*at = '\0';
	do
		*--at = (char)('0' + rest % 10);
	while ((rest /= 10) > 0);
	if (value < 0)
		*--at = '-';
	put_attribute(to, name, at);
}

static void put_version(GString *to, const char *epoch, const char *version, const char *release_)
{
	g_string_append(to, "  <version");
	put_attribute(to, "epoch", epoch);
	put_attribute(to, "ver", version);
	put_attribute(to, "rel", release_);
	g_string_append(to, "/>\n");
}

static void put_present(GString *to, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		put_attribute(to, name, value);
}

static void put_relation(GString *to, const cr_Dependency *d, gboolean requires)
{
	if (d->name == NULL || *d->name == '\0')
		return;
	g_string_append(to, "      <rpm:entry");
	put_attribute(to, "name", d->name);
	if (d->flags != NULL && *d->flags != '\0') {
		put_attribute(to, "flags", d->flags);
		put_present(to, "epoch", d->epoch);
		put_present(to, "ver", d->version);
		put_present(to, "rel", d->release);
	}
	if (requires && d->pre)
		put_attribute(to, "pre", "1");
	g_string_append(to, "/>\n");
}

static void put_relations(GString *to, const char *name, const GSList *list)
{
	if (list == NULL)
		return;
	g_string_append_printf(to, "    <rpm:%s>\n", name);
	for (gboolean requires = strcmp(name, "requires") == 0; list != NULL; list = list->next)
		put_relation(to, list->data, requires);
	g_string_append_printf(to, "    </rpm:%s>\n", name);
}

/* primary: only those that primary.xml lists. */
static void put_files(GString *to, const char *indent, const cr_Package *p, gboolean primary)
{
	g_autoptr(GString) path = g_string_new(NULL);

	for (const GSList *l = p->files; l != NULL; l = l->next) {
		const cr_PackageFile *f = l->data;
		if (f->path == NULL || f->name == NULL)
			continue;
		g_string_assign(path, f->path);
		g_string_append(path, f->name);
		if (primary && !cr_is_primary(path->str))
			continue;
		g_string_append(to, indent);
		g_string_append(to, "<file");
		if (f->type != NULL && *f->type != '\0' && strcmp(f->type, "file") != 0)
			put_attribute(to, "type", f->type);
		g_string_append_c(to, '>');
		put_text(to, path->str);
		g_string_append(to, "</file>\n");
	}
}

/* ---- the three descriptions ---- */

void rpmxml_head(GString *to, const struct rpmxml_identity *id)
{
	g_string_append(to, "<package");
	put_attribute(to, "pkgid", id->sha256);
	put_attribute(to, "name", id->name);
	put_attribute(to, "arch", id->arch);
	g_string_append(to, ">\n");
	put_version(to, id->epoch, id->version, id->release);
}

const char *rpmxml_body(const char *element)
{
	return strchr(strchr(element, '\n') + 1, '\n') + 1;
}

static GString *begin(const cr_Package *p)
{
	GString *to = g_string_sized_new(1024);
	struct rpmxml_identity id = {p->pkgId, p->name, p->arch, p->epoch, p->version, p->release};

	rpmxml_head(to, &id);
	return to;
}

/* No larger than it is, and nothing free behind it: there may be very many. */
static char *end(GString *to)
{
	g_string_append(to, "</package>");
	char *text = g_strndup(to->str, to->len);
	g_string_free(to, TRUE);
	return text;
}

static void put_identity(GString *to, const cr_Package *p)
{
	put_element(to, "  ", "name", p->name);
	put_element(to, "  ", "arch", p->arch);
	put_version(to, p->epoch, p->version, p->release);
	g_string_append(to, "  <checksum");
	put_attribute(to, "type", p->checksum_type);
	g_string_append(to, " pkgid=\"YES\">");
	put_text(to, p->pkgId);
	g_string_append(to, "</checksum>\n");
}

static void put_numbers(GString *to, const cr_Package *p)
{
	g_string_append(to, "  <time");
	put_number(to, "file", p->time_file);
	put_number(to, "build", p->time_build);
	g_string_append(to, "/>\n  <size");
	put_number(to, "package", p->size_package);
	put_number(to, "installed", p->size_installed);
	put_number(to, "archive", p->size_archive);
	g_string_append(to, "/>\n  <location");
	put_attribute(to, "href", p->location_href);
	g_string_append(to, "/>\n");
}

static void put_format(GString *to, const cr_Package *p)
{
	const struct {
		const char *name;
		const GSList *list;
	} relations[] = {
		{"provides", p->provides},   {"requires", p->requires}, {"conflicts", p->conflicts},
		{"obsoletes", p->obsoletes}, {"suggests", p->suggests}, {"enhances", p->enhances},
		{"recommends", p->recommends}, {"supplements", p->supplements},
	};

	g_string_append(to, "  <format>\n");
	put_element(to, "    ", "rpm:license", p->rpm_license);
	put_element(to, "    ", "rpm:vendor", p->rpm_vendor);
	put_element(to, "    ", "rpm:group", p->rpm_group);
	put_element(to, "    ", "rpm:buildhost", p->rpm_buildhost);
	put_element(to, "    ", "rpm:sourcerpm", p->rpm_sourcerpm);
	g_string_append(to, "    <rpm:header-range");
	put_number(to, "start", p->rpm_header_start);
	put_number(to, "end", p->rpm_header_end);
	g_string_append(to, "/>\n");
	for (gsize i = 0; i < G_N_ELEMENTS(relations); i++)
		put_relations(to, relations[i].name, relations[i].list);
	put_files(to, "    ", p, TRUE);
	g_string_append(to, "  </format>\n");
}

char *rpmxml_primary(const cr_Package *p)
{
	GString *to = g_string_sized_new(2048);

	g_string_append(to, "<package type=\"rpm\">\n");
	put_identity(to, p);
	put_element(to, "  ", "summary", p->summary);
	put_element(to, "  ", "description", p->description);
	put_element(to, "  ", "packager", p->rpm_packager);
	put_element(to, "  ", "url", p->url);
	put_numbers(to, p);
	put_format(to, p);
	return end(to);
}

char *rpmxml_filelists(const cr_Package *p)
{
	GString *to = begin(p);

	put_files(to, "  ", p, FALSE);
	return end(to);
}

char *rpmxml_other(const cr_Package *p)
{
	GString *to = begin(p);

	for (const GSList *l = p->changelogs; l != NULL; l = l->next) {
		const cr_ChangelogEntry *c = l->data;
		g_string_append(to, "  <changelog");
		put_attribute(to, "author", c->author);
		put_number(to, "date", c->date);
		g_string_append_c(to, '>');
		put_text(to, c->changelog);
		g_string_append(to, "</changelog>\n");
	}
	return end(to);
}

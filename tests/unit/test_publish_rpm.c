/* publish: what is read of .rpm files and of dnf's metadata. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "publish/error.h"
#include "publish/createrepo.h"
#include "publish/repomd.h"
#include "publish/rpmindex.h"
#include "publish/rpmread.h"
#include "publish/rpmxml.h"
#include "suite.h"

#include <dlfcn.h>
#include <string.h>

#define SHA "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define OTHER "f3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define PRIMARY(name, epoch, href)                                                                                     \
	"<package type=\"rpm\">\n  <name>" name "</name>\n  <arch>noarch</arch>\n  <version epoch=\"" epoch            \
	"\" ver=\"1.0\" rel=\"1\"/>\n  <checksum type=\"sha256\" pkgid=\"YES\">" SHA                                   \
	"</checksum>\n  <summary>&lt;package &amp;</summary>\n  <size package=\"12\" installed=\"3\" "                 \
	"archive=\"4\"/>\n"                                                                                            \
	"  <location href=\"" href "\"/>\n</package>\n"
#define FILELISTS(sha) "<package pkgid=\"" sha "\" name=\"a\" arch=\"noarch\">\n  <file>/a</file>\n</package>\n"

struct row {
	const char *primary, *filelists, *other;
	const char *version; /* NULL: refused */
};

static const struct row rows[] = {
	{PRIMARY("a", "0", "Packages/a-1.0-1.noarch.rpm"), FILELISTS(SHA), FILELISTS(SHA), "1.0-1"},
	{PRIMARY("a", "2", "Packages/a-1.0-1.noarch.rpm"), FILELISTS(SHA), FILELISTS(SHA), "2:1.0-1"},
	{PRIMARY("a", "0", "Packages/b-1.0-1.noarch.rpm"), FILELISTS(SHA), FILELISTS(SHA), NULL},
	{PRIMARY("../a", "0", "Packages/../a-1.0-1.noarch.rpm"), FILELISTS(SHA), FILELISTS(SHA), NULL},
	{PRIMARY("a", "x", "Packages/a-1.0-1.noarch.rpm"), FILELISTS(SHA), FILELISTS(SHA), NULL},
	{PRIMARY("a", "0", "Packages/a-1.0-1.noarch.rpm"), FILELISTS(OTHER), FILELISTS(SHA), NULL},
	{PRIMARY("a", "0", "Packages/a-1.0-1.noarch.rpm"), FILELISTS(SHA), "", NULL},
	{"<package type=\"rpm\"><name>a</arch></package>\n", FILELISTS(SHA), FILELISTS(SHA), NULL},
};

static GBytes *bytes(const char *text)
{
	return g_bytes_new(text, strlen(text));
}

START_TEST(test_index)
{
	const struct row *row = &rows[_i];
	g_autoptr(GBytes) primary = bytes(row->primary);
	g_autoptr(GBytes) filelists = bytes(row->filelists);
	g_autoptr(GBytes) other = bytes(row->other);
	GBytes *parts[RPMINDEX_PARTS] = {primary, filelists, other};
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_autoptr(GError) error = NULL;
	gboolean ok = rpmindex_parse(parts, "stable", entries, &error);

	if (row->version == NULL) {
		ck_assert(!ok);
		ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
		return;
	}
	ck_assert_msg(ok, "%s", error ? error->message : "");
	ck_assert_uint_eq(entries->len, 1);
	const entry *e = entries->pdata[0];
	ck_assert_str_eq(e->version, row->version);
	ck_assert_str_eq(e->path, "rpm/stable/Packages/a-1.0-1.noarch.rpm");
	ck_assert_uint_eq(e->size, 12);
	g_autoptr(GBytes) again = rpmindex_text(entries, RPMINDEX_PRIMARY);
	g_autofree char *text = g_strndup(g_bytes_get_data(again, NULL), g_bytes_get_size(again));
	ck_assert_ptr_nonnull(strstr(text, row->primary));
	ck_assert_ptr_nonnull(strstr(text, "packages=\"1\""));
}
END_TEST

START_TEST(test_repomd)
{
	g_autoptr(repomd) r = repomd_new();
	g_autoptr(GBytes) packed = bytes("packed");

	for (guint part = 0; part < RPMINDEX_PARTS; part++)
		repomd_set(r, part, part == 0 ? ".gz" : ".zst", SHA, 4, packed);
	g_autoptr(GBytes) once = repomd_text(r, 1700000000, NULL);
	g_autoptr(GBytes) again = repomd_text(r, 1700000000, NULL);
	ck_assert(g_bytes_equal(once, again));
	g_autoptr(repomd) back = repomd_parse(once, NULL);
	ck_assert_ptr_nonnull(back);
	for (guint part = 0; part < RPMINDEX_PARTS; part++) {
		ck_assert_str_eq(back->files[part].href, r->files[part].href);
		ck_assert_str_eq(back->files[part].sha256, r->files[part].sha256);
	}
}
END_TEST

START_TEST(test_repomd_refuses)
{
#define DATA(type, href) "<data type=\"" type "\"><checksum>" SHA "</checksum><location href=\"" href "\"/></data>"
	static const char *const texts[] = {
		"",
		"<repomd>",
		"<repomd></repomd>",
		"<repomd>" DATA("primary", "repodata/" SHA "-primary.xml.gz") "</repomd>",
		"<repomd>" DATA("primary", "../../" SHA "-primary.xml.gz")
			DATA("filelists", "repodata/" SHA "-filelists.xml.gz")
				DATA("other", "repodata/" SHA "-other.xml.gz") "</repomd>",
	};
	g_autoptr(GBytes) text = bytes(texts[_i]);
	g_autoptr(GError) error = NULL;
	g_autoptr(repomd) r = repomd_parse(text, &error);

	ck_assert_ptr_null(r);
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

/* Packages without end, with sizes that are lies, and without a signature. */
START_TEST(test_read_refuses)
{
	static const guint8 intro[16] = {0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 16};
	static const guint8 lie[16] = {0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff};
	g_autoptr(GByteArray) file = g_byte_array_new();
	g_autoptr(GBytes) certificate = g_bytes_new_static("", 0);
	g_autoptr(GError) error = NULL;
	struct rpmread proof = {0};
	guint8 zero[96] = {0xed, 0xab, 0xee, 0xdb};

	ck_assert_ptr_nonnull(createrepo_load(NULL));
	g_byte_array_append(file, zero, _i == 0 ? 50 : 96);
	memset(zero, 0, sizeof zero);
	for (int headers = 0; _i == 2 && headers < 2; headers++) {
		g_byte_array_append(file, intro, 16);
		g_byte_array_append(file, zero, 32);
	}
	if (_i == 1)
		g_byte_array_append(file, lie, 16);
	g_autoptr(intake) in = intake_open_memory("x.rpm", file->data, file->len);
	ck_assert(!rpmread_check(in, certificate, &proof, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, _i == 2 ? PUBLISH_ERROR_SIGNATURE : PUBLISH_ERROR_INPUT));
	ck_assert_msg(g_str_has_prefix(error->message, "x.rpm: "), "%s", error->message);
}
END_TEST

/* ---- descriptions ---- */

/* Texts of all kinds: not there, what XML escapes; the last ones no UTF-8. Control characters are refused before. */
static const char *const texts[] = {
	NULL, "", "plain", "a<b> & \"c\" 'd'", "tab\tline\nreturn\r.", " blank ", "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x98\x80",
	"/usr/bin/x", "/etc/", "0", "latin \xfc\xdf", "delete \x7f\xff<",
};
#define NO_UTF8 2

static char *any_text(GRand *r)
{
	return (char *)texts[g_rand_int_range(r, 0, G_N_ELEMENTS(texts))];
}

/* For an attribute, in which libcreaterepo_c makes broken XML of what is no UTF-8. */
static char *any_value(GRand *r)
{
	return (char *)texts[g_rand_int_range(r, 0, G_N_ELEMENTS(texts) - NO_UTF8)];
}

static GSList *any_relations(GRand *r)
{
	GSList *list = NULL;

	for (gint n = g_rand_int_range(r, 0, 4); n > 0; n--) {
		cr_Dependency *d = g_new0(cr_Dependency, 1);
		*d = (cr_Dependency){any_value(r), any_value(r), any_value(r), any_value(r), any_value(r), g_rand_boolean(r)};
		/* Where all have no name cr_xml_dump writes <rpm:requires/>, which no package leads to. */
		d->name = list || d->name ? d->name : (char *)"x";
		d->name = list == NULL && *d->name == '\0' ? (char *)"y" : d->name;
		list = g_slist_prepend(list, d);
	}
	return list;
}

static void any_lists(GRand *r, cr_Package *p)
{
	for (gint n = g_rand_int_range(r, 0, 4); n > 0; n--) {
		cr_PackageFile *file = g_new0(cr_PackageFile, 1);
		cr_ChangelogEntry *change = g_new0(cr_ChangelogEntry, 1);
		*file = (cr_PackageFile){any_value(r), any_value(r), any_value(r)};
		*change = (cr_ChangelogEntry){any_value(r), g_rand_int(r), any_text(r)};
		p->files = g_slist_prepend(p->files, file);
		p->changelogs = g_slist_prepend(p->changelogs, change);
	}
	GSList **const lists[] = {&p->requires, &p->provides, &p->conflicts, &p->obsoletes,
				  &p->suggests, &p->enhances, &p->recommends, &p->supplements};
	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
		*lists[i] = any_relations(r);
}

static void lists_free(cr_Package *p)
{
	GSList *const lists[] = {p->requires, p->provides, p->conflicts, p->obsoletes, p->suggests,
				 p->enhances, p->recommends, p->supplements, p->files, p->changelogs};

	for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
		g_slist_free_full(lists[i], g_free);
}

/* libcreaterepo_c's own, with the newline that ends it taken off. */
static void assert_same(const char *ours, char *theirs)
{
	gsize same = 0;

	g_strchomp(theirs);
	while (ours[same] != '\0' && ours[same] == theirs[same])
		same++;
	ck_assert_msg(ours[same] == theirs[same], "after %zu bytes: '%.60s' is not '%.60s'", same, ours + same, theirs + same);
	free(theirs);
}

static void check_description(__typeof__(&cr_xml_dump) dump, GRand *r)
{
	cr_Package p = {.pkgId = (char *)texts[2], .name = any_value(r), .arch = any_value(r), .version = any_value(r),
			.epoch = any_value(r), .release = any_value(r), .summary = any_text(r), .description = any_text(r),
			.url = any_text(r), .time_file = (gint32)g_rand_int(r), .time_build = g_rand_int(r),
			.rpm_license = any_text(r), .rpm_vendor = any_text(r), .rpm_group = any_text(r),
			.rpm_buildhost = any_text(r), .rpm_sourcerpm = any_text(r), .rpm_header_start = 1,
			.rpm_header_end = G_MAXINT64, .rpm_packager = any_text(r), .size_package = G_MININT64,
			.location_href = any_value(r), .checksum_type = any_value(r)};

	any_lists(r, &p);
	g_autofree char *primary = rpmxml_primary(&p), *filelists = rpmxml_filelists(&p), *other = rpmxml_other(&p);
	struct cr_XmlStruct xml = dump(&p, NULL);
	assert_same(primary, xml.primary);
	assert_same(filelists, xml.filelists);
	assert_same(other, xml.other);
	lists_free(&p);
}

/* Byte for byte what libcreaterepo_c writes. */
START_TEST(test_description)
{
	g_autoptr(GRand) r = g_rand_new_with_seed(1);
	void *library = dlopen(CREATEREPO_SONAME, RTLD_NOW | RTLD_LOCAL);
	__typeof__(&cr_xml_dump) dump = library ? (__typeof__(&cr_xml_dump))dlsym(library, "cr_xml_dump") : NULL;

	ck_assert_ptr_nonnull(createrepo_load(NULL));
	ck_assert_ptr_nonnull(dump);
	for (int i = 0; i < 1000; i++)
		check_description(dump, r);
}
END_TEST

static Suite *publish_rpm_suite(void)
{
	Suite *s = suite_create("publish rpm");
	TCase *t = tcase_create("rpm");

	tcase_add_loop_test(t, test_index, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_repomd);
	tcase_add_loop_test(t, test_repomd_refuses, 0, 5);
	tcase_add_loop_test(t, test_read_refuses, 0, 3);
	tcase_add_test(t, test_description);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(publish_rpm_suite)

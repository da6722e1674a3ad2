/* closure.c, closure_client.c, closure_deb.c, closure_rpm.c, closure_words.c: what can be installed on a base, and why not. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/base_text.h"
#include "publish/closure_private.h"
#include "publish/error.h"
#include "suite.h"

#include <string.h>

#define BASE_DEB "abide-base\t1\nfamily\tdeb\nname\tdebian-99\narch\tamd64\n"
#define BASE_RPM "abide-base\t1\nfamily\trpm\nname\tel-99\narch\tx86_64\n"

static struct base *base_from(const char *head, const char *packages)
{
	char *text = g_strconcat(head, packages, NULL);
	g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
	GError *error = NULL;
	struct base *b = base_parse("test", bytes, &error);

	ck_assert_msg(b != NULL, "%s", error ? error->message : "");
	return b;
}

/* ---- debs ---- */

/* "name version arch; Field: value; Field: value" */
static entry *deb(const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, "; ", -1);
	g_auto(GStrv) words = g_strsplit(parts[0], " ", -1);
	entry *e = g_new0(entry, 1);
	GString *stanza = g_string_new(NULL);

	e->family = &family_deb;
	e->name = g_strdup(words[0]);
	e->version = g_strdup(words[1]);
	e->arch = g_strdup(words[2]);
	e->path = g_strdup_printf("pool/%s", parts[0]);
	g_string_append_printf(stanza, "Package: %s\nVersion: %s\nArchitecture: %s\n", e->name, e->version, e->arch);
	for (char **field = parts + 1; *field != NULL; field++)
		g_string_append_printf(stanza, "%s\n", *field);
	e->record[0] = g_string_free(stanza, FALSE);
	return e;
}

static GPtrArray *debs(const char *text)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0')
			g_ptr_array_add(entries, deb(*line));
	return entries;
}

/* "libc6 2.36 ..." of the base; packages of the suite; what is said, each on a line, "~" before what is only unpinned. */
static const struct {
	const char *base, *suite, *said;
} rows[] = {
	/* what is there */
	{"package\tlibc6\t2.36-9\tamd64\tsame\n", "a 1 amd64; Depends: libc6 (>= 2.34)\n", ""},
	{"package\tlibc6\t2.36-9\tamd64\tsame\n", "a 1 all; Depends: libc6 (>= 2.37)\n",
	 "a 1 (all) on debian-99-amd64: needs libc6 (>= 2.37); the newest there is 2.36-9\n"},
	{"available\tadduser\t3\tall\tforeign\n", "a 1 amd64; Pre-Depends: adduser\n", ""},
	{"package\tx\t1\tall\n", "a 1 amd64; Depends: nothing\n",
	 "a 1 (amd64) on debian-99-amd64: needs nothing, which nothing provides\n"},
	/* versions of the suite, old ones too */
	{"package\tx\t1\tall\n", "lib 1.0-1 amd64\nlib 1.2-1 amd64\nsvc 1-1 amd64; Depends: lib (>= 1.1)\n", ""},
	{"package\tx\t1\tall\n", "lib 1.0-1 amd64\nlib 1.2-1 amd64\nsvc 1-1 amd64; Depends: lib (<< 1.1)\n",
	 "~svc 1-1 (amd64) on debian-99-amd64: only with lib=1.0-1, which has to be named or pinned: apt takes the newest of "
	 "each package\n"},
	{"package\tx\t1\tall\n", "lib 1.0-1 amd64\nlib 1.2-1 amd64\nsvc 1-1 amd64; Depends: lib (<< 1.1)\nsvc 2 amd64\n", ""},
	{"package\tx\t1\tall\n", "lib 1.0-1 amd64\nsvc 1-1 amd64; Depends: lib (= 1.0-2)\n",
	 "svc 1-1 (amd64) on debian-99-amd64: needs lib (= 1.0-2); the newest there is 1.0-1\n"},
	{"package\tx\t1\tall\n", "lib 1.0-1 amd64\nsvc 1-1 amd64; Depends: lib (<< 1.0)\n",
	 "svc 1-1 (amd64) on debian-99-amd64: needs lib (<< 1.0); the oldest there is 1.0-1\n"},
	/* dependencies of dependencies */
	{"package\tx\t1\tall\n", "a 1 all; Depends: b\nb 1 all; Depends: c\nb 2 all; Depends: d\n",
	 "a 1 (all) on debian-99-amd64: needs b, and b 2 (all) needs d, which nothing provides\n"
	 "b 1 (all) on debian-99-amd64: needs c, which nothing provides\n"
	 "b 2 (all) on debian-99-amd64: needs d, which nothing provides\n"},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b\nb 1 all; Depends: a\n", ""},
	/* alternatives, virtual packages; only a versioned Provides satisfies a versioned dependency */
	{"package\tx\t1\tall\n", "a 1 all; Depends: gone | b (>= 2) | c\nc 1 all\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: mta\nc 1 all; Provides: mta\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: mta (>= 1)\nc 1 all; Provides: mta\n",
	 "a 1 (all) on debian-99-amd64: needs mta (>= 1), which nothing provides\n"},
	{"package\tx\t1\tall\n", "a 1 all; Depends: mta (>= 1)\nc 1 all; Provides: mta (= 2)\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b (>= 2) | c (>= 2)\nc 1 all\n",
	 "a 1 (all) on debian-99-amd64: needs b (>= 2) | c (>= 2), which nothing provides\n"},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b (>> 1.0)\nb 1.0-0 all\n",
	 "a 1 (all) on debian-99-amd64: needs b (>> 1.0); the newest there is 1.0\n"},
	/* conflicts */
	{"package\tx\t1\tall\n", "a 1 all; Conflicts: x\n",
	 "a 1 (all) on debian-99-amd64: conflicts with x 1 of the base\n"},
	{"available\tx\t1\tall\n", "a 1 all; Conflicts: x\n", ""},
	{"package\tx\t1\tall\npackage-conflicts\ta (<< 2)\n", "a 1 all\na 2 all\n",
	 "a 1 (all) on debian-99-amd64: x 1 of the base conflicts with a 1 (all) (a (<< 2))\n"},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b, c\nb 1 all; Breaks: c\nc 1 all\n",
	 "a 1 (all) on debian-99-amd64: needs b; needs c; b 1 (all) conflicts with c 1 (all)\n"},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b, c\nb 1 all; Breaks: c (<< 2)\nc 1 all\nc 2 all\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Provides: mta; Conflicts: mta\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b\nb 1 all; Provides: m; Conflicts: m\nc 1 all; Provides: m; Conflicts: m\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: b | c\nb 1 all; Conflicts: a\nc 1 all\n", ""},
	/* what is installed may become newer, but what depends on it has to be content */
	{"package\tx\t1\tall\n", "a 1 all; Depends: x (>= 2)\nx 2 all\n", ""},
	{"package\tx\t1\tall\npackage\ty\t1\tall\npackage-depends\tx (= 1)\n", "a 1 all; Depends: x (>= 2)\nx 2 all\n",
	 "a 1 (all) on debian-99-amd64: needs x (>= 2); y 1 of the base needs x (= 1); x 2 (all) and x 1 of the base cannot both "
	 "be installed\n"
	 "x 2 (all) on debian-99-amd64: y 1 of the base needs x (= 1); x 2 (all) and x 1 of the base cannot both be installed\n"},
	{"package\tx\t2\tall\n", "x 1 all\n", ""},
	{"package\tx\t2\tall\n", "a 1 all; Depends: x (<< 2)\nx 1 all\n",
	 "~a 1 (all) on debian-99-amd64: only with x=1, which has to be named or pinned: apt takes the newest of each package\n"},
	/* architectures */
	{"package\tx\t1\tall\n", "a 1 arm64; Depends: gone\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: py:any\npy 3 amd64; Multi-Arch: allowed\n", ""},
	{"package\tx\t1\tall\n", "a 1 all; Depends: py:any\npy 3 amd64\n",
	 "a 1 (all) on debian-99-amd64: needs py:any, which nothing provides\n"},
	{"package\tz\t1\ti386\tsame\n", "a 1 i386; Depends: lib\nlib 1 amd64\n",
	 "a 1 (i386) on debian-99-amd64: needs lib:i386, which nothing provides\n"},
	{"package\tz\t1\ti386\tsame\n", "a 1 i386; Depends: lib, z\nlib 1 amd64; Multi-Arch: foreign\n", ""},
	{"package\tz\t1\ti386\tsame\n", "z 1 amd64; Multi-Arch: same\n", ""},
	{"package\tz\t1\ti386\tsame\n", "a 1 amd64; Depends: z, y\nz 1 amd64; Multi-Arch: same\ny 1 amd64; Depends: z:i386\n", ""},
};

static char *said(const GPtrArray *findings)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < findings->len; i++) {
		const struct closure_finding *f = findings->pdata[i];
		g_string_append_printf(text, "%s%s\n", f->unpinned ? "~" : "", f->text);
	}
	return g_string_free(text, FALSE);
}

START_TEST(test_deb)
{
	g_autoptr(base) b = base_from(BASE_DEB, rows[_i].base);
	g_autoptr(GPtrArray) entries = debs(rows[_i].suite);
	GError *error = NULL;
	g_autoptr(closure) c = closure_new(b, entries, &error);

	ck_assert_msg(c != NULL, "%s", error ? error->message : "");
	g_autoptr(GPtrArray) findings = closure_check(c);
	g_autofree char *text = said(findings);
	ck_assert_str_eq(text, rows[_i].said);
}
END_TEST

START_TEST(test_entries)
{
	g_autoptr(base) b = base_from(BASE_DEB, "package\tx\t1\tall\n");
	g_autoptr(GPtrArray) entries = debs("a 1 arm64\na 1 amd64\nb 1 all\n");
	g_autoptr(closure) c = closure_new(b, entries, NULL);

	ck_assert_uint_eq(closure_entries(c)->len, 2);
	ck_assert_ptr_eq(closure_entries(c)->pdata[0], entries->pdata[1]);
}
END_TEST

START_TEST(test_base_without_packages)
{
	g_autoptr(base) b = base_from(BASE_DEB, "");
	g_autoptr(GPtrArray) entries = debs("a 1 all\n");
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(closure_new(b, entries, &error));
	ck_assert(g_error_matches(error, PUBLISH_ERROR, PUBLISH_ERROR_INPUT));
}
END_TEST

/* ---- rpms ---- */

static void append_dep(GString *xml, const char *text)
{
	static const struct {
		const char *text, *flags;
	} rows_of_flags[] = {{" >= ", "GE"}, {" <= ", "LE"}, {" = ", "EQ"}, {" < ", "LT"}, {" > ", "GT"}};
	const char *flags = NULL;
	g_auto(GStrv) parts = NULL;

	for (gsize i = 0; *text != '(' && flags == NULL && i < G_N_ELEMENTS(rows_of_flags); i++)
		if (strstr(text, rows_of_flags[i].text) != NULL) {
			flags = rows_of_flags[i].flags;
			parts = g_strsplit(text, rows_of_flags[i].text, 2);
		}
	g_autofree char *name = g_markup_escape_text(parts ? parts[0] : text, -1);
	g_string_append_printf(xml, "<rpm:entry name=\"%s\"", name);
	if (flags != NULL)
		g_string_append_printf(xml, " flags=\"%s\" epoch=\"0\" ver=\"%s\"", flags, parts[1]);
	g_string_append(xml, "/>");
}

/* "name version arch; requires: a >= 1, (b or c); file: /usr/bin/x; list: /opt/x": record[] as createrepo_c would write them. */
static entry *rpm(const char *line)
{
	g_auto(GStrv) parts = g_strsplit(line, "; ", -1);
	g_auto(GStrv) words = g_strsplit(parts[0], " ", -1);
	g_autofree char *version = g_strndup(words[1], strcspn(words[1], "-"));
	g_autofree char *pkgid = g_compute_checksum_for_string(G_CHECKSUM_SHA256, parts[0], -1);
	g_autoptr(GString) format = g_string_new(NULL), list = g_string_new(NULL);
	entry *e = g_new0(entry, 1);

	e->family = &family_rpm;
	e->name = g_strdup(words[0]);
	e->version = g_strdup(words[1]);
	e->arch = g_strdup(words[2]);
	e->path = g_strdup_printf("rpm/%s", parts[0]);
	for (char **field = parts + 1; *field != NULL; field++) {
		g_auto(GStrv) pair = g_strsplit(*field, ": ", 2), deps = g_strsplit(pair[1], ", ", -1);
		if (strcmp(pair[0], "file") == 0)
			g_string_append_printf(format, "<file>%s</file>", pair[1]);
		else if (strcmp(pair[0], "list") == 0)
			g_string_append_printf(list, "<file>%s</file>", pair[1]);
		else
			g_string_append_printf(format, "<rpm:%s>", pair[0]);
		for (char **dep = deps; *dep != NULL && strcmp(pair[0], "file") != 0 && strcmp(pair[0], "list") != 0; dep++)
			append_dep(format, *dep);
		if (strcmp(pair[0], "file") != 0 && strcmp(pair[0], "list") != 0)
			g_string_append_printf(format, "</rpm:%s>", pair[0]);
	}
	e->record[0] = g_strdup_printf("<package type=\"rpm\"><name>%s</name><arch>%s</arch><version epoch=\"0\" ver=\"%s\" rel=\"%s\"/>"
				       "<checksum type=\"sha256\" pkgid=\"YES\">%s</checksum><format><rpm:provides>"
				       "<rpm:entry name=\"%s\" flags=\"EQ\" epoch=\"0\" ver=\"%s\" rel=\"%s\"/></rpm:provides>%s</format></package>\n",
				       e->name, e->arch, version, e->version + strlen(version) + 1, pkgid, e->name, version,
				       e->version + strlen(version) + 1, format->str);
	e->record[1] = g_strdup_printf("<package pkgid=\"%s\" name=\"%s\" arch=\"%s\"><version epoch=\"0\" ver=\"%s\" rel=\"%s\"/>%s</package>\n",
				       pkgid, e->name, e->arch, version, e->version + strlen(version) + 1, list->str);
	e->record[2] = g_strdup("");
	return e;
}

static const struct {
	const char *base, *suite, *said;
} rpm_rows[] = {
	{"package\tglibc\t2.34-1\tx86_64\npackage-provides\tlibc.so.6()(64bit)\t/bin/sh\n",
	 "a 1-1 x86_64; requires: libc.so.6()(64bit), /bin/sh, glibc >= 2.30\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: lib >= 2\nlib 1-1 noarch\n",
	 "a 1-1 (noarch) on el-99-x86_64: needs lib >= 2; the newest there is 1-1\n"},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: lib = 1\nlib 1-1 noarch\nlib 2-1 noarch\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 aarch64; requires: gone\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: /usr/bin/b\nb 1-1 noarch; file: /usr/bin/b\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: /opt/b/data\nb 1-1 noarch; list: /opt/b/data\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: /opt/b/none\nb 1-1 noarch; list: /opt/b/data\n",
	 "a 1-1 (noarch) on el-99-x86_64: needs /opt/b/none, which nothing provides\n"},
	/* rich dependencies */
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: (gone or b)\nb 1-1 noarch\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: (gone and b)\nb 1-1 noarch\n",
	 "a 1-1 (noarch) on el-99-x86_64: needs (gone and b), which nothing provides\n"},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: (gone if b)\nb 1-1 noarch\n", ""},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: (gone if x)\n",
	 "a 1-1 (noarch) on el-99-x86_64: needs (gone if x)\n"},
	/* conflicts and obsoletes; an Obsoletes is about names only */
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; conflicts: x < 2\n",
	 "a 1-1 (noarch) on el-99-x86_64: conflicts with x 1-1 of the base (x < 2)\n"},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: b, c\nb 1-1 noarch; obsoletes: c\nc 1-1 noarch\n",
	 "a 1-1 (noarch) on el-99-x86_64: needs b; needs c; b 1-1 (noarch) obsoletes c 1-1 (noarch)\n"},
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: b, c\nb 1-1 noarch; obsoletes: v\nc 1-1 noarch; provides: v\n", ""},
	/* two architectures side by side */
	{"package\tx\t1-1\tnoarch\n", "a 1-1 noarch; requires: b(x86-32), b(x86-64)\nb 1-1 i686; provides: b(x86-32)\n"
	 "b 1-1 x86_64; provides: b(x86-64)\n", ""},
};

START_TEST(test_rpm)
{
	g_autoptr(base) b = base_from(BASE_RPM, rpm_rows[_i].base);
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_auto(GStrv) lines = g_strsplit(rpm_rows[_i].suite, "\n", -1);
	GError *error = NULL;

	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0')
			g_ptr_array_add(entries, rpm(*line));
	g_autoptr(closure) c = closure_new(b, entries, &error);
	ck_assert_msg(c != NULL, "%s", error ? error->message : "");
	g_autoptr(GPtrArray) findings = closure_check(c);
	g_autofree char *text = said(findings);
	ck_assert_str_eq(text, rpm_rows[_i].said);
}
END_TEST

/* ---- by name, seeing some packages only ---- */

/* The base; the packages of the suite, "!" before those that the client does not see; the names; what comes of it. */
static const struct {
	const char *base, *suite, *names, *installed, *why;
} request_rows[] = {
	/* apt takes the newest that it sees, wherever it is, and nothing else */
	{"package\tx\t1\tall\n", "lib 1 amd64\n!lib 2 amd64\nsvc 1 all; Depends: lib\n", "svc", "lib 1,svc 1", NULL},
	{"package\tx\t1\tall\n", "lib 1 amd64\nlib 2 amd64\nsvc 1 all; Depends: lib (<< 2)\n", "svc", NULL,
	 "svc 1 (all) needs lib (<< 2); the oldest there is 2"},
	{"package\tx\t1\tall\n", "lib 1 amd64\n!lib 2 amd64\nsvc 1 all; Depends: lib (>= 2)\n", "svc", NULL,
	 "svc 1 (all) needs lib (>= 2); the newest there is 1"},
	{"package\tx\t1\tall\n", "!lib 2 amd64\nsvc 1 all; Depends: lib (>= 2)\n", "svc", NULL,
	 "svc 1 (all) needs lib (>= 2), which nothing that is seen provides"},
	{"package\tx\t1\tall\navailable\tlib\t3\tall\n", "lib 1 amd64\nsvc 1 all; Depends: lib (<< 2)\n", "svc", NULL,
	 "svc 1 (all) needs lib (<< 2); the oldest there is 3"},
	{"package\tlib\t3\tall\n", "lib 1 all\n", "lib", "", NULL},
	{"package\tlib\t1\tall\n", "lib 3 all\n", "lib", "lib 3", NULL},
	{"package\tlib\t1\tall\n", "lib 3 all\nsvc 1 all; Depends: lib\n", "svc", "svc 1", NULL},
	{"package\tlib\t1\tall\npackage\ty\t1\tall\npackage-depends\tlib (<< 3)\n", "lib 3 all\n", "lib", NULL,
	 "y 1 of the base needs lib (<< 3)"},
	{"package\tx\t1\tall\n", "!svc 1 all\n", "svc", NULL, "no version of svc is there"},
	{"package\tx\t1\tall\n", "", "svc", NULL, "no version of svc is there"},
	{"package\tx\t1\tall\navailable\ttool\t1\tall\n", "", "tool", "", NULL},
	{"package\tx\t1\tall\npackage\tz\t1\ti386\tsame\n", "svc 1 i386\n", "svc", "svc 1", NULL},
	{"package\tx\t1\tall\n", "a 1 all; Conflicts: b\nb 1 all\n", "a b", NULL, "a 1 (all) conflicts with b 1 (all)"},
};

static const struct {
	const char *base, *suite, *names, *installed, *why;
} rpm_request_rows[] = {
	/* dnf takes any version that it sees, and what obsoletes a package for it */
	{"package\tx\t1-1\tnoarch\n", "lib 1-1 noarch\nlib 2-1 noarch\nsvc 1-1 noarch; requires: lib < 2\n", "svc",
	 "lib 1-1,svc 1-1", NULL},
	{"package\tx\t1-1\tnoarch\n", "!lib 1-1 noarch\nlib 2-1 noarch\nsvc 1-1 noarch; requires: lib < 2\n", "svc", NULL,
	 "svc 1-1 (noarch) needs lib < 2; the oldest there is 2-1"},
	{"package\tx\t1-1\tnoarch\n", "svc 1-1 noarch; requires: lib\nsvc 2-1 noarch; requires: gone\nlib 1-1 noarch\n",
	 "svc", "lib 1-1,svc 1-1", NULL},
	{"package\tx\t1-1\tnoarch\n", "svc 1-1 noarch\nnew 1-1 noarch; obsoletes: svc\n", "svc", NULL,
	 "new 1-1 (noarch) takes the place of svc, which it obsoletes"},
	{"package\tx\t1-1\tnoarch\n", "svc 1-1 noarch\n!new 1-1 noarch; obsoletes: svc\n", "svc", "svc 1-1", NULL},
	{"package\tx\t1-1\tnoarch\n", "svc 1-1 noarch\nsvc 2-1 noarch\nnew 1-1 noarch; obsoletes: svc < 2\n", "svc", "svc 2-1", NULL},
	{"package\tlib\t3-1\tnoarch\n", "lib 1-1 noarch\n", "lib", "", NULL},
	/* What is installed does not do where only another version is let through, but where it is let through itself. */
	{"package\tlib\t1-1\tnoarch\n", "lib 2-1 noarch\n", "lib", "lib 2-1", NULL},
	{"package\tlib\t1-1\tnoarch\n", "lib 2-1 noarch; requires: gone\n", "lib", "", "gone"},
	{"package\tlib\t1-1\tnoarch\n", "lib 1-1 noarch\nlib 2-1 noarch; requires: gone\n", "lib", "", NULL},
};

static gint by_name_of_entry(gconstpointer a, gconstpointer b)
{
	return strcmp((*(entry *const *)a)->name, (*(entry *const *)b)->name);
}

static void check_request(closure *c, const guint8 *seen, const char *wanted, const char *expected, const char *reason)
{
	g_auto(GStrv) names = g_strsplit(wanted, " ", -1);
	g_autoptr(GPtrArray) installed = g_ptr_array_new();
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *why = NULL;
	gboolean found = closure_request(c, seen, (const char *const *)names, g_strv_length(names), installed, &why);

	g_ptr_array_sort(installed, by_name_of_entry);
	for (guint i = 0; i < installed->len; i++) {
		const entry *e = installed->pdata[i];
		g_string_append_printf(text, "%s%s %s", i ? "," : "", e->name, e->version);
	}
	ck_assert_msg(found == (reason == NULL), "%s", found ? text->str : why);
	if (found)
		ck_assert_str_eq(text->str, expected);
	else
		ck_assert_msg(strstr(why, reason) != NULL, "%s", why);
}

static void request(const struct base *b, const char *suite, entry *(*make)(const char *), const char *names,
		    const char *installed, const char *why)
{
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
	g_auto(GStrv) lines = g_strsplit(suite, "\n", -1);
	g_autofree guint8 *seen = g_new0(guint8, g_strv_length(lines) + 1);

	for (char **line = lines; *line != NULL; line++)
		if (**line != '\0') {
			seen[entries->len] = **line != '!';
			g_ptr_array_add(entries, make(*line + (**line == '!')));
		}
	g_autoptr(closure) c = closure_new(b, entries, NULL);
	check_request(c, seen, names, installed, why);
}

START_TEST(test_request)
{
	g_autoptr(base) b = base_from(BASE_DEB, request_rows[_i].base);

	request(b, request_rows[_i].suite, deb, request_rows[_i].names, request_rows[_i].installed, request_rows[_i].why);
}
END_TEST

START_TEST(test_rpm_request)
{
	g_autoptr(base) b = base_from(BASE_RPM, rpm_request_rows[_i].base);

	request(b, rpm_request_rows[_i].suite, rpm, rpm_request_rows[_i].names, rpm_request_rows[_i].installed,
		rpm_request_rows[_i].why);
}
END_TEST

/* ---- many ---- */

/* N packages, each of which needs the next; the last one the first, or what LAST says. */
static GPtrArray *circle(guint n, const char *last)
{
	GPtrArray *entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);

	for (guint i = 0; i < n; i++) {
		g_autofree char *next = g_strdup_printf("p%04u", (i + 1) % n);
		g_autofree char *line =
			g_strdup_printf("p%04u 1 amd64; Depends: %s%s", i, i + 1 < n ? next : last, i == n / 2 ? ", y, z" : "");
		g_ptr_array_add(entries, deb(line));
	}
	return entries;
}

static GPtrArray *check_many(GPtrArray *entries, const char *base)
{
	g_autoptr(base) b = base_from(BASE_DEB, base);
	g_autoptr(closure) c = closure_new(b, entries, NULL);

	return closure_check(c);
}

/* A whole circle stands or falls together; more than 16 packages cannot be installed, and each is told. */
START_TEST(test_circle)
{
	g_autoptr(GPtrArray) entries = circle(300, "p0000");
	g_ptr_array_add(entries, deb("y 1 amd64"));
	g_ptr_array_add(entries, deb(_i == 0 ? "z 1 amd64" : "z 1 amd64; Conflicts: y"));
	g_autoptr(GPtrArray) findings = check_many(entries, "package\tx\t1\tall\n");

	ck_assert_uint_eq(findings->len, _i == 0 ? 0 : 300);
	if (_i == 0)
		return;
	const char *first = ((struct closure_finding *)findings->pdata[0])->text;
	const char *later = ((struct closure_finding *)findings->pdata[299])->text;
	ck_assert_msg(strstr(first, "p0150 1 (amd64) needs z; ") != NULL, "%s", first);
	ck_assert_str_eq(later, "p0299 1 (amd64) on debian-99-amd64: needs p0000, and p0000 1 (amd64) cannot be installed");
}
END_TEST

/* The middle of a long chain is left out, the reason at its end is not. */
START_TEST(test_chain)
{
	g_autoptr(GPtrArray) entries = circle(300, "gone");
	g_ptr_array_add(entries, deb("y 1 amd64"));
	g_ptr_array_add(entries, deb("z 1 amd64"));
	g_autoptr(GPtrArray) findings = check_many(entries, "package\tx\t1\tall\n");

	ck_assert_uint_eq(findings->len, 300);
	const char *first = ((struct closure_finding *)findings->pdata[0])->text;
	ck_assert_msg(g_str_has_suffix(first, "needs p0008, and p0008 1 (amd64) needs more, and in the end p0299 1 (amd64) needs "
					      "gone, which nothing provides"),
		      "%s", first);
}
END_TEST

static char *random_line(GRand *r, guint i)
{
	GString *line = g_string_new(NULL);

	g_string_printf(line, "q%02u %d amd64", i / 2, 1 + (int)i % 2);
	for (gint n = g_rand_int_range(r, 0, 3); n > 0; n--)
		g_string_append_printf(line, "%sq%02d%s", strstr(line->str, "Depends") ? ", " : "; Depends: ",
				       g_rand_int_range(r, 0, 42), g_rand_int_range(r, 0, 4) == 0 ? " (>= 2)" : "");
	if (g_rand_int_range(r, 0, 4) == 0)
		g_string_append_printf(line, "; Conflicts: q%02d (<< %d)", g_rand_int_range(r, 0, 40), g_rand_int_range(r, 2, 4));
	return g_string_free(line, FALSE);
}

static gboolean is_found(const GPtrArray *findings, const entry *e)
{
	for (guint i = 0; i < findings->len; i++) {
		const struct closure_finding *f = findings->pdata[i];
		if (f->entry == e && !f->unpinned)
			return TRUE;
	}
	return FALSE;
}

static gboolean can_alone(closure *c, Id id)
{
	Queue job;

	queue_init(&job);
	queue_push2(&job, SOLVER_INSTALL | SOLVER_SOLVABLE, id);
	Solver *solver = closure_solve(c, &job, NULL);
	gboolean can = solver_problem_count(solver) == 0;
	solver_free(solver);
	queue_free(&job);
	return can;
}

/* What is said of each of many packages that hang together is what the solver says of it alone. */
START_TEST(test_agrees)
{
	g_autoptr(GRand) r = g_rand_new_with_seed((guint32)_i);
	g_autoptr(base) b = base_from(BASE_DEB, "package\tx\t1\tall\n");
	g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);

	for (guint i = 0; i < 80; i++) {
		g_autofree char *line = random_line(r, i);
		g_ptr_array_add(entries, deb(line));
	}
	g_autoptr(closure) c = closure_new(b, entries, NULL);
	g_autoptr(GPtrArray) findings = closure_check(c);
	for (guint i = 0; i < closure_entries(c)->len; i++) {
		const entry *e = closure_entries(c)->pdata[i];
		ck_assert_msg(can_alone(c, c->first + (Id)i) != is_found(findings, e), "seed %d: %s %s", _i, e->name, e->version);
	}
}
END_TEST

static Suite *closure_suite(void)
{
	Suite *s = suite_create("publish closure");
	TCase *t = tcase_create("closure");

	tcase_add_loop_test(t, test_deb, 0, G_N_ELEMENTS(rows));
	tcase_add_test(t, test_entries);
	tcase_add_test(t, test_base_without_packages);
	tcase_add_loop_test(t, test_rpm, 0, G_N_ELEMENTS(rpm_rows));
	tcase_add_loop_test(t, test_request, 0, G_N_ELEMENTS(request_rows));
	tcase_add_loop_test(t, test_rpm_request, 0, G_N_ELEMENTS(rpm_request_rows));
	tcase_add_loop_test(t, test_circle, 0, 2);
	tcase_add_test(t, test_chain);
	tcase_add_loop_test(t, test_agrees, 0, 100);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(closure_suite)

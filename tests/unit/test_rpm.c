/* rpm*.c: relations, scriptlets and the header, read back with librpm. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/rpm.h"
#include "sample.h"
#include "suite.h"

#include <rpm/rpmlib.h>
#include <rpm/rpmts.h>
#include <stdio.h>
#include <unistd.h>

static char *names(GPtrArray *deps)
{
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < deps->len; i++) {
		const struct rpmpkg_dep *d = deps->pdata[i];
		g_string_append_printf(out, "%s%s%s\n", d->name, *d->version == '\0' ? "" : " ", d->version);
	}
	g_ptr_array_unref(deps);
	return g_string_free(out, FALSE);
}

START_TEST(test_relations)
{
	g_autoptr(package) p = sample_library();

	g_ptr_array_add(p->relations[RELATION_DEPENDS], relation_new("acl", RELATION_GREATER_EQUAL, "2~rc1"));
	ck_assert(package_seal(p, NULL));
	g_autofree char *provides = names(rpmpkg_provides(p)), *requires = names(rpmpkg_requires(p));
	ck_assert_str_eq(provides, "config(libwarden1) 1.1.0-1\nlibwarden.so.1()(64bit)\n"
				   "libwarden.so.1(LIBWARDEN_1.0)(64bit)\nlibwarden.so.1(LIBWARDEN_1.1)(64bit)\n"
				   "libwarden1 1.1.0-1\nlibwarden1(x86-64) 1.1.0-1\n");
	ck_assert_str_eq(requires, "/sbin/ldconfig\n/sbin/ldconfig\nacl 2~rc1\nconfig(libwarden1) 1.1.0-1\n"
				   "libc.so.6()(64bit)\nlibc.so.6(GLIBC_2.2.5)(64bit)\nlibc.so.6(GLIBC_2.34)(64bit)\n"
				   "rpmlib(CompressedFileNames) 3.0.4-1\nrpmlib(FileDigests) 4.6.0-1\n"
				   "rpmlib(PayloadFilesHavePrefix) 4.0-1\nrpmlib(PayloadIsXz) 5.2-1\n"
				   "rpmlib(TildeInVersions) 4.10.0-1\nrtld(GNU_HASH)\n");
}
END_TEST

START_TEST(test_tilde_in_release)
{
	g_autoptr(package) p = sample_bare();

	g_free(p->release);
	p->release = g_strdup("1~rc1");
	g_autofree char *requires = names(rpmpkg_requires(p));
	ck_assert_ptr_nonnull(strstr(requires, "rpmlib(TildeInVersions) 4.10.0-1\n"));
}
END_TEST

START_TEST(test_script_argument)
{
	g_autoptr(package) p = sample_bare();

	p->scripts[PACKAGE_PREREMOVE] = g_bytes_new_static("#!/bin/sh -e\nfalse\n", 19);
	g_autofree char *requires = names(rpmpkg_requires(p));
	ck_assert_ptr_nonnull(strstr(requires, "/bin/sh\n"));
	ck_assert_ptr_nonnull(strstr(requires, "rpmlib(ScriptletInterpreterArgs) 4.0.3-1\n"));
	ck_assert(package_seal(p, NULL));
	struct payload_sums sums = {0, 0, (char *)"", (char *)""};
	Header h = rpmpkg_header(p, &payload_xz, &sums);
	g_autofree char *program = headerFormat(h, "%{PREUNPROG:arraysize} [%{PREUNPROG} ]", NULL);
	ck_assert_str_eq(program, "2 /bin/sh -e ");
	headerFree(h);
}
END_TEST

START_TEST(test_elf_rules)
{
	const char *needed[] = {"libc.so.6", NULL};
	struct facts facts = {.kind = FACTS_PROGRAM,
			      .bits = 32,
			      .interpreter = "/lib/ld-linux.so.2",
			      .needed = needed,
			      .gnu_hash = TRUE,
			      .sysv_hash = TRUE};
	struct package_file program = {.path = (char *)"/usr/bin/x", .mode = 0755, .facts = &facts};
	GPtrArray *deps = rpmpkg_deps_new();

	rpmpkg_elf_provides(deps, &program);
	rpmpkg_elf_requires(deps, &program);
	program.mode = 0644; /* a program that nobody can run needs nothing */
	rpmpkg_elf_requires(deps, &program);
	g_autofree char *text = names(deps);
	ck_assert_str_eq(text, "libc.so.6\n");
}
END_TEST

START_TEST(test_scripts)
{
	g_autoptr(package) p = sample_library();
	g_autofree char *body = NULL, *program = NULL;

	ck_assert(rpmpkg_script(p, PACKAGE_POSTINSTALL, &body, &program));
	ck_assert_ptr_null(body);
	ck_assert_str_eq(program, "/sbin/ldconfig");
	g_clear_pointer(&program, g_free);
	ck_assert(!rpmpkg_script(p, PACKAGE_PREINSTALL, &body, &program));
	p->scripts[PACKAGE_POSTINSTALL] = g_bytes_new_static("#! /bin/bash -e\nexit 0\n", 23);
	ck_assert(rpmpkg_script(p, PACKAGE_POSTINSTALL, &body, &program));
	ck_assert_str_eq(body, "/sbin/ldconfig\n#! /bin/bash -e\nexit 0\n");
	ck_assert_str_eq(program, "/bin/bash -e");
}
END_TEST

/* Every digest and size that we wrote is checked by librpm as it reads. */
START_TEST(test_read_back)
{
	g_autoptr(package) p = sample_library();
	g_autoptr(GError) error = NULL;
	g_autofree char *path = NULL;
	int raw = g_file_open_tmp("abide-XXXXXX.rpm", &path, NULL);

	ck_assert(package_seal(p, NULL));
	ck_assert(rpmpkg_format.check(p, NULL));
	ck_assert_msg(rpmpkg_format.write(p, raw, &error), "%s", error == NULL ? "" : error->message);
	close(raw);
	ck_assert_int_eq(rpmReadConfigFiles(NULL, NULL), 0);
	rpmts ts = rpmtsCreate();
	FD_t fd = Fopen(path, "r.ufdio");
	Header h = NULL;
	ck_assert_int_eq(rpmReadPackageFile(ts, fd, path, &h), RPMRC_OK);
	g_autofree char *text = headerFormat(h,
					     "%{NVRA} %{SIZE} %{PAYLOADCOMPRESSOR} %{FILEDIGESTALGO} %{BUILDTIME} "
					     "[%{FILENAMES}:%{FILEMODES:perms}:%{FILEFLAGS}:%{FILECOLORS} ]",
					     NULL);
	ck_assert_str_eq(text, "libwarden1-1.1.0-1.x86_64 42 xz 8 1700000000 "
			       "/etc/ld.so.conf.d/warden.conf:-rw-r--r--:17:0 /opt/warden:drwxr-xr-x:0:0 "
			       "/opt/warden/lib/libwarden.so.1:lrwxrwxrwx:0:0 "
			       "/opt/warden/lib/libwarden.so.1.1.0:-rwxr-xr-x:0:2 ");
	headerFree(h);
	Fclose(fd);
	rpmtsFree(ts);
	unlink(path);
}
END_TEST

START_TEST(test_exactly)
{
	g_autoptr(package) p = sample_bare();
	g_autoptr(relation) r = rpmpkg_format.exactly(p);

	ck_assert_str_eq(r->name, "libwarden1(x86-64)");
	ck_assert_str_eq(r->version, "1.1.0-1");
	p->version[1] = '-';
	ck_assert(!rpmpkg_format.check(p, NULL));
}
END_TEST

START_TEST(test_no_such_key)
{
	g_autoptr(GError) error = NULL;

	ck_assert(!rpmpkg_sign("/nonexistent.rpm", "%{evil}", &error));
	ck_assert(g_error_matches(error, PACK_ERROR, PACK_ERROR_SIGN));
}
END_TEST

static Suite *rpm_suite(void)
{
	Suite *s = suite_create("rpm");
	TCase *t = tcase_create("rpm");

	tcase_add_test(t, test_relations);
	tcase_add_test(t, test_tilde_in_release);
	tcase_add_test(t, test_script_argument);
	tcase_add_test(t, test_elf_rules);
	tcase_add_test(t, test_scripts);
	tcase_add_test(t, test_read_back);
	tcase_add_test(t, test_exactly);
	tcase_add_test(t, test_no_such_key);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(rpm_suite)

/* held.c: libraries taken out of a package and packed once more, in both families and both layouts. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/held.h"
#include "suite.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *dir;

static void setup(void)
{
	dir = g_dir_make_tmp("test-held-XXXXXX", NULL);
	ck_assert_ptr_nonnull(dir);
}

static void teardown(void)
{
	const char *argv[] = {"rm", "-rf", dir, NULL};

	g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
	g_free(dir);
}

static void compile(const char *out, const char *flags)
{
	g_autofree char *command = g_strdup_printf("cd '%s' && echo 'int f(void) { return 1; }' | cc -x c - -x none -shared -fPIC "
						   "-nostdlib %s -o %s",
						   dir, flags, out);
	const char *argv[] = {"sh", "-c", command, NULL};
	int status = 1;

	ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
	ck_assert_int_eq(status, 0);
}

static struct package *package_with(const char *name, const char *path, const char *file)
{
	g_autofree char *source = g_build_filename(dir, file, NULL);
	struct package *p = package_new(name);

	p->source = g_strdup(name);
	p->version = g_strdup("1.0.1");
	p->release = g_strdup("1");
	p->arch = names_arch_find("amd64");
	p->maintainer = g_strdup("A <a@example.org>");
	p->mtime = 1700000000;
	package_describe(p, "one");
	package_add_source(p, path, source)->mode = 0755;
	return p;
}

/* Takes the package over; the file is called FILE. */
static char *write_package(struct package *taken, const struct package_format *format, const char *file)
{
	g_autoptr(package) p = taken;
	char *path = g_build_filename(dir, file, NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	GError *error = NULL;

	ck_assert_msg(package_seal(p, &error) && format->check(p, &error) && format->write(p, fd, &error), "%s",
		      error ? error->message : "");
	close(fd);
	return path;
}

static held *open_library(const struct package_format *format, const char *at, const char *file)
{
	compile("libfoo.so.1", "-Wl,-soname,libfoo.so.1");
	g_autofree char *path = write_package(package_with("libfoo1", at, "libfoo.so.1"), format, file);
	const struct held_origin origin = {.path = g_intern_string(path),
					   .name = "libfoo1",
					   .version = "1.0.1-1",
					   .arch = format == &deb_format ? "amd64" : "x86_64",
					   .sha256 = "5e",
					   .maintainer = "A <a@example.org>",
					   .license = "MIT",
					   .depends = "libc6 (>= 2.36), libbar1 | libbaz1",
					   .format = format};
	GError *error = NULL;
	held *h = held_open(&origin, &error);

	ck_assert_msg(h != NULL, "%s", error ? error->message : "");
	return h;
}

START_TEST(test_names)
{
	g_autofree char *deb = held_name("libfoo1", "1:1.0.1-1", &deb_format);
	g_autofree char *odd = held_name("libfoo1", "1.0~RC1-1", &deb_format);
	g_autofree char *rpm = held_name("libfoo1", "1.0.1-1.el9", &rpmpkg_format);

	ck_assert_str_eq(deb, "libfoo1-held-1.0.1");
	ck_assert_str_eq(odd, "libfoo1-held-1.0-rc1");
	ck_assert_str_eq(rpm, "libfoo1-held-1.0.1");
}
END_TEST

START_TEST(test_folders)
{
	g_autoptr(held) vendor = open_library(&deb_format, "/opt/acme/lib/libfoo.so.1", "vendor.deb");
	g_autoptr(held) system = open_library(&rpmpkg_format, "/usr/lib64/libfoo.so.1", "system.rpm");

	ck_assert_str_eq(held_folder(vendor), "/opt/acme/held/1.0.1/lib");
	ck_assert_str_eq(held_folder(system), "/opt/foo/held/1.0.1/lib");
}
END_TEST

/* A folder that cannot stand in LD_LIBRARY_PATH or in a unit. */
START_TEST(test_bad_folder)
{
	compile("libfoo.so.1", "-Wl,-soname,libfoo.so.1");
	g_autofree char *path =
		write_package(package_with("libfoo1", "/opt/a:b/lib/libfoo.so.1", "libfoo.so.1"), &deb_format, "colon.deb");
	const struct held_origin origin = {
		.path = path, .name = "libfoo1", .version = "1.0.1-1", .arch = "amd64", .sha256 = "5e", .format = &deb_format};
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_null(held_open(&origin, &error));
	ck_assert_str_eq(error->message, "colon.deb: cannot be held: a service cannot be told of the folder /opt/a:b/held/1.0.1/lib");
}
END_TEST

static const struct held_unit units[] = {{"ask.service", "/opt/acme/held/1.0.1/lib"},
					 {"gate@.service", "/opt/acme/held/1.0.1/lib:/opt/bar/held/2/lib"}};

START_TEST(test_package)
{
	const struct held_purpose purpose = {"acme-1", 7, units, 2};
	g_autoptr(held) h = open_library(&deb_format, "/opt/acme/lib/libfoo.so.1", "one.deb");
	g_autoptr(package) p = held_package(h, &purpose, NULL);
	gsize size = 0;

	ck_assert_ptr_nonnull(p);
	g_autofree char *version = deb_format.version(p), *identity = held_identity(h, &purpose);
	ck_assert_str_eq(p->name, "libfoo1-held-1.0.1");
	ck_assert_str_eq(version, "1.0.1-1+acme.1.7");
	ck_assert(p->is_private && p->library == NULL && p->mtime == 1700000000);
	ck_assert(g_str_has_suffix(p->description, identity));
	ck_assert_ptr_nonnull(package_find(p, "/opt/acme/held/1.0.1/lib/libfoo.so.1"));
	const struct package_file *f = package_find(p, "/usr/lib/systemd/system/gate@.service.d/50-abide-held-libfoo1.conf");
	ck_assert_ptr_nonnull(f);
	const char *text = g_bytes_get_data(f->data, &size);
	ck_assert_ptr_nonnull(g_strstr_len(text, (gssize)size, "\n[Service]\nEnvironment=LD_LIBRARY_PATH="
							       "/opt/acme/held/1.0.1/lib:/opt/bar/held/2/lib\n"));
	ck_assert_str_eq(p->found_depends->pdata[1], "libbar1 | libbaz1");
	ck_assert_int_eq(p->relations[RELATION_CONFLICTS]->len, 2);
	ck_assert_str_eq(((struct relation *)p->relations[RELATION_PROVIDES]->pdata[1])->name, "abide-held-libfoo1-gate-.service");
}
END_TEST

/* The same things give the same bytes; another service, library or channel another identity. */
START_TEST(test_same)
{
	const struct held_purpose purpose = {"acme", 7, units, 1}, later = {"acme", 8, units, 1}, more = {"acme", 7, units, 2},
				  other = {"beta", 7, units, 1};
	g_autoptr(held) h = open_library(&rpmpkg_format, "/opt/acme/lib/libfoo.so.1", "one.rpm");
	g_autofree char *a = held_identity(h, &purpose), *b = held_identity(h, &later), *c = held_identity(h, &more),
			*d = held_identity(h, &other);
	g_autofree char *first = write_package(held_package(h, &purpose, NULL), &rpmpkg_format, "first.rpm");
	g_autofree char *second = write_package(held_package(h, &purpose, NULL), &rpmpkg_format, "second.rpm");
	g_autofree char *x = NULL, *y = NULL;
	gsize n = 0, m = 0;

	ck_assert_str_eq(a, b);
	ck_assert_str_ne(a, c);
	ck_assert_str_ne(a, d);
	ck_assert(g_file_get_contents(first, &x, &n, NULL) && g_file_get_contents(second, &y, &m, NULL));
	ck_assert(n == m && memcmp(x, y, n) == 0);
}
END_TEST

static char *service(const char *flags, mode_t mode, const char *file)
{
	compile("svc", flags);
	struct package *p = package_with("svc", "/usr/bin/svc", "svc");

	((struct package_file *)p->files->pdata[0])->mode = mode;
	package_add_data(p, "/usr/lib/systemd/system/svc.service", g_bytes_new_static("[Service]\n", 10));
	return write_package(p, &deb_format, file);
}

START_TEST(test_suits)
{
	g_autoptr(held) h = open_library(&deb_format, "/opt/acme/lib/libfoo.so.1", "one.deb");
	g_autofree char *good = service("-L. -l:libfoo.so.1 -Wl,--no-as-needed -l:libfoo.so.1", 0755, "good.deb");
	g_autofree char *rpath = service("-Wl,--no-as-needed -L. -l:libfoo.so.1 -Wl,--disable-new-dtags,-rpath,/opt", 0755, "rpath.deb");
	g_autofree char *runpath = service("-Wl,--no-as-needed -L. -l:libfoo.so.1 -Wl,--enable-new-dtags,-rpath,/opt", 0755, "runpath.deb");
	g_autofree char *suid = service("-Wl,--no-as-needed -L. -l:libfoo.so.1", 04755, "suid.deb");
	g_autofree char *unlinked = service("-Wl,--disable-new-dtags,-rpath,/opt", 04755, "unlinked.deb");
	const struct {
		const char *path, *unit, *why;
	} rows[] = {
		{good, "svc.service", NULL},
		{runpath, "svc.service", NULL},
		{unlinked, "svc.service", NULL}, /* what is not linked to the library is not moved */
		{rpath, "svc.service", "has a DT_RPATH"},
		{suid, "svc.service", "is set-user-ID"},
		{good, "other.service", "has no unit other.service"},
		{good, "../svc.service", "not the name of a service's unit"},
		{good, "svc.socket", "not the name of a service's unit"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		gboolean suits = held_suits(h, rows[i].path, rows[i].unit, &error);
		ck_assert_msg(suits == (rows[i].why == NULL), "row %zu: %s", i, error ? error->message : "suits");
		if (!suits)
			ck_assert_ptr_nonnull(strstr(error->message, rows[i].why));
	}
}
END_TEST

static Suite *make_suite(void)
{
	Suite *s = suite_create("held");
	TCase *t = tcase_create("held");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_names);
	tcase_add_test(t, test_folders);
	tcase_add_test(t, test_bad_folder);
	tcase_add_test(t, test_package);
	tcase_add_test(t, test_same);
	tcase_add_test(t, test_suits);
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(make_suite)

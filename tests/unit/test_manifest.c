/* manifest.c: what is read, what is expanded, what is refused and where. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "pack/manifest.h"
#include "suite.h"

#include <string.h>

#define HEAD "name: x\nversion: 1.0\nmaintainer: A <a@b.c>\ndescription: short\n"

static struct manifest *parse(const char *text, GError **error)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));

	return manifest_parse("t.yaml", bytes, error);
}

static const struct {
	const char *text;
	const char *message; /* how the error begins */
} bad[] = {
	{"name: x\n", "t.yaml:1:1: the key 'version' is missing"},
	{HEAD "contens: []\n", "t.yaml:5:1: unknown key 'contens'; did you mean 'contents'?"},
	{HEAD "changelogs: c.yaml\n", "t.yaml:5:1: unknown key 'changelogs'; did you mean 'changelog'?"},
	{HEAD "depends: libc6\n", "t.yaml:5:10: depends: expected a list"},
	{HEAD "contents:\n  - src: a\n    dest: /b\n",
	 "t.yaml:7:5: contents[0]: unknown key 'dest'; did you mean 'dst'?"},
	{HEAD "contents:\n  - src: a\n", "t.yaml:6:5: contents[0]: the key 'dst' is missing"},
	{HEAD "contents:\n  - dst: /a\n    type: confg\n", "t.yaml:7:11: contents[0].type: 'confg' is not a value"},
	{HEAD "contents:\n  - dst: /a\n    file_info: {mode: rw}\n", "t.yaml:7:23: contents[0].file_info.mode: "},
	{HEAD "library:\n  layout: vendor\n", "t.yaml:6:3: library: the key 'file' is missing"},
	{HEAD "overrides:\n  dmg:\n    depends: [a]\n", "t.yaml:6:3: overrides: unknown key 'dmg'"},
	{HEAD "vendor: ${T_UNSET}\n", "t.yaml:5:9: vendor: the environment variable T_UNSET is not set"},
	{HEAD "vendor: ${T_UNSET\n", "t.yaml:5:9: vendor: '${' without a '}'"},
	{HEAD "vendor: ${T-UNSET}\n", "t.yaml:5:9: vendor: '${T-UNSET}': expected ${NAME}"},
	{HEAD "depends:\n  - a\n  - ${T_UNSET}\n", "t.yaml:7:5: depends[1]: the environment variable T_UNSET"},
	{HEAD "arch: z80\n", "t.yaml:5:7: arch: 'z80'; expected one of: all amd64"},
	{HEAD "mtime: yesterday\n", "t.yaml:5:8: mtime: 'yesterday'; expected"},
	{HEAD "epoch: -1\n", "t.yaml:5:8: epoch: '-1'; expected a number"},
	{"name: x\nversion: 1\nmaintainer: a\ndescription: ''\n", "t.yaml:4:14: description: "},
	{"name: x\nversion: 1\nmaintainer: ''\ndescription: a\n", "t.yaml:3:13: maintainer: "},
	{HEAD "vendor: \"a\\nDepends: b\"\n", "t.yaml:5:9: vendor: must be one line"},
	{"name: x\nversion: ''\nmaintainer: a\ndescription: a\n", "t.yaml:2:10: version: must not be empty"},
	{HEAD "vendor: *a\n", "t.yaml:5:9: aliases"},
	{HEAD "umask: 22\n", "t.yaml:5:8: umask: '22'; expected permission bits"},
	{HEAD "overrides: {rpm: {umask: 0o9}}\n", "t.yaml:5:26: overrides.rpm.umask: '0o9'; expected"},
	{HEAD "contents: [{dst: /a, file_info: {owner: 'a b'}}]\n",
	 "t.yaml:5:33: contents[0].file_info: owner 'a b'; expected the name of an account"},
	{HEAD "contents: [{dst: /a, file_info: {mtime: x}}]\n", "t.yaml:5:41: contents[0].file_info.mtime: 'x'"},
	{HEAD "contents: [{dst: /a, packager: dmg}]\n", "t.yaml:5:32: contents[0].packager: 'dmg' is not a value"},
	{HEAD "platform: windows\n", "t.yaml:5:11: platform: 'windows'; packages are for linux"},
	{HEAD "version_schema: calver\n", "t.yaml:5:17: version_schema: 'calver' is not a value"},
	{HEAD "disable_globbing: maybe\n", "t.yaml:5:19: disable_globbing: expected true or false"},
	{HEAD "deb: {arch: vax}\n", "t.yaml:5:13: deb.arch: 'vax'; expected one of"},
	{HEAD "deb: {scripts: {rules: x}}\n", "t.yaml:5:24: deb.scripts.rules: a built package has no rules"},
	{HEAD "deb: {triggers: {activate: ['a b']}}\n", "t.yaml:5:17: deb.triggers: 'a b'; a trigger is"},
	{HEAD "deb: {fields: [a]}\n", "t.yaml:5:15: deb.fields: expected a mapping"},
	{HEAD "deb: {fields: {a.b: c}}\n", "t.yaml:5:16: deb.fields: expected a name without dots"},
	{HEAD "deb: {fields: {X: '${T_UNSET}'}}\n", "t.yaml:5:19: deb.fields.X: the environment variable T_UNSET"},
	{HEAD "rpm: {prefixes: [opt]}\n", "t.yaml:5:18: rpm.prefixes[0]: 'opt' must begin with /"},
	{HEAD "rpm: {signature: {key_passphrase: x}}\n", "t.yaml:5:35: rpm.signature.key_passphrase: abide takes no"},
	{HEAD "rpm: {group: \"a\\nb\"}\n", "t.yaml:5:14: rpm.group: must be one line"},
	{HEAD "vendor: \"a\n", "t.yaml:"},
};

START_TEST(test_bad)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(manifest) m = parse(bad[_i].text, &error);

	ck_assert_msg(m == NULL, "taken: %s", bad[_i].text);
	ck_assert_msg(g_str_has_prefix(error->message, bad[_i].message), "got '%s', wanted '%s'", error->message,
		      bad[_i].message);
}
END_TEST

START_TEST(test_full)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(manifest) m = parse(
		HEAD "arch: arm64\nepoch: 2\nrelease: 3\n"
		     "depends:\n  - a\n  - b >= 1\n"
		     "overrides:\n  rpm:\n    depends: [c]\n"
		     "contents:\n  - {src: s, dst: /d, type: config|noreplace, file_info: {mode: 0600, owner: o}}\n"
		     "  - {dst: /e, type: dir}\n"
		     "scripts:\n  postinstall: p.sh\n"
		     "library:\n  file: l.so\n  layout: system\n  abi:\n  headers:\n    - h.h\n",
		&error);

	ck_assert_msg(m != NULL, "%s", error == NULL ? "" : error->message);
	ck_assert_str_eq(m->version, "1.0");
	ck_assert_str_eq(m->arch, "arm64");
	ck_assert_uint_eq(m->relations[RELATION_DEPENDS].n, 2);
	ck_assert_str_eq(m->overrides[PACKAGE_RPM].relations[RELATION_DEPENDS].items[0], "c");
	ck_assert_uint_eq(m->overrides[PACKAGE_DEB].relations[RELATION_DEPENDS].n, 0);
	ck_assert_uint_eq(m->n_contents, 2);
	ck_assert_int_eq(m->contents[0].type, MANIFEST_CONFIG_NOREPLACE);
	ck_assert_str_eq(m->contents[0].file_info.mode, "0600");
	ck_assert_int_eq(m->contents[1].type, MANIFEST_DIRECTORY);
	ck_assert_str_eq(m->scripts[PACKAGE_POSTINSTALL], "p.sh");
	ck_assert_int_eq(m->library->layout, MANIFEST_SYSTEM);
	ck_assert_ptr_null(m->library->abi);
	ck_assert_str_eq(m->library->headers.items[0], "h.h");
}
END_TEST

static const struct {
	const char *text;
	const char *version;
} versions[] = {
	{"version: 1.0\n", "1.0"},
	{"version: v1.0\n", "1.0"},
	{"version: version9\n", "version9"},
	{"version: v1.2.3-rc.1+g12\n", "1.2.3~rc.1+g12"},
	{"version: 1.2.3-a-b\n", "1.2.3~a.b"},
	{"version: 1.2.3+git\n", "1.2.3+git"},
	{"version: 1.2.3-rc1\nprerelease: beta2\n", "1.2.3~beta2"},
	{"version: 1.2.3\nprerelease: beta-2\nversion_metadata: m\n", "1.2.3~beta.2+m"},
	{"version: 1.2.3.4-1\n", "1.2.3.4-1"},
	{"version: v1.2.3-rc1\nversion_schema: none\n", "v1.2.3-rc1"},
};

START_TEST(test_version)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text =
		g_strconcat("name: x\nmaintainer: A <a@b.c>\ndescription: d\n", versions[_i].text, NULL);
	g_autoptr(manifest) m = parse(text, &error);

	ck_assert_msg(m != NULL, "%s", error == NULL ? "" : error->message);
	ck_assert_str_eq(m->version, versions[_i].version);
}
END_TEST

START_TEST(test_mode)
{
	mode_t mode = 0;

	ck_assert(manifest_mode("0644", &mode));
	ck_assert_uint_eq(mode, 0644);
	ck_assert(manifest_mode("0o4755", &mode));
	ck_assert_uint_eq(mode, 04755);
	ck_assert(manifest_mode("0", &mode));
	ck_assert_uint_eq(mode, 0);
	ck_assert(!manifest_mode("644", &mode));
	ck_assert(!manifest_mode("0o", &mode));
	ck_assert(!manifest_mode("010000", &mode));
	ck_assert(!manifest_mode("08", &mode));
	ck_assert(!manifest_mode("", &mode));
}
END_TEST

START_TEST(test_environment)
{
	g_autoptr(GError) error = NULL;

	g_setenv("T_NAME", "of ${T_OTHER}", TRUE);
	g_setenv("T_EMPTY", "", TRUE);
	g_autoptr(manifest) m = parse(HEAD "vendor: a ${T_NAME} b\nhomepage: ${T_UNSET:-http://x}\n"
					   "license: ${T_EMPTY:-MIT}\nsection: $$5\npriority: ${T_EMPTY}\n",
				      &error);
	ck_assert_msg(m != NULL, "%s", error == NULL ? "" : error->message);
	/* once: what a variable holds is not expanded again */
	ck_assert_str_eq(m->vendor, "a of ${T_OTHER} b");
	ck_assert_str_eq(m->homepage, "http://x");
	ck_assert_str_eq(m->license, "MIT");
	ck_assert_str_eq(m->section, "$5");
	ck_assert_ptr_null(m->priority);
}
END_TEST

START_TEST(test_place)
{
	g_autoptr(manifest) m = parse(HEAD "contents:\n  - dst: /a\n", NULL);
	g_autoptr(GError) error = NULL;

	ck_assert(!manifest_refuse(m, &error, "contents[0].src", "missing"));
	ck_assert_str_eq(error->message, "t.yaml:6:5: contents[0].src: missing");
	ck_assert(!manifest_prefix(m, &error, "name"));
	ck_assert_str_eq(error->message, "t.yaml:1:7: name: t.yaml:6:5: contents[0].src: missing");
}
END_TEST

static const struct {
	const char *text;
	gint64 seconds; /* -1: refused */
} times[] = {
	{"0", 0},
	{"1700000000", 1700000000},
	{"2023-11-14T22:13:20Z", 1700000000},
	{"2023-11-14T23:13:20+01:00", 1700000000},
	{"4294967295", 4294967295},
	{"4294967296", -1},
	{"-1", -1},
	{"", -1},
	{"now", -1},
	{"1960-01-01T00:00:00Z", -1},
};

START_TEST(test_times)
{
	gint64 seconds = -1;
	gboolean good = manifest_time(times[_i].text, &seconds);

	ck_assert_msg(good == (times[_i].seconds >= 0), "%s", times[_i].text);
	if (good)
		ck_assert_int_eq(seconds, times[_i].seconds);
}
END_TEST

static Suite *manifest_suite(void)
{
	Suite *s = suite_create("manifest");
	TCase *t = tcase_create("manifest");

	tcase_add_loop_test(t, test_bad, 0, G_N_ELEMENTS(bad));
	tcase_add_test(t, test_full);
	tcase_add_loop_test(t, test_version, 0, G_N_ELEMENTS(versions));
	tcase_add_test(t, test_mode);
	tcase_add_test(t, test_environment);
	tcase_add_test(t, test_place);
	tcase_add_loop_test(t, test_times, 0, G_N_ELEMENTS(times));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(manifest_suite)

/* digest.c: the published vectors of RFC 1321, FIPS 180 and the empty message. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/digest.h"
#include "suite.h"

#include <string.h>

static const struct row {
	enum digest_kind kind;
	const char *text, *hex;
} rows[] = {
	{DIGEST_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72"},
	{DIGEST_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	{DIGEST_SHA256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{DIGEST_SHA256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{DIGEST_SHA512, "abc",
	 "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
};

START_TEST(test_vector)
{
	const struct row *r = &rows[_i];
	g_autofree char *whole = digest_of(r->kind, r->text, strlen(r->text));
	g_autoptr(digest) d = digest_new(r->kind);

	ck_assert_str_eq(whole, r->hex);
	for (const char *p = r->text; *p != '\0'; p++)
		digest_update(d, p, 1);
	g_autofree char *stepwise = digest_hex(d);
	ck_assert_str_eq(stepwise, r->hex);
	digest_again(d);
	digest_update(d, r->text, strlen(r->text));
	g_autofree char *again = digest_hex(d);
	ck_assert_str_eq(again, r->hex);
}
END_TEST

static Suite *digest_suite(void)
{
	Suite *s = suite_create("digest");
	TCase *t = tcase_create("vectors");

	tcase_add_loop_test(t, test_vector, 0, G_N_ELEMENTS(rows));
	suite_add_tcase(s, t);
	return s;
}

TEST_MAIN(digest_suite)

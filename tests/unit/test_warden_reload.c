/* Tests of reload: a bad text changes nothing, and no check ever sees half of a new one. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"
#include "warden.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GOOD "@id(\"good\") permit(principal, action, resource);"

static char dir[32];
static char policy_path[64];
static char entities_path[64];

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	ck_assert_int_eq(fclose(f), 0);
}

static void set_up(void)
{
	strcpy(dir, "/tmp/warden-reload.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(policy_path, sizeof policy_path, "%s/p.cedar", dir);
	snprintf(entities_path, sizeof entities_path, "%s/e.json", dir);
	write_file(policy_path, GOOD);
	write_file(entities_path, "[]");
}

static void tear_down(void)
{
	unlink(policy_path);
	unlink(entities_path);
	rmdir(dir);
}

static warden_request *any_request(void)
{
	warden_request *request = warden_request_new();

	warden_request_set_principal(request, "User", 4, "alice", 5, NULL);
	warden_request_set_action(request, "Action", 6, "read", 4, NULL);
	warden_request_set_resource(request, "Doc", 3, "plan", 4, NULL);
	return request;
}

static const struct {
	const char *policies;
	const char *entities;
	int code;
	const char *says;
} bad[] = {
	{"permit(principal, action,\n resource)", "[]", WARDEN_ERROR_SYNTAX,
	 "p.cedar:2:11: expected ';'"},
	{"permit(principal, action, resource) when { true };", "[]", WARDEN_ERROR_UNSUPPORTED,
	 "p.cedar:1:37: 'when'"},
	{"\xff", "[]", WARDEN_ERROR_ENCODING, "p.cedar:1:1: not UTF-8"},
	{"", "[", WARDEN_ERROR_SYNTAX, "e.json:1:2: expected an entity"},
	{"", NULL, WARDEN_ERROR_SYSTEM, "e.json: No such file"},
	{NULL, "[]", WARDEN_ERROR_SYSTEM, "p.cedar: No such file"},
};

START_TEST(a_bad_reload_changes_nothing)
{
	warden_request *request = any_request();
	struct warden_error error;
	warden_answer *answer;
	warden *w;

	ck_assert_int_eq(warden_open(&w, policy_path, entities_path, &error), WARDEN_OK);
	if (bad[_i].policies != NULL)
		write_file(policy_path, bad[_i].policies);
	else
		unlink(policy_path);
	if (bad[_i].entities != NULL)
		write_file(entities_path, bad[_i].entities);
	else
		unlink(entities_path);
	ck_assert_int_eq(warden_reload(w, &error), bad[_i].code);
	ck_assert_msg(strstr(error.text, bad[_i].says) != NULL, "%s", error.text);
	ck_assert_int_eq(warden_check(w, request, &answer, &error), WARDEN_ALLOW);
	ck_assert_str_eq(warden_answer_policy(answer, 0, NULL), "good");
	warden_answer_free(answer);
	warden_request_free(request);
	warden_close(w);
}
END_TEST

START_TEST(a_good_reload_takes_effect)
{
	warden_request *request = any_request();
	warden *w;

	ck_assert_int_eq(warden_open(&w, policy_path, entities_path, NULL), WARDEN_OK);
	write_file(policy_path, "forbid(principal, action, resource);");
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), WARDEN_ALLOW);
	ck_assert_int_eq(warden_reload(w, NULL), WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), WARDEN_DENY);
	ck_assert_int_eq(warden_reload_memory(w, GOOD, strlen(GOOD), NULL, 0, NULL), WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), WARDEN_ALLOW);
	ck_assert_int_eq(warden_reload(w, NULL), WARDEN_OK);
	ck_assert_int_eq(warden_check(w, request, NULL, NULL), WARDEN_DENY);
	warden_request_free(request);
	warden_close(w);
}
END_TEST

/*
 * Two sets: in "a" both policies are named a*, in "b" both b*, and either allows. An answer that
 * mixes letters, or has not both, saw half of a set.
 */
#define PAIR(letter)                                                                               \
	"@id(\"" letter "1\") permit(principal in Team::\"" letter "\", action, resource);"        \
	"@id(\"" letter "2\") permit(principal, action, resource == Doc::\"plan\");"
#define MEMBER(letter)                                                                             \
	"[{\"uid\":{\"type\":\"User\",\"id\":\"alice\"},\"attrs\":{},"                             \
	"\"parents\":[{\"type\":\"Team\",\"id\":\"" letter "\"}]}]"

enum { CHECKERS = 4, RELOADS = 2000 };

static struct {
	warden *w;
	atomic_bool stop;
	atomic_uint mixed;
	atomic_uint checks;
} race;

static void *check_until_stopped(void *unused)
{
	warden_request *request = any_request();

	while (!atomic_load(&race.stop)) {
		struct warden_error error;
		warden_answer *answer;
		int decision = warden_check(race.w, request, &answer, &error);
		const char *first = warden_answer_policy(answer, 0, NULL);
		const char *second = warden_answer_policy(answer, 1, NULL);

		if (decision != WARDEN_ALLOW || warden_answer_policy_count(answer) != 2 ||
		    first[0] != second[0])
			atomic_fetch_add(&race.mixed, 1);
		atomic_fetch_add(&race.checks, 1);
		warden_answer_free(answer);
	}
	warden_request_free(request);
	return unused;
}

START_TEST(checks_never_see_a_mix)
{
	static const char *const policies[] = {PAIR("a"), PAIR("b"), "permit(", PAIR("a")};
	static const char *const members[] = {MEMBER("a"), MEMBER("b"), "[]", "[{}]"};
	pthread_t threads[CHECKERS];

	ck_assert_int_eq(warden_open_memory(&race.w, PAIR("a"), strlen(PAIR("a")), MEMBER("a"),
					    strlen(MEMBER("a")), NULL),
			 WARDEN_OK);
	for (int i = 0; i < CHECKERS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, check_until_stopped, NULL), 0);
	for (int i = 0; i < RELOADS || atomic_load(&race.checks) < RELOADS; i++) {
		const char *p = policies[i % 4], *e = members[i % 4];
		int code = warden_reload_memory(race.w, p, strlen(p), e, strlen(e), NULL);

		ck_assert_int_eq(code, i % 4 < 2 ? WARDEN_OK : WARDEN_ERROR_SYNTAX);
	}
	atomic_store(&race.stop, true);
	for (int i = 0; i < CHECKERS; i++)
		pthread_join(threads[i], NULL);
	ck_assert_uint_eq(atomic_load(&race.mixed), 0);
	warden_close(race.w);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("warden reload");
	TCase *files = tcase_create("files"), *threads = tcase_create("threads");

	tcase_add_checked_fixture(files, set_up, tear_down);
	tcase_add_loop_test(files, a_bad_reload_changes_nothing, 0, sizeof bad / sizeof *bad);
	tcase_add_test(files, a_good_reload_takes_effect);
	suite_add_tcase(suite, files);
	tcase_add_test(threads, checks_never_see_a_mix);
	tcase_set_timeout(threads, 120);
	suite_add_tcase(suite, threads);
	return suite;
}

TEST_MAIN(make_suite)

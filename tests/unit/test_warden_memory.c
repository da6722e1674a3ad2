/*
 * Makes every allocation of libwarden fail in turn: no crash, no leak, DENY, and the old policy
 * stays.
 */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite.h"
#include "warden.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * Linked with --wrap: the allocations of the library come here, but check's too. Those made between
 * enter() and leave() are the library's. countdown: how many more of them succeed; -1 for all.
 */
static bool inside;
static long countdown = -1;
static long live;

static void enter(void)
{
	inside = true;
}

static void leave(void)
{
	inside = false;
}

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void __wrap_free(void *memory);

static bool fails(void)
{
	if (!inside || countdown < 0)
		return false;
	if (countdown == 0)
		return true;
	countdown--;
	return false;
}

static void *counted(void *memory)
{
	live += inside && memory != NULL;
	return memory;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : counted(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : counted(__real_calloc(count, size));
}

void *__wrap_realloc(void *old, size_t size)
{
	void *memory = fails() ? NULL : __real_realloc(old, size);

	live += inside && old == NULL && memory != NULL;
	return memory;
}

void __wrap_free(void *memory)
{
	live -= inside && memory != NULL;
	__real_free(memory);
}

static char policies[16384];
static char entities[32768];

/* Enough of both that every array and table grows at least once. */
static void make_texts(void)
{
	char *p = policies, *e = entities;

	*e++ = '[';
	for (int i = 0; i < 100; i++) {
		p += sprintf(p,
			     "@id(\"p\\x2d%d\") @note permit(principal in User::\"%d\", "
			     "action in [Action::\"a%d\", Action::\"read\"], resource);\n",
			     i, i, i);
		e += sprintf(e,
			     "%s{\"uid\":{\"type\":\"User\",\"id\":\"%d\"},\"attrs\":{\"a\":[1]},"
			     "\"parents\":[{\"type\":\"User\",\"id\":\"%d\"}]}",
			     i ? "," : "", i, i + 1);
	}
	strcpy(e, "]");
}

/* Asks once. *ran_out: for want of memory. */
static bool ask(warden *w, bool *ran_out)
{
	struct warden_error error = {.code = WARDEN_ERROR_MEMORY, .text = "out of memory"};
	warden_request *request;
	warden_answer *answer = NULL;
	int decision = WARDEN_DENY;
	bool answered;

	enter();
	request = warden_request_new();
	if (request != NULL &&
	    warden_request_set_principal(request, "User", 4, "0", 1, &error) == WARDEN_OK &&
	    warden_request_set_action(request, "Action", 6, "read", 4, &error) == WARDEN_OK &&
	    warden_request_set_resource(request, "Doc", 3, "plan", 4, &error) == WARDEN_OK)
		decision = warden_check(w, request, &answer, &error);
	answered = answer != NULL;
	warden_answer_free(answer);
	warden_request_free(request);
	leave();
	*ran_out = error.code == WARDEN_ERROR_MEMORY;
	ck_assert_int_eq(answered, !*ran_out);
	ck_assert(!*ran_out || decision == WARDEN_DENY);
	ck_assert_str_eq(error.text, *ran_out ? "out of memory" : "");
	return decision == WARDEN_ALLOW;
}

typedef bool (*step)(void);

/*
 * Runs the step with the first, second, ... allocation failing, until it passes with none failing.
 */
static long fail_each(step run)
{
	long turn, before = live;
	bool done = false;

	for (turn = 0; !done; turn++) {
		countdown = turn;
		done = run();
		countdown = -1;
		ck_assert_msg(live == before, "failing allocation %ld leaks", turn);
	}
	return turn;
}

static bool open_step(void)
{
	struct warden_error error;
	warden *w;
	bool opened;
	int code;

	enter();
	code = warden_open_memory(&w, policies, strlen(policies), entities, strlen(entities),
				  &error);
	opened = w != NULL;
	warden_close(w);
	leave();
	ck_assert(code == WARDEN_OK || code == WARDEN_ERROR_MEMORY);
	ck_assert_int_eq(error.code, code);
	ck_assert_int_eq(opened, code == WARDEN_OK);
	return opened;
}

START_TEST(opening)
{
	ck_assert_int_gt(fail_each(open_step), 50);
}
END_TEST

static char file_path[] = "/tmp/warden-memory.XXXXXX";

static bool open_file_step(void)
{
	warden *w;
	int code;

	enter();
	code = warden_open(&w, file_path, NULL, NULL);
	warden_close(w);
	leave();
	ck_assert(code == WARDEN_OK || code == WARDEN_ERROR_MEMORY);
	return code == WARDEN_OK;
}

START_TEST(opening_files)
{
	int fd = mkstemp(file_path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_gt(write(fd, policies, strlen(policies)), 0);
	close(fd);
	ck_assert_int_gt(fail_each(open_file_step), 20);
	unlink(file_path);
}
END_TEST

static warden *shared;

static void open_shared(void)
{
	enter();
	warden_open_memory(&shared, policies, strlen(policies), entities, strlen(entities), NULL);
	leave();
	ck_assert_ptr_nonnull(shared);
}

static void close_shared(void)
{
	enter();
	warden_close(shared);
	leave();
	ck_assert_int_eq(live, 0);
}

static bool ask_step(void)
{
	bool ran_out, allowed = ask(shared, &ran_out);

	ck_assert_int_ne(ran_out, allowed);
	return allowed;
}

START_TEST(checking)
{
	open_shared();
	ck_assert_int_gt(fail_each(ask_step), 5);
	close_shared();
}
END_TEST

/*
 * Reloads a text that denies; if that fails for want of memory, the policy that allows must stay.
 */
static bool reload_step(void)
{
	static const char deny[] =
		"@id(\"d\") forbid(principal, action == Action::\"read\", resource);";
	bool ran_out;
	int code;

	enter();
	code = warden_reload_memory(shared, deny, sizeof deny - 1, "[]", 2, NULL);
	leave();
	countdown = -1;
	ck_assert(code == WARDEN_OK || code == WARDEN_ERROR_MEMORY);
	ck_assert_int_eq(ask(shared, &ran_out), code != WARDEN_OK);
	return code == WARDEN_OK;
}

START_TEST(reloading)
{
	long before, turn;

	open_shared();
	before = live;
	for (turn = 0;; turn++) {
		countdown = turn;
		if (reload_step())
			break;
		ck_assert_int_eq(live, before);
	}
	ck_assert_int_gt(turn, 10);
	close_shared();
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("warden memory");
	TCase *cases = tcase_create("allocations");

	tcase_add_checked_fixture(cases, make_texts, NULL);
	tcase_add_test(cases, opening);
	tcase_add_test(cases, opening_files);
	tcase_add_test(cases, checking);
	tcase_add_test(cases, reloading);
	suite_add_tcase(suite, cases);
	return suite;
}

TEST_MAIN(make_suite)

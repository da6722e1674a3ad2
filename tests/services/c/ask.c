/* Asks libwarden one question and prints the answer in a line; the C service of the demonstration.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include <warden.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * ask_new.c includes this file: the same service, using what libwarden 1.1.0 adds. A service that
 * calls it imports LIBWARDEN_1.1, and does not start on an older library.
 */
#ifdef ASK_NEW
#define NAME "ask-new"
#define NEW_FORMAT ", load %llu"
#define NEW_VALUE(w) , (unsigned long long)warden_generation(w)
#else
#define NAME "ask-c"
#define NEW_FORMAT ""
#define NEW_VALUE(w)
#endif

enum {
	POLICIES = 1,
	ENTITIES,
	PRINCIPAL_TYPE,
	PRINCIPAL_ID,
	ACTION_ID,
	RESOURCE_TYPE,
	RESOURCE_ID,
	ARGUMENTS
};

static int fail(const char *text)
{
	fprintf(stderr, NAME ": %s\n", text);
	return EXIT_FAILURE;
}

static int fill(warden_request *request, char **argv, struct warden_error *error)
{
	const char *user = argv[PRINCIPAL_TYPE], *user_id = argv[PRINCIPAL_ID],
		   *action = argv[ACTION_ID];
	const char *thing = argv[RESOURCE_TYPE], *thing_id = argv[RESOURCE_ID];
	int code;

	code = warden_request_set_principal(request, user, strlen(user), user_id, strlen(user_id),
					    error);
	if (code == WARDEN_OK)
		code = warden_request_set_action(request, "Action", 6, action, strlen(action),
						 error);
	if (code == WARDEN_OK)
		code = warden_request_set_resource(request, thing, strlen(thing), thing_id,
						   strlen(thing_id), error);
	return code;
}

static void print_policies(const warden_answer *answer)
{
	size_t count = warden_answer_policy_count(answer);

	if (count == 0)
		printf(" because no policy permits it");
	for (size_t i = 0; i < count; i++) {
		size_t length;
		const char *id = warden_answer_policy(answer, i, &length);

		printf("%s\"", i == 0 ? count == 1 ? " by policy " : " by policies " : ", ");
		fwrite(id, 1, length, stdout);
		printf("\"");
	}
}

static int ask(warden *w, warden_request *request, char **argv)
{
	struct warden_error error;
	warden_answer *answer;
	int decision = warden_check(w, request, &answer, &error);

	if (error.code != WARDEN_OK)
		return fail(error.text);
	printf(NAME ": %s %s::\"%s\" %s %s::\"%s\"", decision == WARDEN_ALLOW ? "ALLOW" : "DENY",
	       argv[PRINCIPAL_TYPE], argv[PRINCIPAL_ID], argv[ACTION_ID], argv[RESOURCE_TYPE],
	       argv[RESOURCE_ID]);
	print_policies(answer);
	printf(" (libwarden %s" NEW_FORMAT ")\n", warden_version() NEW_VALUE(w));
	warden_answer_free(answer);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct warden_error error;
	warden_request *request;
	warden *w;
	int status;

	if (argc != ARGUMENTS) {
		fprintf(stderr,
			"usage: " NAME " POLICIES ENTITIES PRINCIPAL_TYPE PRINCIPAL_ID ACTION_ID "
			"RESOURCE_TYPE RESOURCE_ID\n");
		return 2;
	}
	if (warden_open(&w, argv[POLICIES], argv[ENTITIES], &error) != WARDEN_OK)
		return fail(error.text);
	request = warden_request_new();
	if (request == NULL)
		status = fail("out of memory");
	else if (fill(request, argv, &error) != WARDEN_OK)
		status = fail(error.text);
	else
		status = ask(w, request, argv);
	warden_request_free(request);
	warden_close(w);
	return status;
}

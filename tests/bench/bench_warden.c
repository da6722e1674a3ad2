/* Measures libwarden: time to load, and time of a check, for policy sets of growing size. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <warden.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * A set of n policies, of which each team may read its folder, as in a company; every tenth also
 * says that one person may write. n / 10 users, each in a team, and teams in departments four
 * levels deep.
 */
enum { CHECKS = 1000000 };

struct text {
	char *bytes;
	size_t length;
	size_t capacity;
};

static void __attribute__((format(printf, 2, 3))) add(struct text *text, const char *format, ...)
{
	va_list args;

	if (text->capacity - text->length < 512) {
		text->capacity = text->capacity * 2 + 4096;
		text->bytes = realloc(text->bytes, text->capacity);
		if (text->bytes == NULL)
			abort();
	}
	va_start(args, format);
	text->length += (size_t)vsnprintf(text->bytes + text->length, text->capacity - text->length,
					  format, args);
	va_end(args);
}

static void make_policies(struct text *text, int n)
{
	for (int i = 0; i < n; i++) {
		if (i % 10 == 9)
			add(text,
			    "permit(principal == User::\"u%d\", action == Action::\"write\", "
			    "resource in Folder::\"f%d\");\n",
			    i / 10, i);
		else
			add(text,
			    "permit(principal in Team::\"t%d\", action in [Action::\"read\", "
			    "Action::\"list\"], resource in Folder::\"f%d\");\n",
			    i, i);
	}
	add(text, "@id(\"hold\") forbid(principal, action == Action::\"write\", resource in "
		  "Folder::\"hold\");\n");
}

static void add_entity(struct text *text, const char *type, int id, const char *parent,
		       int parent_id)
{
	add(text,
	    "%s{\"uid\":{\"type\":\"%s\",\"id\":\"%c%d\"},\"attrs\":{},\"parents\":[{\"type\":\"%"
	    "s\",\"id\":\"%c%d\"}]}",
	    text->length > 1 ? ",\n" : "", type, type[0] + 32, id, parent, parent[0] + 32,
	    parent_id);
}

static void make_entities(struct text *text, int n)
{
	add(text, "[");
	for (int i = 0; i < n; i++) {
		add_entity(text, "Team", i, "Dept", i / 10);
		add_entity(text, "Doc", i, "Folder", i);
	}
	for (int i = 0; i < n / 10; i++) {
		add_entity(text, "User", i, "Team", i * 10);
		add_entity(text, "Dept", i, "Unit", i / 10);
	}
	for (int i = 0; i < n / 100; i++)
		add_entity(text, "Unit", i, "Board", 0);
	add(text, "]");
}

/* Processor time: other work on the machine does not count. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set(int (*setter)(warden_request *, const char *, size_t, const char *, size_t,
			      struct warden_error *),
		warden_request *request, const char *type, int number)
{
	char id[32];
	int length = snprintf(id, sizeof id, "%c%d", type[0] + 32, number);

	setter(request, type, strlen(type), id, (size_t)length, NULL);
}

/* Nanoseconds for each check, over requests for many users. */
static double measure(warden *w, int n, int with_answer)
{
	enum { REQUESTS = 64 };
	warden_request *requests[REQUESTS];
	unsigned allowed = 0;
	double start, took;

	for (int i = 0; i < REQUESTS; i++) {
		int user = (int)((long long)i * 7919 % (n / 10 > 0 ? n / 10 : 1));

		requests[i] = warden_request_new();
		set(warden_request_set_principal, requests[i], "User", user);
		warden_request_set_action(requests[i], "Action", 6, "read", 4, NULL);
		set(warden_request_set_resource, requests[i], "Doc", i % 2 ? user * 10 : 0);
	}
	start = now();
	for (int i = 0; i < CHECKS; i++) {
		warden_answer *answer = NULL;

		allowed += (unsigned)warden_check(w, requests[i % REQUESTS],
						  with_answer ? &answer : NULL, NULL);
		warden_answer_free(answer);
	}
	took = now() - start;
	for (int i = 0; i < REQUESTS; i++)
		warden_request_free(requests[i]);
	if (allowed == 0)
		fprintf(stderr, "bench: nothing was allowed\n");
	return took / CHECKS * 1e9;
}

int main(void)
{
	static const int sizes[] = {10, 1000, 10000, 100000};

	printf("libwarden %s\n%10s %10s %10s %12s %12s\n", warden_version(), "policies", "KiB",
	       "load ms", "ns/check", "ns/answer");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct text policies = {0}, entities = {0};
		struct warden_error error;
		double start, load;
		warden *w;

		make_policies(&policies, sizes[i]);
		make_entities(&entities, sizes[i]);
		start = now();
		if (warden_open_memory(&w, policies.bytes, policies.length, entities.bytes,
				       entities.length, &error) != WARDEN_OK) {
			fprintf(stderr, "bench: %s\n", error.text);
			return EXIT_FAILURE;
		}
		load = now() - start;
		printf("%10d %10zu %10.2f %12.0f %12.0f\n", sizes[i],
		       (policies.length + entities.length) / 1024, load * 1e3,
		       measure(w, sizes[i], 0), measure(w, sizes[i], 1));
		warden_close(w);
		free(policies.bytes);
		free(entities.bytes);
	}
	return EXIT_SUCCESS;
}

/* The matrix of a fleet: which services and which customers run with which versions of which libraries. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_MATRIX_H
#define PIN_MATRIX_H

#include "pin/supply.h"

#include <json-glib/json-glib.h>

/* A service at one version: a row. */
struct matrix_service {
	char *name;
	char *version;      /* of the package; NULL: the repository has none that was asked for */
	const entry *entry; /* likewise */
	const struct pair **cells; /* one for each version of the library; NULL where there is no entry */
	guint n_customers;  /* how many host classes have it */
};

/* What a host class has of a service. */
struct matrix_use {
	guint service; /* its row in the section */
	gint held;     /* the column of the version that it is held at; -1: it goes with the others */
	const struct channel_held *why; /* NULL unless it is held */
};

/* One host class of one customer: a row. */
struct matrix_customer {
	const struct channel *channel;
	const struct channel_host *host;
	GArray *uses;   /* struct matrix_use, in the order of the channel */
	gint takes;     /* the column of the version that it has, or gets from its channel; -1: none of these */
	const struct channel_pin *pin; /* NULL: not pinned, it takes the newest */
	gboolean is_over;              /* the pin's last day is over */
	gint *deciding; /* for each column the index in `uses` of the worst, the first of equal ones; -1 without any */
};

/* One package of a library in one suite, with what uses it. */
struct matrix_section {
	const char *suite;
	const struct family *family;
	const char *arch, *library;
	const pairing *pairing; /* internal */
	GPtrArray *versions;  /* const entry *, the columns, oldest first */
	GPtrArray *services;  /* struct matrix_service *, by name and version */
	GPtrArray *customers; /* struct matrix_customer *, by channel, classes in the order of the file */
};

/* Immutable once it is made. */
struct matrix {
	const struct fleet *fleet; /* borrowed, like all of it that is const; the channels, too */
	GPtrArray *sections;       /* struct matrix_section *: by suite, library, family and architecture */
	struct supply *supply;     /* internal: what the entries and pairs belong to */
};

/* What is to be shown. */
struct matrix_request {
	const struct fleet *fleet;
	const GPtrArray *channels; /* struct channel *: the customers */
	const char *const *libraries; /* packages, NULL-terminated; NULL: the fleet's, or else all that a service is linked to */
	const char *const *services;  /* only these; NULL: all that the customers have, or all of the suite where they name none */
	const struct users_waivers *waivers; /* or NULL */
	GDate today;
};

/*
 * matrix_new: judge all services of the channels with all versions of their libraries, on all cores.
 *
 * answers: or NULL. Returns a matrix for matrix_free; NULL with an error of supply_open or supply_judge, or
 * CHANNEL_ERROR_MISSING where a library that is asked for by name is not there.
 */
struct matrix *matrix_new(const struct matrix_request *request, cache *answers, GError **error);
void matrix_free(struct matrix *matrix);
typedef struct matrix matrix;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(matrix, matrix_free)

/* matrix_word: of a service with a version. A service that the repository does not have is USERS_UNKNOWN. */
enum users_word matrix_word(const struct matrix_service *service, guint version);

/* matrix_is_linked: is there anything to say of the two? A service that is not linked to the library has empty cells. */
gboolean matrix_is_linked(const struct matrix_service *service, guint version);

/* matrix_customer_word: the worst of its services with a version; what is held counts with what it is held at. */
enum users_word matrix_customer_word(const struct matrix_section *section, const struct matrix_customer *customer,
				     guint version);

/*
 * matrix_text: as tables that fit into WIDTH columns, with a legend, and what stands in the way. Caller frees.
 *
 * Where there is no room for all versions, those that follow one another and are alike for all services are one column.
 */
char *matrix_text(const struct matrix *matrix, guint width);

/* matrix_json: the same for programs; the schema is in abide-pin(1). Caller unrefs. */
JsonNode *matrix_json(const struct matrix *matrix);

/*
 * matrix_page: as one page of HTML that needs no other file and no network. Caller frees.
 *
 * Valid UTF-8; whatever was read from files is escaped, and characters that do not print are replaced. The page's own policy
 * (Content Security Policy) allows the one style sheet and the one script in it by their digests, and nothing else.
 */
char *matrix_page(const struct matrix *matrix);

#endif

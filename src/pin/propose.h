/* Proposals: the newest version of a library that each host class can take today, with nothing rebuilt. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PROPOSE_H
#define PIN_PROPOSE_H

#include "pin/proof.h"

/* What one host class could do with one library. */
struct proposal {
	const struct channel *channel;
	const struct channel_host *host;
	const char *library;
	const entry *now;   /* what it has by its channel today; NULL: none */
	const entry *takes; /* the newest that can be installed and that all services run with; NULL: none */
	gboolean noted;     /* a service runs with it as far as was looked */
	const entry *stop;  /* the next newer version, or the newest where it takes none; NULL: it takes the newest */
	enum proof_word word; /* why not that one: PROOF_FAILS or PROOF_UNKNOWN */
	char *why;            /* one line */
	char **symbols;       /* by what the service meets it, NULL-terminated; NULL for none */
};

/* What one channel could be pinned to: what all of its classes can take. */
struct proposal_pin {
	const struct channel *channel;
	const char *library;
	char *version; /* a pattern for abide pin set; NULL: there is no version that all can take */
	gboolean same; /* it is what they have already */
};

struct proposals {
	GPtrArray *all;  /* struct proposal *: by channel, class and library, where the class uses the library */
	GPtrArray *pins; /* struct proposal_pin * */
};
typedef struct proposals proposals;

/*
 * proposals_make: for each class of each proof that uses a library of the fleet.
 *
 * p: of the same supply; the services, and what is held for them, are taken as they are there. library: only this one; NULL:
 * all. Versions are tried from the newest down, those that a service would not run with without asking a solver. A class
 * takes no version older than what is installed there. Returns proposals for proposals_free, which must go before the proofs;
 * NULL with an error of supply_install or supply_judge, or CHANNEL_ERROR_MISSING: nothing uses that library.
 */
proposals *proposals_make(const supply *s, const proofs *p, const char *library, GError **error);
void proposals_free(proposals *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(proposals, proposals_free)

/*
 * proposals_text: a table, what stops each, and the commands that would pin it. Caller frees.
 * proposals_json: the same for programs; the schema is in abide-pin(1). Caller unrefs.
 */
char *proposals_text(const proposals *p);
JsonNode *proposals_json(const proposals *p, const struct fleet *fleet);

#endif

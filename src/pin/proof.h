/* Proofs: can each host class of each channel have what it is pinned to, without anything being rebuilt? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PIN_PROOF_H
#define PIN_PROOF_H

#include "pin/supply.h"

#include <json-glib/json-glib.h>

/* How it stands, from best to worst. */
enum proof_word {
	PROOF_HOLDS,
	PROOF_NOTE,    /* it holds; the text says what was not looked at, or what is waived */
	PROOF_UNKNOWN, /* cannot be told */
	PROOF_EXPIRED, /* somebody has to decide again */
	PROOF_FAILS,
	PROOF_WORDS,
};

/* What a finding is about. */
enum proof_kind {
	PROOF_INSTALL,       /* apt or dnf would refuse */
	PROOF_ABI,           /* a service would not run with the library that it gets */
	PROOF_GONE,          /* the suite has no version that fits, or no such package */
	PROOF_CONTRADICTION, /* two lines of the channel, or a line and a package, cannot both hold */
	PROOF_EXPIRY,        /* a pin, a service or something held is over */
	PROOF_BASE,          /* the base does not say enough */
};

struct proof_finding {
	enum proof_kind kind;
	enum proof_word word;
	const struct channel_host *host; /* NULL: the whole channel */
	char *subject;  /* the package: "demo-ask" */
	char *text;     /* one line that begins with the package */
	char **symbols; /* PROOF_ABI: by what the service meets it, NULL-terminated; NULL for none */
};

/* One service and one of the libraries that it uses, as the class would have them. */
struct proof_use {
	const struct view_service *service;
	const char *name;     /* the library's package */
	const entry *library; /* NULL: there is none */
	const struct pair *pair; /* NULL: not linked, or there is none */
};

struct proof_class {
	view_target *target;
	const struct install *install; /* NULL: nothing is to be installed */
	guint question;                /* internal */
	GArray *uses;                  /* struct proof_use */
};

/* Of one channel. */
struct proof {
	const struct channel *channel;
	GPtrArray *view;     /* const entry *: what it lets through */
	GPtrArray *classes;  /* struct proof_class *, in the order of the file */
	GPtrArray *findings; /* struct proof_finding *: the whole channel's first, then by class */
	enum proof_word word;
};

/* Of all channels of a supply, in its order. */
struct proofs {
	GPtrArray *all; /* struct proof * */
	guint solved;   /* how often a solver had to be asked */
	guint opened;   /* how many packages had to be read */
};
typedef struct proofs proofs;

/*
 * proofs_make: prove or refute all that was opened, on all cores.
 *
 * What is asked to be installed on a host class: its services, and what is pinned (except for services of other classes). With
 * which library a service is judged: with what is held for it; else with the version that the class would have.
 *
 * Returns proofs for proofs_free, which must go before the supply; NULL with an error of supply_install or supply_judge.
 */
proofs *proofs_make(const supply *s, const GDate *today, GError **error);
void proofs_free(proofs *p);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(proofs, proofs_free)

/* proof_library: what a class has of a library: what installing gets it, else what it has or is offered; NULL: none. */
const entry *proof_library(const struct supply_suite *suite, const struct proof_class *c, const char *library);

/* proof_names: what is asked to be installed on a class, each once (const char *, the target's); caller unrefs. */
GPtrArray *proof_names(const view_target *target);

/* proof_pair_text: "demo-ask 1.0-1 breaks with libwarden1 2.0-1: ..."; caller frees. */
char *proof_pair_text(const struct pair *pair);

/* proof_append_symbols: " [f g and 3 more]", or nothing. symbols: NULL-terminated, or NULL. */
void proof_append_symbols(GString *out, char *const *symbols);

/* proof_add: record a finding; the text is taken over. symbols: NULL, or copied. */
void proof_add(struct proof *p, enum proof_kind kind, enum proof_word word, const struct channel_host *host,
	       const char *subject, char *text, char *const *symbols);

/* proof_check_channel: add what is wrong with a channel by itself and beside its suite; of proofs_make. */
void proof_check_channel(struct proof *p, const supply *s, const GDate *today);

/* proofs_worst: the worst word. proofs_count: how many channels have it. */
enum proof_word proofs_worst(const proofs *p);
guint proofs_count(const proofs *p, enum proof_word word);

/* proof_word_name: "holds", "note", "unknown", "expired", "fails". proof_kind_name: "install", "abi", ... */
const char *proof_word_name(enum proof_word word);
const char *proof_kind_name(enum proof_kind kind);

/*
 * proofs_text: a line for each finding, those of one channel together, and one that counts the channels. Caller frees.
 * each: also a line for each channel that has no finding.
 *
 * proofs_json: the same for programs; the schema is in abide-pin(1). Caller unrefs.
 */
char *proofs_text(const proofs *p, gboolean each);
JsonNode *proofs_json(const proofs *p, const struct fleet *fleet);

#endif

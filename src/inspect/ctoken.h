/* The preprocessing tokens of C: what counts in a piece of source, without comments and white space. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef INSPECT_CTOKEN_H
#define INSPECT_CTOKEN_H

#include "core/digest.h"

enum ctoken_kind {
	CTOKEN_WORD,       /* an identifier or keyword */
	CTOKEN_NUMBER,     /* a preprocessing number: "0x1fUL", "1e-3" */
	CTOKEN_STRING,     /* a string or character literal with its quotes; a raw string with its R */
	CTOKEN_PUNCTUATOR, /* the longest that C or C++ knows here, or any other single byte */
};

/* One token. Its text is a part of the source, not terminated; spliced lines are still in it. */
struct ctoken {
	enum ctoken_kind kind;
	const char *text;
	gsize length;
	gboolean first;  /* on its line, where a comment that spans lines is one line: here a "#" begins a directive */
	gboolean spaced; /* white space or a comment stands before it */
};

/* A walk over source: {text, text + size, TRUE} to begin with. */
struct ctokens {
	const char *at, *end;
	gboolean fresh; /* no token yet on this line */
};

/*
 * ctokens_next: the next token, by the rules of C11 6.4 and the raw strings of C++. FALSE at the end.
 *
 * Any bytes are taken: a literal or comment that is not closed ends with its line or with the source. Linear in its size.
 */
gboolean ctokens_next(struct ctokens *tokens, struct ctoken *token);

/* ctoken_is: is it spelled so? */
gboolean ctoken_is(const struct ctoken *token, const char *text);

/* ctoken_is_one_of: is it spelled as one of these (NULL-terminated)? */
gboolean ctoken_is_one_of(const struct ctoken *token, const char *const *texts);

/* ctoken_digest: feed a token into a digest, ended so that no two lists of tokens give the same bytes; without splices. */
void ctoken_digest(const struct ctoken *token, digest *digest);

#endif

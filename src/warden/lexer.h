/* Cedar tokens: names, strings, numbers, punctuation, with white space and comments skipped. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WARDEN_LEXER_H
#define WARDEN_LEXER_H

#include "error.h"
#include "memory.h"

/* A token of one character is that character; these are the others. */
enum token_kind {
	TOKEN_END = 256,
	TOKEN_NAME,
	TOKEN_STRING,
	TOKEN_NUMBER,
	/* ?principal */
	TOKEN_SLOT,
	/* == */
	TOKEN_EQUAL,
	/* :: */
	TOKEN_PATH,
	/* && || != <= >= */
	TOKEN_OPERATOR,
};

/* A span of the source. For a string the quotes are in it. */
struct token {
	int kind;
	size_t offset;
	size_t length;
};

/* The source must be UTF-8. `token` is the one to be looked at; lexer_next() moves on. */
struct lexer {
	const struct source *source;
	size_t at;
	struct token token;
	struct warden_error *error;
};

/* Reads the next token into lexer->token. false with lexer->error filled if it is none. */
bool lexer_next(struct lexer *lexer);

/* Appends the value of a string token, its escapes resolved, to out. Fails as lexer_next(). */
bool lexer_string(const struct lexer *lexer, const struct token *token, struct buffer *out);

/* Whether the token is this name. */
bool lexer_is_name(const struct lexer *lexer, const char *name);

/* What the token is, for a message: its text, or "the end of the text". Not NUL-terminated. */
const char *lexer_describe(const struct lexer *lexer, size_t *length);

#endif

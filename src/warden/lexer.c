/* Cedar tokens, by the rules of the grammar of cedar-policy 4 (escapes: of Rust strings). */
/* SPDX-License-Identifier: Apache-2.0 */
#include "lexer.h"
#include "identifier.h"
#include "utf8.h"

#include <string.h>

/* Unicode White_Space. */
static bool is_space(uint32_t point)
{
	return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 ||
	       point == 0xa0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200a) ||
	       point == 0x2028 || point == 0x2029 || point == 0x202f || point == 0x205f ||
	       point == 0x3000;
}

static void skip_comment(struct lexer *lexer)
{
	const struct source *source = lexer->source;

	while (lexer->at < source->length && source->bytes[lexer->at] != '\n' &&
	       source->bytes[lexer->at] != '\r')
		lexer->at++;
}

static void skip_blank(struct lexer *lexer)
{
	const struct source *source = lexer->source;

	while (lexer->at < source->length) {
		const char *here = source->bytes + lexer->at;
		size_t left = source->length - lexer->at, size;
		uint32_t point = 0;

		if (left >= 2 && here[0] == '/' && here[1] == '/') {
			skip_comment(lexer);
			continue;
		}
		size = utf8_decode(here, left, &point);
		if (size == 0 || !is_space(point))
			return;
		lexer->at += size;
	}
}

static size_t number_length(const char *bytes, size_t length)
{
	size_t at = 0;

	while (at < length && bytes[at] >= '0' && bytes[at] <= '9')
		at++;
	return at;
}

/* 0 if the string has no end. */
static size_t string_length(const char *bytes, size_t length)
{
	for (size_t at = 1; at < length; at++) {
		if (bytes[at] == '"')
			return at + 1;
		if (bytes[at] == '\\')
			at++;
	}
	return 0;
}

static size_t punctuation(const char *bytes, size_t length, int *kind)
{
	static const struct {
		const char *text;
		int kind;
	} pairs[] = {
		{"==", TOKEN_EQUAL},	{"::", TOKEN_PATH},	{"&&", TOKEN_OPERATOR},
		{"||", TOKEN_OPERATOR}, {"!=", TOKEN_OPERATOR}, {"<=", TOKEN_OPERATOR},
		{">=", TOKEN_OPERATOR},
	};

	for (size_t i = 0; length >= 2 && i < sizeof pairs / sizeof *pairs; i++) {
		if (memcmp(bytes, pairs[i].text, 2) == 0) {
			*kind = pairs[i].kind;
			return 2;
		}
	}
	if (*bytes == '\0' || strchr("@.,;:(){}[]<>+-*/%!=", *bytes) == NULL)
		return 0;
	*kind = *bytes;
	return 1;
}

bool lexer_next(struct lexer *lexer)
{
	struct token *token = &lexer->token;
	const char *here;
	size_t left;

	skip_blank(lexer);
	here = lexer->source->bytes + lexer->at;
	left = lexer->source->length - lexer->at;
	*token = (struct token){TOKEN_END, lexer->at, 0};
	if (left == 0)
		return true;
	if ((token->length = identifier_length(here, left)) != 0) {
		token->kind = TOKEN_NAME;
	} else if ((token->length = number_length(here, left)) != 0) {
		token->kind = TOKEN_NUMBER;
	} else if (*here == '"') {
		token->kind = TOKEN_STRING;
		token->length = string_length(here, left);
		if (token->length == 0)
			return error_at(lexer->error, WARDEN_ERROR_SYNTAX, lexer->source, lexer->at,
					"this string has no closing quote");
	} else if (*here == '?' && (token->length = identifier_length(here + 1, left - 1)) != 0) {
		token->kind = TOKEN_SLOT;
		token->length++;
	} else if ((token->length = punctuation(here, left, &token->kind)) == 0) {
		uint32_t point = 0;
		size_t size = utf8_decode(here, left, &point);

		return error_at(lexer->error, WARDEN_ERROR_SYNTAX, lexer->source, lexer->at,
				"unexpected character '%.*s' (U+%04X)", (int)size, here,
				(unsigned)point);
	}
	lexer->at += token->length;
	return true;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* \x41, from the x: two digits, ASCII only. Returns the bytes used, 0 if it is wrong. */
static size_t byte_escape(const char *at, size_t left, uint32_t *point)
{
	int high, low;

	if (left < 3 || (high = hex_value(at[1])) < 0 || (low = hex_value(at[2])) < 0 || high > 7)
		return 0;
	*point = (uint32_t)(high * 16 + low);
	return 3;
}

/*
 * \u{1F600}, from the u: one to six digits, underscores between them. Returns the bytes used, 0 if
 * it is wrong.
 */
static size_t unicode_escape(const char *at, size_t left, uint32_t *point)
{
	int digits = 0;

	if (left < 4 || at[1] != '{' || at[2] == '_')
		return 0;
	*point = 0;
	for (size_t i = 2; i < left; i++) {
		if (at[i] == '}')
			return digits > 0 && *point <= 0x10ffff &&
					       (*point < 0xd800 || *point > 0xdfff)
				       ? i + 1
				       : 0;
		if (at[i] == '_')
			continue;
		if (hex_value(at[i]) < 0 || ++digits > 6)
			return 0;
		*point = *point * 16 + (uint32_t)hex_value(at[i]);
	}
	return 0;
}

/* The escape whose letter is at `at`. Returns the bytes used, 0 if it is wrong. */
static size_t escape(const char *at, size_t left, uint32_t *point)
{
	static const char letters[] = "nrt\\0'\"", values[] = "\n\r\t\\\0'\"";
	const char *found = left > 0 ? memchr(letters, *at, sizeof letters - 1) : NULL;

	if (found != NULL) {
		*point = (unsigned char)values[found - letters];
		return 1;
	}
	if (left > 0 && *at == 'x')
		return byte_escape(at, left, point);
	if (left > 0 && *at == 'u')
		return unicode_escape(at, left, point);
	return 0;
}

/*
 * A backslash at the end of a line joins it with the next: the line feed and the blanks after it
 * are skipped.
 */
static size_t line_joint(const char *at, size_t left)
{
	size_t used = 0;

	if (left == 0 || *at != '\n')
		return 0;
	while (used < left &&
	       (at[used] == '\n' || at[used] == '\r' || at[used] == ' ' || at[used] == '\t'))
		used++;
	return used;
}

bool lexer_string(const struct lexer *lexer, const struct token *token, struct buffer *out)
{
	const char *bytes = lexer->source->bytes + token->offset;
	size_t end = token->length - 1, used;

	for (size_t at = 1; at < end; at += used) {
		char encoded[4];
		uint32_t point;

		used = 0;
		while (at + used < end && bytes[at + used] != '\\' && bytes[at + used] != '\r')
			used++;
		if (used > 0) {
			if (!buffer_append(out, bytes + at, used))
				return error_memory(lexer->error);
			continue;
		}
		if (bytes[at] == '\r')
			return error_at(lexer->error, WARDEN_ERROR_SYNTAX, lexer->source,
					token->offset + at,
					"a carriage return in a string must be written \\r");
		used = line_joint(bytes + at + 1, end - at - 1);
		if (used == 0) {
			used = escape(bytes + at + 1, end - at - 1, &point);
			if (used == 0)
				return error_at(lexer->error, WARDEN_ERROR_SYNTAX, lexer->source,
						token->offset + at,
						"not an escape of a Cedar string");
			if (!buffer_append(out, encoded, utf8_encode(point, encoded)))
				return error_memory(lexer->error);
		}
		used++;
	}
	return true;
}

bool lexer_is_name(const struct lexer *lexer, const char *name)
{
	const struct token *token = &lexer->token;

	return token->kind == TOKEN_NAME && strlen(name) == token->length &&
	       memcmp(lexer->source->bytes + token->offset, name, token->length) == 0;
}

const char *lexer_describe(const struct lexer *lexer, size_t *length)
{
	static const char end[] = "the end of the text";

	if (lexer->token.kind == TOKEN_END) {
		*length = sizeof end - 1;
		return end;
	}
	*length = lexer->token.length;
	return lexer->source->bytes + lexer->token.offset;
}

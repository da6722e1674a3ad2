/* The tokens of C: see ctoken.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/ctoken.h"

#include <string.h>

/* Length of a spliced line end at P (backslash, newline), or 0. */
static gsize splice(const char *p, const char *end)
{
	if (end - p >= 2 && p[0] == '\\' && p[1] == '\n')
		return 2;
	return end - p >= 3 && p[0] == '\\' && p[1] == '\r' && p[2] == '\n' ? 3 : 0;
}

static const char *skip_line_comment(const char *p, const char *end)
{
	while (p < end && *p != '\n')
		p += MAX(splice(p, end), 1);
	return MIN(p, end);
}

static const char *skip_block_comment(const char *p, const char *end)
{
	for (p += 2; p + 1 < end; p++)
		if (p[0] == '*' && p[1] == '/')
			return p + 2;
	return end;
}

/* Steps to the next token. */
static void skip_space(struct ctokens *t, struct ctoken *token)
{
	const char *begin = t->at;

	while (t->at < t->end) {
		const char *p = t->at;
		gsize spliced = splice(p, t->end);
		if (*p == '\n')
			t->fresh = TRUE;
		if (spliced > 0)
			t->at += spliced;
		else if (g_ascii_isspace(*p) || *p == '\0')
			t->at++;
		else if (t->end - p >= 2 && p[0] == '/' && p[1] == '/')
			t->at = skip_line_comment(p, t->end);
		else if (t->end - p >= 2 && p[0] == '/' && p[1] == '*')
			t->at = skip_block_comment(p, t->end);
		else
			break;
	}
	token->spaced = t->at > begin;
	token->first = t->fresh;
	t->fresh = FALSE;
}

static gboolean is_word_byte(char c)
{
	return g_ascii_isalnum(c) || c == '_' || c == '$' || (guchar)c >= 0x80;
}

static const char *end_of_word(const char *p, const char *end)
{
	while (p < end && (is_word_byte(*p) || splice(p, end) > 0))
		p += MAX(splice(p, end), 1);
	return p;
}

/* A sign belongs to a number after an exponent, a quote before a digit. */
static const char *end_of_number(const char *p, const char *end)
{
	char last = '\0';

	while (p < end) {
		gsize spliced = splice(p, end);
		gboolean sign = (*p == '+' || *p == '-') && last != '\0' && strchr("eEpP", last) != NULL;
		gboolean quote = *p == '\'' && p + 1 < end && g_ascii_isalnum(p[1]);
		if (spliced == 0 && !is_word_byte(*p) && *p != '.' && !sign && !quote)
			break;
		last = *p;
		p += MAX(spliced, 1);
	}
	return p;
}

static const char *end_of_literal(const char *p, const char *end)
{
	char quote = *p++;

	while (p < end && *p != quote && *p != '\n') {
		gsize spliced = splice(p, end);
		p += spliced > 0 ? spliced : *p == '\\' && p + 1 < end && p[1] != '\n' ? 2 : 1;
	}
	return p < end && *p == quote ? p + 1 : p;
}

/* R"DELIMITER(...)DELIMITER": P is at the quote. NULL when it is none. */
static const char *end_of_raw_string(const char *p, const char *end)
{
	const char *open = memchr(p, '(', MIN((gsize)(end - p), 18));

	if (open == NULL)
		return NULL;
	gsize n = (gsize)(open - p - 1);
	for (const char *q = open + 1; (q = memchr(q, ')', (gsize)(end - q))) != NULL; q++)
		if ((gsize)(end - q) >= n + 2 && memcmp(q + 1, p + 1, n) == 0 && q[n + 1] == '"')
			return q + n + 2;
	return end;
}

static gboolean is_raw_prefix(const char *p, gsize length)
{
	static const char *const prefixes[] = {"R", "LR", "uR", "UR", "u8R", NULL};

	return ctoken_is_one_of(&(struct ctoken){.text = p, .length = length}, prefixes);
}

static gsize punctuator_length(const char *p, const char *end)
{
	static const char *const longer[] = {"...", "<<=", ">>=", "->*", "<=>", "->", "++", "--", "<<", ">>", "<=", ">=", "==",
					     "!=",  "&&",  "||",  "+=",	 "-=",	"*=", "/=", "%=", "&=", "|=", "^=", "##", "::"};

	for (gsize i = 0; i < G_N_ELEMENTS(longer); i++) {
		gsize n = strlen(longer[i]);
		if ((gsize)(end - p) >= n && memcmp(p, longer[i], n) == 0)
			return n;
	}
	return 1;
}

static const char *end_of_token(const char *p, const char *end, enum ctoken_kind *kind)
{
	if (*p == '"' || *p == '\'') {
		*kind = CTOKEN_STRING;
		return end_of_literal(p, end);
	}
	if (g_ascii_isdigit(*p) || (*p == '.' && p + 1 < end && g_ascii_isdigit(p[1]))) {
		*kind = CTOKEN_NUMBER;
		return end_of_number(p, end);
	}
	if (!is_word_byte(*p)) {
		*kind = CTOKEN_PUNCTUATOR;
		return p + punctuator_length(p, end);
	}
	const char *after = end_of_word(p, end);
	const char *raw = after < end && *after == '"' && is_raw_prefix(p, (gsize)(after - p)) ? end_of_raw_string(after, end)
											      : NULL;
	*kind = raw ? CTOKEN_STRING : CTOKEN_WORD;
	return raw ? raw : after;
}

gboolean ctokens_next(struct ctokens *t, struct ctoken *token)
{
	skip_space(t, token);
	if (t->at >= t->end)
		return FALSE;
	token->text = t->at;
	t->at = end_of_token(t->at, t->end, &token->kind);
	token->length = (gsize)(t->at - token->text);
	return TRUE;
}

gboolean ctoken_is(const struct ctoken *token, const char *text)
{
	return strlen(text) == token->length && memcmp(token->text, text, token->length) == 0;
}

gboolean ctoken_is_one_of(const struct ctoken *token, const char *const *texts)
{
	for (; *texts != NULL; texts++)
		if (ctoken_is(token, *texts))
			return TRUE;
	return FALSE;
}

void ctoken_digest(const struct ctoken *token, digest *digest)
{
	const char *begin = token->text, *end = token->text + token->length;

	for (const char *p = begin; p < end;) {
		gsize spliced = splice(p, end);
		if (spliced > 0)
			digest_update(digest, begin, (gsize)(p - begin));
		p += MAX(spliced, 1);
		begin = spliced > 0 ? p : begin;
	}
	digest_update(digest, begin, (gsize)(end - begin));
	digest_update(digest, "", 1);
}

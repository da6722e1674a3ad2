/* Macros and functions of public headers: see inlined.h. */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "inspect/inlined.h"
#include "inspect/ctoken.h"

#include <string.h>

/* The longest replacement text of a macro that is kept to be shown. */
#define TEXT_SHOWN 64
/* More tokens than any declaration has before its body; a longer one is no function. */
#define MOST_HEAD 4096
/* More parameters than a macro has: C promises 127. */
#define MOST_PARAMETERS 1024

/* The declaration that is being read, at file level. */
struct declaration {
	GArray *head;   /* struct ctoken: what came before a body */
	guint parens;   /* open ones, outside of braces */
	guint braces;   /* open ones */
	digest *digest; /* of a function, once its body is open */
	char *name;
};

struct parse {
	struct ctokens tokens;
	struct ctoken token; /* the next one, while there is one */
	gboolean more;
	gboolean is_expanded;
	gboolean is_public; /* the file that the next token is from */
	gboolean entered;   /* nothing came in that file yet */
	struct declaration declaration;
	GHashTable *macros, *functions; /* name -> struct facts_inlined *; strings are in the chunk */
	GStringChunk *strings;
	inlined_filter filter;
	gpointer data;
};

static void advance(struct parse *p)
{
	p->more = ctokens_next(&p->tokens, &p->token);
}

static gboolean same_line(const struct parse *p)
{
	return p->more && !p->token.first;
}

static guint64 digest_number(digest *digest)
{
	g_autofree char *hex = digest_hex(digest);

	hex[16] = '\0';
	return g_ascii_strtoull(hex, NULL, 16);
}

static const char *keep(struct parse *p, const struct ctoken *token)
{
	g_autofree char *name = g_strndup(token->text, token->length);

	return g_string_chunk_insert_const(p->strings, name);
}

static void note(GHashTable *table, const struct facts_inlined *found)
{
	g_hash_table_replace(table, (void *)found->name, g_memdup2(found, sizeof *found));
}

/* ---- line markers ---- */

/* A file's name as line markers quote it; caller frees. */
static char *unquote(const struct ctoken *literal)
{
	if (literal->length < 2)
		return g_strdup("");
	g_autofree char *quoted = g_strndup(literal->text + 1, literal->length - 2);
	return g_strcompress(quoted);
}

/* "# 12 "path" 1 3": 1 enters a file, 3 is a system header. */
static void read_marker(struct parse *p)
{
	gboolean enters = FALSE, is_system = FALSE;
	g_autofree char *path = NULL;

	for (; same_line(p); advance(p)) {
		if (p->token.kind == CTOKEN_STRING && path == NULL)
			path = unquote(&p->token);
		enters = enters || (path != NULL && ctoken_is(&p->token, "1"));
		is_system = is_system || (path != NULL && ctoken_is(&p->token, "3"));
	}
	if (path == NULL)
		return;
	p->is_public = p->filter(path, is_system, p->data);
	p->entered = enters;
}

/* ---- macros ---- */

static gboolean is_reserved(const struct ctoken *name)
{
	return name->length >= 2 && name->text[0] == '_' && name->text[1] == '_';
}

/* Two words need a space between them; so do bytes that would read as another token. */
static void append_shown(GString *text, const struct ctoken *token)
{
	static const char joining[] = "+-<>&|=#:.*/";

	if (text->len > 0 && text->len <= TEXT_SHOWN) {
		char last = text->str[text->len - 1], next = *token->text;
		gboolean words = token->kind != CTOKEN_PUNCTUATOR && (g_ascii_isalnum(last) || strchr("_$\"'", last) != NULL);
		if (words || (strchr(joining, last) != NULL && strchr(joining, next) != NULL))
			g_string_append_c(text, ' ');
	}
	if (text->len <= TEXT_SHOWN)
		g_string_append_len(text, token->text, (gssize)token->length);
}

/* The names of the parameters of a function-like macro; the next token is the "(". */
static GArray *read_parameters(struct parse *p)
{
	GArray *names = g_array_new(FALSE, FALSE, sizeof(struct ctoken));

	for (advance(p); same_line(p) && !ctoken_is(&p->token, ")"); advance(p))
		if ((p->token.kind == CTOKEN_WORD || ctoken_is(&p->token, "...")) && names->len < MOST_PARAMETERS)
			g_array_append_val(names, p->token);
	if (same_line(p))
		advance(p);
	return names;
}

/* Which parameter a token names, from 1; 0 for none. */
static guint parameter(const GArray *names, const struct ctoken *token)
{
	for (guint i = 0; names != NULL && i < names->len; i++) {
		const struct ctoken *name = &g_array_index(names, struct ctoken, i);
		if (name->kind == CTOKEN_WORD && name->length == token->length &&
		    memcmp(name->text, token->text, token->length) == 0)
			return i + 1;
	}
	return 0;
}

/* Digests a macro up to the end of its line. text: gets what replaces it. */
static guint64 digest_macro(struct parse *p, const GArray *names, GString *text)
{
	g_autoptr(digest) d = digest_new(DIGEST_SHA256);
	g_autofree char *kind = names ? g_strdup_printf("(%u", names->len) : g_strdup("=");

	digest_update(d, kind, strlen(kind) + 1);
	for (guint i = 0; names != NULL && i < names->len; i++)
		if (ctoken_is(&g_array_index(names, struct ctoken, i), "..."))
			digest_update(d, "...", 4);
	for (; same_line(p); advance(p)) {
		guint at = parameter(names, &p->token);
		g_autofree char *place = at > 0 ? g_strdup_printf("$%u", at) : NULL;
		if (place != NULL)
			digest_update(d, place, strlen(place) + 1);
		else
			ctoken_digest(&p->token, d);
		append_shown(text, &p->token);
	}
	return digest_number(d);
}

/* An include guard is the first thing in a file and says nothing: "#define NAME", or "#define NAME_H 1". */
static gboolean is_guard(const char *name, const char *text)
{
	g_autofree char *upper = g_ascii_strup(name, -1);

	for (char *end = upper + strlen(upper); end > upper && end[-1] == '_';)
		*--end = '\0';
	return *text == '\0' || (strcmp(text, "1") == 0 && (g_str_has_suffix(upper, "_H") || g_str_has_suffix(upper, "INCLUDED")));
}

static void read_define(struct parse *p)
{
	gboolean at_start = p->entered;
	g_autoptr(GArray) names = NULL;
	g_autoptr(GString) text = g_string_new(NULL);

	if (!same_line(p) || p->token.kind != CTOKEN_WORD)
		return;
	gboolean counts = p->is_public && !is_reserved(&p->token);
	struct facts_inlined macro = {.name = keep(p, &p->token), .kind = FACTS_MACRO, .text = ""};
	advance(p);
	if (same_line(p) && !p->token.spaced && ctoken_is(&p->token, "("))
		names = read_parameters(p);
	macro.digest = digest_macro(p, names, text);
	if (names == NULL && text->len <= TEXT_SHOWN)
		macro.text = g_string_chunk_insert_const(p->strings, text->str);
	if (!counts || (at_start && names == NULL && is_guard(macro.name, text->str)))
		g_hash_table_remove(p->macros, macro.name);
	else
		note(p->macros, &macro);
}

static void read_undef(struct parse *p)
{
	if (same_line(p) && p->token.kind == CTOKEN_WORD)
		g_hash_table_remove(p->macros, keep(p, &p->token));
}

/* ---- functions ---- */

static const struct ctoken *head_at(const struct declaration *d, guint i)
{
	return &g_array_index(d->head, struct ctoken, i);
}

static gboolean head_is(const struct declaration *d, guint i, const char *text)
{
	return i < d->head->len && ctoken_is(head_at(d, i), text);
}

static void reset(struct declaration *d)
{
	g_array_set_size(d->head, 0);
	g_clear_pointer(&d->digest, digest_free);
	d->parens = d->braces = 0;
	d->name = NULL;
}

/* The index of the "(" whose ")" is at CLOSE; G_MAXUINT when there is none. */
static guint opening(const struct declaration *d, guint close)
{
	guint open = 0;

	for (guint i = close + 1; i-- > 0;) {
		open += head_is(d, i, ")");
		if (head_is(d, i, "(") && --open == 0)
			return i;
	}
	return G_MAXUINT;
}

/* In "(*f(int a))", a function that returns a pointer to one, the word before the inner parenthesis; else G_MAXUINT. */
static guint inner_name(const struct declaration *d, guint close)
{
	guint open = opening(d, close);

	for (guint i = open; i != G_MAXUINT && i + 1 < close; i++)
		if (head_at(d, i)->kind == CTOKEN_WORD && head_is(d, i + 1, "("))
			return i;
	return G_MAXUINT;
}

/* The index of the name of a function whose body begins after the head; G_MAXUINT when it is none. */
static guint function_name(const struct declaration *d)
{
	static const char *const attributes[] = {"__attribute__", "__attribute", "__declspec", "_Alignas", "alignas", "asm",
						 "__asm__", "__asm", "noexcept", "throw", NULL};
	static const char *const behind[] = {"const", "noexcept", "override", "final", NULL};
	static const char *const types[] = {"struct", "union", "enum", "class", NULL};
	guint end = d->head->len;

	while (end > 0 && end != G_MAXUINT) {
		if (ctoken_is_one_of(head_at(d, end - 1), behind)) {
			end--;
			continue;
		}
		guint open = head_is(d, end - 1, ")") ? opening(d, end - 1) : G_MAXUINT;
		if (open == G_MAXUINT || open == 0)
			return G_MAXUINT;
		const struct ctoken *before = head_at(d, open - 1);
		if (ctoken_is_one_of(before, attributes)) {
			end = open - 1;
			continue;
		}
		if (ctoken_is(before, ")"))
			return inner_name(d, open - 1);
		return before->kind == CTOKEN_WORD && (open < 2 || !ctoken_is_one_of(head_at(d, open - 2), types)) ? open - 1
														   : G_MAXUINT;
	}
	return G_MAXUINT;
}

/* Where the function's own words begin: what stands before may be a macro of a line of its own. */
static guint own_start(const struct declaration *d, guint name)
{
	static const char *const storage[] = {"static", "extern", "inline", "__inline", "__inline__", "__extension__", NULL};

	for (guint i = 0; i < name; i++)
		if (ctoken_is_one_of(head_at(d, i), storage))
			return i;
	return 0;
}

/* An initializer's braces, or a type's, are no body. */
static gboolean is_no_function(const struct declaration *d)
{
	guint parens = 0;

	for (guint i = 0; i < d->head->len; i++) {
		parens += head_is(d, i, "(");
		parens -= parens > 0 && head_is(d, i, ")");
		if (parens == 0 && (head_is(d, i, "=") || head_is(d, i, "typedef")))
			return TRUE;
	}
	return d->head->len == 0 || d->head->len >= MOST_HEAD;
}

/* extern "C" { and namespace x {: what is inside stands at file level too. */
static gboolean is_transparent(const struct declaration *d)
{
	guint n = d->head->len;

	return n > 0 && ((n >= 2 && head_is(d, n - 2, "extern") && head_at(d, n - 1)->kind == CTOKEN_STRING) ||
			 head_is(d, n - 1, "namespace") || (n >= 2 && head_is(d, n - 2, "namespace")));
}

static void open_brace(struct parse *p)
{
	struct declaration *d = &p->declaration;

	if (d->braces == 0 && d->parens == 0) {
		if (is_transparent(d)) {
			reset(d);
			return;
		}
		guint name = is_no_function(d) ? G_MAXUINT : function_name(d);
		if (name != G_MAXUINT) {
			d->digest = digest_new(DIGEST_SHA256);
			d->name = (char *)keep(p, head_at(d, name));
			for (guint i = own_start(d, name); i < d->head->len; i++)
				ctoken_digest(head_at(d, i), d->digest);
		}
	}
	d->braces++;
}

static void close_brace(struct parse *p)
{
	struct declaration *d = &p->declaration;

	if (d->braces == 0) {
		reset(d);
		return;
	}
	if (--d->braces > 0)
		return;
	if (d->digest == NULL) {
		g_array_set_size(d->head, 0);
		return;
	}
	note(p->functions, &(struct facts_inlined){.name = d->name, .kind = FACTS_INLINE_FUNCTION,
						   .digest = digest_number(d->digest),
						   .text = p->is_expanded ? "expanded" : ""});
	reset(d);
}

/* Between braces nothing counts but, in a function, its tokens. */
static void read_source(struct parse *p)
{
	struct declaration *d = &p->declaration;
	const struct ctoken *token = &p->token;
	gboolean opens = ctoken_is(token, "{"), closes = ctoken_is(token, "}");

	if (d->digest != NULL)
		ctoken_digest(token, d->digest);
	if (opens) {
		open_brace(p);
	} else if (closes) {
		close_brace(p);
	} else if (d->braces == 0) {
		d->parens += ctoken_is(token, "(");
		d->parens -= d->parens > 0 && ctoken_is(token, ")");
		if (d->parens == 0 && ctoken_is(token, ";"))
			reset(d);
		else if (d->head->len < MOST_HEAD)
			g_array_append_val(d->head, *token);
	}
}

/* ---- lines ---- */

static void read_directive(struct parse *p)
{
	advance(p);
	if (same_line(p) && (p->token.kind == CTOKEN_NUMBER || ctoken_is(&p->token, "line"))) {
		read_marker(p);
	} else if (same_line(p)) {
		gboolean defines = ctoken_is(&p->token, "define"), undefines = ctoken_is(&p->token, "undef");
		advance(p);
		if (defines)
			read_define(p);
		else if (undefines)
			read_undef(p);
		p->entered = FALSE;
	}
	while (same_line(p))
		advance(p);
}

static void read_all(struct parse *p)
{
	advance(p);
	while (p->more) {
		if (p->token.first && ctoken_is(&p->token, "#")) {
			read_directive(p);
			continue;
		}
		p->entered = FALSE;
		if (p->is_public)
			read_source(p);
		else
			reset(&p->declaration);
		advance(p);
	}
}

static gint compare_inlined(gconstpointer a, gconstpointer b)
{
	const struct facts_inlined *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (int)x->kind - (int)y->kind;
}

static void collect(GArray *all, GHashTable *table)
{
	GHashTableIter iter;
	gpointer found;

	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &found))
		g_array_append_vals(all, found, 1);
}

GArray *inlined_parse(const char *text, gsize size, gboolean is_expanded, GStringChunk *strings, inlined_filter is_public,
		      gpointer data)
{
	g_autoptr(GHashTable) macros = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	g_autoptr(GHashTable) functions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	g_autoptr(GArray) head = g_array_new(FALSE, FALSE, sizeof(struct ctoken));
	struct parse p = {.tokens = {text, text + size, TRUE}, .declaration = {.head = head}, .macros = macros,
			  .functions = functions, .strings = strings, .is_expanded = is_expanded, .filter = is_public,
			  .data = data};
	GArray *all = g_array_new(FALSE, FALSE, sizeof(struct facts_inlined));

	read_all(&p);
	reset(&p.declaration);
	collect(all, macros);
	collect(all, functions);
	g_array_sort(all, compare_inlined);
	return all;
}

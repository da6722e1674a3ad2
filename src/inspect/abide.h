/* abide.h: what the author of a library can say in its source, for abide judge. Interface and manual. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ABIDE_H
#define ABIDE_H

/*
 * Debug information says how a type is laid out, not what its author meant. These macros say that, at file scope, beside
 * the declaration in the public header or in one source file of the library:
 *
 *	struct door { int state; };
 *	ABIDE_OPAQUE(struct door);
 *
 *	struct options { int depth; long spare[7]; };
 *	ABIDE_RESERVED(struct options, spare);
 *
 *	enum colour { RED, GREEN, COLOUR_LAST };
 *	ABIDE_SENTINEL(COLOUR_LAST);
 *
 * ABIDE_OPAQUE(type)             Callers never look inside, though the header shows it: they hold pointers that the library
 *                                gave them. Its insides may change. No help for a type that callers hold by value.
 * ABIDE_RESERVED(type, member)   Callers keep the member zero. New members may take its place, within its bytes.
 * ABIDE_SENTINEL(enumerator)     It only counts the others. Callers neither keep it nor size arrays with it, so that it may
 *                                move when enumerators are added. For an enum of C++: ABIDE_SENTINEL(colour::last).
 * ABIDE_LIBRARY_ALLOCATED(type)  Callers look inside, but only the library makes one, and never an array of them. Members
 *                                may be appended.
 *
 * A mark is a promise of the documentation, written for a tool: it counts for programs that were built with the release
 * that has it, so it is looked for in the older of two libraries.
 *
 * A type or member that is misspelt does not compile; the type has to be complete where it is marked. What a macro
 * stands for is a declaration, and takes a semicolon. Nothing of it is loaded, at run time there is no cost: each mark is
 * an ELF note in the section .note.abide, which strip leaves alone. Define ABIDE_DISABLE to have none; other object
 * formats and compilers that do not speak GNU C have none either.
 *
 * The note, in the byte order of the file, aligned to 4 bytes: the size of the name (6), the size of the description,
 * the type (1 opaque, 2 reserved, 3 sentinel, 4 library-allocated), all of 4 bytes; the name "abide"; the description:
 * the type as it was written, or nothing for a sentinel, and a NUL byte; the member or enumerator, or nothing, and a NUL
 * byte. Name and description are padded to 4 bytes.
 */

#if defined(__ELF__) && defined(__GNUC__) && !defined(ABIDE_DISABLE)

/* '%' and not '@' before the section's type: the latter begins a comment for ARM. */
#define ABIDE_NOTE_(kind, type, name)                                                                                   \
	__asm__(".pushsection .note.abide,\"\",%note\n"                                                                 \
		"\t.balign 4\n"                                                                                         \
		"\t.4byte 6\n"                                                                                          \
		"\t.4byte 2f-1f\n"                                                                                      \
		"\t.4byte " kind "\n"                                                                                   \
		"\t.asciz \"abide\"\n"                                                                                  \
		"\t.balign 4\n"                                                                                         \
		"1:\t.asciz \"" type "\"\n"                                                                             \
		"\t.asciz \"" name "\"\n"                                                                               \
		"2:\t.balign 4\n"                                                                                       \
		"\t.popsection\n")

#if !defined(__cplusplus)
#define ABIDE_CHECK_(expression) __extension__ _Static_assert(sizeof(expression) > 0, "")
#elif __cplusplus >= 201103L
#define ABIDE_CHECK_(expression) static_assert(sizeof(expression) > 0, "")
#else
#define ABIDE_CHECK_(expression) extern char abide_check_[sizeof(expression) > 0 ? 1 : -1]
#endif

#define ABIDE_OPAQUE(type)                                                                                              \
	ABIDE_CHECK_(type);                                                                                             \
	ABIDE_NOTE_("1", #type, "")
#define ABIDE_RESERVED(type, member)                                                                                    \
	ABIDE_CHECK_(((void)((type *)0)->member, 0));                                                                   \
	ABIDE_NOTE_("2", #type, #member)
#define ABIDE_SENTINEL(enumerator)                                                                                      \
	ABIDE_CHECK_(char[(long)(enumerator) == (long)(enumerator) ? 1 : -1]);                                          \
	ABIDE_NOTE_("3", "", #enumerator)
#define ABIDE_LIBRARY_ALLOCATED(type)                                                                                   \
	ABIDE_CHECK_(type);                                                                                             \
	ABIDE_NOTE_("4", #type, "")

#else

#define ABIDE_OPAQUE(type) struct abide_disabled_
#define ABIDE_RESERVED(type, member) struct abide_disabled_
#define ABIDE_SENTINEL(enumerator) struct abide_disabled_
#define ABIDE_LIBRARY_ALLOCATED(type) struct abide_disabled_

#endif
#endif

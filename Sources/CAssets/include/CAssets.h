// Files that travel inside the binary: embedded by the compiler, never copied at run time.
#ifndef CASSETS_H
#define CASSETS_H

#include <stddef.h>

/// One embedded file: its name without the extension, and its bytes (not NUL-terminated).
struct cassets_entry {
  const char *_Nonnull name;
  const unsigned char *_Nonnull bytes;
  size_t length;
};

/// The schema definitions of RFC 7643 section 8.7, errata applied.
extern const int cassets_schema_count;
const struct cassets_entry *_Nullable cassets_schema(int index);

/// The contents of /Roles and /Entitlements, if configured.
extern const struct cassets_entry cassets_role_schema;
extern const struct cassets_entry cassets_entitlement_schema;

/// What a user may do: an extension of users that is served where the roles of directories are.
extern const struct cassets_entry cassets_user_access_schema;

/// The schemas of what administrators manage; each is the schema of one resource type of that name.
extern const int cassets_administrative_count;
const struct cassets_entry *_Nullable cassets_administrative_schema(int index);

/// The identity providers that have a profile, in the order in which people see them.
extern const int cassets_provider_count;
const struct cassets_entry *_Nullable cassets_provider(int index);

/// The pages of the documentation, as Markdown.
extern const int cassets_doc_count;
const struct cassets_entry *_Nullable cassets_doc(int index);

/// The files of the console, by their names with the extension.
extern const int cassets_console_count;
const struct cassets_entry *_Nullable cassets_console(int index);

/// The scripts of what identity providers send.
extern const int cassets_script_count;
const struct cassets_entry *_Nullable cassets_script(int index);

/// The conformance cases: "templates" and one file for each group of requirements.
extern const int cassets_conformance_count;
const struct cassets_entry *_Nullable cassets_conformance(int index);

#endif

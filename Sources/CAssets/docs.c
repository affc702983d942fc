#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char providers[] = {
#embed "Docs/providers.md"
};
static const unsigned char schemas[] = {
#embed "Docs/schemas.md"
};
static const unsigned char administration[] = {
#embed "Docs/administration.md"
};
static const unsigned char web_console[] = {
#embed "Docs/web-console.md"
};
static const unsigned char keys[] = {
#embed "Docs/keys.md"
};
static const unsigned char rights[] = {
#embed "Docs/rights.md"
};
static const unsigned char feed[] = {
#embed "Docs/feed.md"
};
static const unsigned char event_tokens[] = {
#embed "Docs/event-tokens.md"
};
static const unsigned char settings[] = {
#embed "Docs/settings.md"
};
static const unsigned char running[] = {
#embed "Docs/running.md"
};
static const unsigned char tls[] = {
#embed "Docs/tls.md"
};
static const unsigned char troubleshooting[] = {
#embed "Docs/troubleshooting.md"
};
static const unsigned char errors[] = {
#embed "Docs/errors.md"
};
static const unsigned char files[] = {
#embed "Docs/files.md"
};
static const unsigned char backup[] = {
#embed "Docs/backup.md"
};
static const unsigned char transfer[] = {
#embed "Docs/transfer.md"
};
static const unsigned char repair[] = {
#embed "Docs/repair.md"
};
static const unsigned char testing[] = {
#embed "Docs/testing.md"
};
static const unsigned char guarantees[] = {
#embed "Docs/guarantees.md"
};
static const unsigned char development[] = {
#embed "Docs/development.md"
};
static const unsigned char changes[] = {
#embed "Docs/changes.md"
};

static const struct cassets_entry entries[] = {
  {"providers", providers, sizeof providers},
  {"schemas", schemas, sizeof schemas},
  {"administration", administration, sizeof administration},
  {"web-console", web_console, sizeof web_console},
  {"keys", keys, sizeof keys},
  {"rights", rights, sizeof rights},
  {"feed", feed, sizeof feed},
  {"event-tokens", event_tokens, sizeof event_tokens},
  {"settings", settings, sizeof settings},
  {"running", running, sizeof running},
  {"tls", tls, sizeof tls},
  {"troubleshooting", troubleshooting, sizeof troubleshooting},
  {"errors", errors, sizeof errors},
  {"files", files, sizeof files},
  {"backup", backup, sizeof backup},
  {"transfer", transfer, sizeof transfer},
  {"repair", repair, sizeof repair},
  {"testing", testing, sizeof testing},
  {"guarantees", guarantees, sizeof guarantees},
  {"development", development, sizeof development},
  {"changes", changes, sizeof changes},
};

const int cassets_doc_count = sizeof entries / sizeof entries[0];

const struct cassets_entry *cassets_doc(int index) {
  return index >= 0 && index < cassets_doc_count ? &entries[index] : NULL;
}

#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char templates[] = {
#embed "Conformance/templates.json"
};
static const unsigned char cases_media_types[] = {
#embed "Conformance/01-media-types.json"
};
static const unsigned char cases_authentication[] = {
#embed "Conformance/02-authentication.json"
};
static const unsigned char cases_errors[] = {
#embed "Conformance/03-errors.json"
};
static const unsigned char cases_create[] = {
#embed "Conformance/04-create.json"
};
static const unsigned char cases_read[] = {
#embed "Conformance/05-read.json"
};
static const unsigned char cases_query[] = {
#embed "Conformance/06-query.json"
};
static const unsigned char cases_filter[] = {
#embed "Conformance/07-filter.json"
};
static const unsigned char cases_sort_paging[] = {
#embed "Conformance/08-sort-paging.json"
};
static const unsigned char cases_projection[] = {
#embed "Conformance/09-projection.json"
};
static const unsigned char cases_put[] = {
#embed "Conformance/10-put.json"
};
static const unsigned char cases_patch[] = {
#embed "Conformance/11-patch.json"
};
static const unsigned char cases_delete[] = {
#embed "Conformance/12-delete.json"
};
static const unsigned char cases_bulk[] = {
#embed "Conformance/13-bulk.json"
};
static const unsigned char cases_me[] = {
#embed "Conformance/14-me.json"
};
static const unsigned char cases_versions[] = {
#embed "Conformance/15-versions.json"
};
static const unsigned char cases_discovery[] = {
#embed "Conformance/16-discovery.json"
};
static const unsigned char cases_resource_model[] = {
#embed "Conformance/17-resource-model.json"
};
static const unsigned char cases_mutability[] = {
#embed "Conformance/18-mutability.json"
};
static const unsigned char cases_user[] = {
#embed "Conformance/19-user.json"
};
static const unsigned char cases_group[] = {
#embed "Conformance/20-group.json"
};
static const unsigned char cases_extensions[] = {
#embed "Conformance/21-extensions.json"
};
static const unsigned char cases_cursor[] = {
#embed "Conformance/22-cursor.json"
};
static const unsigned char cases_privacy[] = {
#embed "Conformance/24-privacy.json"
};
static const unsigned char cases_suites[] = {
#embed "Conformance/25-suites.json"
};
static const unsigned char cases_drafts[] = {
#embed "Conformance/26-drafts.json"
};

static const struct cassets_entry entries[] = {
  {"templates", templates, sizeof templates},
  {"01-media-types", cases_media_types, sizeof cases_media_types},
  {"02-authentication", cases_authentication, sizeof cases_authentication},
  {"03-errors", cases_errors, sizeof cases_errors},
  {"04-create", cases_create, sizeof cases_create},
  {"05-read", cases_read, sizeof cases_read},
  {"06-query", cases_query, sizeof cases_query},
  {"07-filter", cases_filter, sizeof cases_filter},
  {"08-sort-paging", cases_sort_paging, sizeof cases_sort_paging},
  {"09-projection", cases_projection, sizeof cases_projection},
  {"10-put", cases_put, sizeof cases_put},
  {"11-patch", cases_patch, sizeof cases_patch},
  {"12-delete", cases_delete, sizeof cases_delete},
  {"13-bulk", cases_bulk, sizeof cases_bulk},
  {"14-me", cases_me, sizeof cases_me},
  {"15-versions", cases_versions, sizeof cases_versions},
  {"16-discovery", cases_discovery, sizeof cases_discovery},
  {"17-resource-model", cases_resource_model, sizeof cases_resource_model},
  {"18-mutability", cases_mutability, sizeof cases_mutability},
  {"19-user", cases_user, sizeof cases_user},
  {"20-group", cases_group, sizeof cases_group},
  {"21-extensions", cases_extensions, sizeof cases_extensions},
  {"22-cursor", cases_cursor, sizeof cases_cursor},
  {"24-privacy", cases_privacy, sizeof cases_privacy},
  {"25-suites", cases_suites, sizeof cases_suites},
  {"26-drafts", cases_drafts, sizeof cases_drafts},
};

const int cassets_conformance_count = sizeof entries / sizeof entries[0];

const struct cassets_entry *cassets_conformance(int index) {
  return index >= 0 && index < cassets_conformance_count ? &entries[index] : NULL;
}

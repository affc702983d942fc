#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char user[] = {
#embed "Schemas/user.json"
};
static const unsigned char group[] = {
#embed "Schemas/group.json"
};
static const unsigned char enterprise_user[] = {
#embed "Schemas/enterprise-user.json"
};
static const unsigned char service_provider_config[] = {
#embed "Schemas/service-provider-config.json"
};
static const unsigned char resource_type[] = {
#embed "Schemas/resource-type.json"
};
static const unsigned char schema[] = {
#embed "Schemas/schema.json"
};
static const unsigned char role[] = {
#embed "Schemas/role.json"
};
static const unsigned char entitlement[] = {
#embed "Schemas/entitlement.json"
};
static const unsigned char user_access[] = {
#embed "Schemas/user-access.json"
};
static const unsigned char admin_directory[] = {
#embed "Schemas/admin-directory.json"
};
static const unsigned char admin_connection[] = {
#embed "Schemas/admin-connection.json"
};
static const unsigned char admin_key[] = {
#embed "Schemas/admin-key.json"
};
static const unsigned char admin_job[] = {
#embed "Schemas/admin-job.json"
};
static const unsigned char admin_role[] = {
#embed "Schemas/admin-role.json"
};
static const unsigned char admin_target[] = {
#embed "Schemas/admin-target.json"
};
static const unsigned char admin_grant[] = {
#embed "Schemas/admin-grant.json"
};
static const unsigned char admin_draft[] = {
#embed "Schemas/admin-draft.json"
};
static const unsigned char admin_draft_part[] = {
#embed "Schemas/admin-draft-part.json"
};
static const unsigned char admin_link[] = {
#embed "Schemas/admin-link.json"
};
static const unsigned char admin_review[] = {
#embed "Schemas/admin-review.json"
};
static const unsigned char admin_decision[] = {
#embed "Schemas/admin-decision.json"
};
static const unsigned char admin_webhook[] = {
#embed "Schemas/admin-webhook.json"
};
static const unsigned char admin_stream[] = {
#embed "Schemas/admin-stream.json"
};
static const unsigned char admin_late_leaver[] = {
#embed "Schemas/admin-late-leaver.json"
};

static const struct cassets_entry entries[] = {
  {"user", user, sizeof user},
  {"group", group, sizeof group},
  {"enterprise-user", enterprise_user, sizeof enterprise_user},
  {"service-provider-config", service_provider_config, sizeof service_provider_config},
  {"resource-type", resource_type, sizeof resource_type},
  {"schema", schema, sizeof schema},
};

const int cassets_schema_count = sizeof entries / sizeof entries[0];

const struct cassets_entry *cassets_schema(int index) {
  return index >= 0 && index < cassets_schema_count ? &entries[index] : NULL;
}

const struct cassets_entry cassets_role_schema = {"role", role, sizeof role};
const struct cassets_entry cassets_entitlement_schema = {"entitlement", entitlement, sizeof entitlement};

const struct cassets_entry cassets_user_access_schema = {"user-access", user_access, sizeof user_access};

static const struct cassets_entry administrative[] = {
  {"Directory", admin_directory, sizeof admin_directory},
  {"Connection", admin_connection, sizeof admin_connection},
  {"Key", admin_key, sizeof admin_key},
  {"Link", admin_link, sizeof admin_link},
  {"Job", admin_job, sizeof admin_job},
  {"Role", admin_role, sizeof admin_role},
  {"Target", admin_target, sizeof admin_target},
  {"Grant", admin_grant, sizeof admin_grant},
  {"Draft", admin_draft, sizeof admin_draft},
  {"DraftPart", admin_draft_part, sizeof admin_draft_part},
  {"Review", admin_review, sizeof admin_review},
  {"Decision", admin_decision, sizeof admin_decision},
  {"Webhook", admin_webhook, sizeof admin_webhook},
  {"LateLeaver", admin_late_leaver, sizeof admin_late_leaver},
  {"Stream", admin_stream, sizeof admin_stream},
};

const int cassets_administrative_count = sizeof administrative / sizeof administrative[0];

const struct cassets_entry *cassets_administrative_schema(int index) {
  return index >= 0 && index < cassets_administrative_count ? &administrative[index] : NULL;
}

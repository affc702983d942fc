#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char authentik_lifecycle[] = {
#embed "Simulator/authentik-lifecycle.json"
};
static const unsigned char conductorone_connector[] = {
#embed "Simulator/conductorone-connector.json"
};
static const unsigned char conductorone_lifecycle[] = {
#embed "Simulator/conductorone-lifecycle.json"
};
static const unsigned char cyberark_lifecycle[] = {
#embed "Simulator/cyberark-lifecycle.json"
};
static const unsigned char entra_legacy_groups[] = {
#embed "Simulator/entra-legacy-groups.json"
};
static const unsigned char entra_legacy_users[] = {
#embed "Simulator/entra-legacy-users.json"
};
static const unsigned char entra_postman[] = {
#embed "Simulator/entra-postman.json"
};
static const unsigned char entra_scim2020[] = {
#embed "Simulator/entra-scim2020.json"
};
static const unsigned char google_lifecycle[] = {
#embed "Simulator/google-lifecycle.json"
};
static const unsigned char jumpcloud_lifecycle[] = {
#embed "Simulator/jumpcloud-lifecycle.json"
};
static const unsigned char keycloak_lifecycle[] = {
#embed "Simulator/keycloak-lifecycle.json"
};
static const unsigned char okta_group_push[] = {
#embed "Simulator/okta-group-push.json"
};
static const unsigned char okta_header_auth[] = {
#embed "Simulator/okta-header-auth.json"
};
static const unsigned char okta_oin_lifecycle[] = {
#embed "Simulator/okta-oin-lifecycle.json"
};
static const unsigned char okta_wizard_lifecycle[] = {
#embed "Simulator/okta-wizard-lifecycle.json"
};
static const unsigned char onelogin_lifecycle[] = {
#embed "Simulator/onelogin-lifecycle.json"
};
static const unsigned char onelogin_old_template[] = {
#embed "Simulator/onelogin-old-template.json"
};
static const unsigned char ping_lifecycle[] = {
#embed "Simulator/ping-lifecycle.json"
};
static const unsigned char sailpoint_lifecycle[] = {
#embed "Simulator/sailpoint-lifecycle.json"
};
static const unsigned char rippling_lifecycle[] = {
#embed "Simulator/rippling-lifecycle.json"
};
static const unsigned char workday_lifecycle[] = {
#embed "Simulator/workday-lifecycle.json"
};
static const unsigned char salesforce_lifecycle[] = {
#embed "Simulator/salesforce-lifecycle.json"
};
static const unsigned char secureauth_lifecycle[] = {
#embed "Simulator/secureauth-lifecycle.json"
};

static const struct cassets_entry entries[] = {
  {"authentik-lifecycle", authentik_lifecycle, sizeof authentik_lifecycle},
  {"conductorone-connector", conductorone_connector, sizeof conductorone_connector},
  {"conductorone-lifecycle", conductorone_lifecycle, sizeof conductorone_lifecycle},
  {"cyberark-lifecycle", cyberark_lifecycle, sizeof cyberark_lifecycle},
  {"entra-legacy-groups", entra_legacy_groups, sizeof entra_legacy_groups},
  {"entra-legacy-users", entra_legacy_users, sizeof entra_legacy_users},
  {"entra-postman", entra_postman, sizeof entra_postman},
  {"entra-scim2020", entra_scim2020, sizeof entra_scim2020},
  {"google-lifecycle", google_lifecycle, sizeof google_lifecycle},
  {"jumpcloud-lifecycle", jumpcloud_lifecycle, sizeof jumpcloud_lifecycle},
  {"keycloak-lifecycle", keycloak_lifecycle, sizeof keycloak_lifecycle},
  {"okta-group-push", okta_group_push, sizeof okta_group_push},
  {"okta-header-auth", okta_header_auth, sizeof okta_header_auth},
  {"okta-oin-lifecycle", okta_oin_lifecycle, sizeof okta_oin_lifecycle},
  {"okta-wizard-lifecycle", okta_wizard_lifecycle, sizeof okta_wizard_lifecycle},
  {"onelogin-lifecycle", onelogin_lifecycle, sizeof onelogin_lifecycle},
  {"onelogin-old-template", onelogin_old_template, sizeof onelogin_old_template},
  {"ping-lifecycle", ping_lifecycle, sizeof ping_lifecycle},
  {"sailpoint-lifecycle", sailpoint_lifecycle, sizeof sailpoint_lifecycle},
  {"rippling-lifecycle", rippling_lifecycle, sizeof rippling_lifecycle},
  {"workday-lifecycle", workday_lifecycle, sizeof workday_lifecycle},
  {"salesforce-lifecycle", salesforce_lifecycle, sizeof salesforce_lifecycle},
  {"secureauth-lifecycle", secureauth_lifecycle, sizeof secureauth_lifecycle},
};

const int cassets_script_count = sizeof entries / sizeof entries[0];

const struct cassets_entry *cassets_script(int index) {
  return index >= 0 && index < cassets_script_count ? &entries[index] : NULL;
}

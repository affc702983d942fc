#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char generic[] = {
#embed "Providers/generic.json"
};
static const unsigned char okta[] = {
#embed "Providers/okta.json"
};
static const unsigned char entra[] = {
#embed "Providers/entra.json"
};
static const unsigned char jumpcloud[] = {
#embed "Providers/jumpcloud.json"
};
static const unsigned char google[] = {
#embed "Providers/google.json"
};
static const unsigned char onelogin[] = {
#embed "Providers/onelogin.json"
};
static const unsigned char ping[] = {
#embed "Providers/ping.json"
};
static const unsigned char cyberark[] = {
#embed "Providers/cyberark.json"
};
static const unsigned char sailpoint[] = {
#embed "Providers/sailpoint.json"
};
static const unsigned char authentik[] = {
#embed "Providers/authentik.json"
};
static const unsigned char keycloak[] = {
#embed "Providers/keycloak.json"
};
static const unsigned char conductorone[] = {
#embed "Providers/conductorone.json"
};
static const unsigned char secureauth[] = {
#embed "Providers/secureauth.json"
};
static const unsigned char rippling[] = {
#embed "Providers/rippling.json"
};
static const unsigned char workday[] = {
#embed "Providers/workday.json"
};
static const unsigned char salesforce[] = {
#embed "Providers/salesforce.json"
};

static const struct cassets_entry entries[] = {
  {"generic", generic, sizeof generic},
  {"okta", okta, sizeof okta},
  {"entra", entra, sizeof entra},
  {"jumpcloud", jumpcloud, sizeof jumpcloud},
  {"google", google, sizeof google},
  {"onelogin", onelogin, sizeof onelogin},
  {"ping", ping, sizeof ping},
  {"cyberark", cyberark, sizeof cyberark},
  {"sailpoint", sailpoint, sizeof sailpoint},
  {"authentik", authentik, sizeof authentik},
  {"keycloak", keycloak, sizeof keycloak},
  {"conductorone", conductorone, sizeof conductorone},
  {"secureauth", secureauth, sizeof secureauth},
  {"rippling", rippling, sizeof rippling},
  {"workday", workday, sizeof workday},
  {"salesforce", salesforce, sizeof salesforce},
};

const int cassets_provider_count = sizeof entries / sizeof entries[0];

const struct cassets_entry *cassets_provider(int index) {
  return index >= 0 && index < cassets_provider_count ? &entries[index] : NULL;
}

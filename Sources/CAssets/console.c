#include "CAssets.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char app_js[] = {
#embed "Console/app.js"
};
static const unsigned char attributes_js[] = {
#embed "Console/attributes.js"
};
static const unsigned char console_css[] = {
#embed "Console/console.css"
};
static const unsigned char console_html[] = {
#embed "Console/console.html"
};
static const unsigned char dialog_js[] = {
#embed "Console/dialog.js"
};
static const unsigned char dom_js[] = {
#embed "Console/dom.js"
};
static const unsigned char event_choice_js[] = {
#embed "Console/event-choice.js"
};
static const unsigned char event_types_js[] = {
#embed "Console/event-types.js"
};
static const unsigned char events_js[] = {
#embed "Console/events.js"
};
static const unsigned char explain_js[] = {
#embed "Console/explain.js"
};
static const unsigned char forms_js[] = {
#embed "Console/forms.js"
};
static const unsigned char grants_js[] = {
#embed "Console/grants.js"
};
static const unsigned char history_js[] = {
#embed "Console/history.js"
};
static const unsigned char http_js[] = {
#embed "Console/http.js"
};
static const unsigned char icon_svg[] = {
#embed "Console/icon.svg"
};
static const unsigned char icons_js[] = {
#embed "Console/icons.js"
};
static const unsigned char jobs_js[] = {
#embed "Console/jobs.js"
};
static const unsigned char leavers_js[] = {
#embed "Console/leavers.js"
};
static const unsigned char markdown_js[] = {
#embed "Console/markdown.js"
};
static const unsigned char page_access_js[] = {
#embed "Console/page-access.js"
};
static const unsigned char page_activity_js[] = {
#embed "Console/page-activity.js"
};
static const unsigned char page_connect_js[] = {
#embed "Console/page-connect.js"
};
static const unsigned char page_connections_js[] = {
#embed "Console/page-connections.js"
};
static const unsigned char page_docs_js[] = {
#embed "Console/page-docs.js"
};
static const unsigned char page_events_js[] = {
#embed "Console/page-events.js"
};
static const unsigned char page_groups_js[] = {
#embed "Console/page-groups.js"
};
static const unsigned char page_keys_js[] = {
#embed "Console/page-keys.js"
};
static const unsigned char page_overview_js[] = {
#embed "Console/page-overview.js"
};
static const unsigned char page_people_js[] = {
#embed "Console/page-people.js"
};
static const unsigned char page_person_js[] = {
#embed "Console/page-person.js"
};
static const unsigned char page_settings_js[] = {
#embed "Console/page-settings.js"
};
static const unsigned char parts_js[] = {
#embed "Console/parts.js"
};
static const unsigned char requests_js[] = {
#embed "Console/requests.js"
};
static const unsigned char reviews_js[] = {
#embed "Console/reviews.js"
};
static const unsigned char router_js[] = {
#embed "Console/router.js"
};
static const unsigned char session_js[] = {
#embed "Console/session.js"
};
static const unsigned char setup_steps_js[] = {
#embed "Console/setup-steps.js"
};
static const unsigned char setup_html[] = {
#embed "Console/setup.html"
};
static const unsigned char setup_js[] = {
#embed "Console/setup.js"
};
static const unsigned char signin_js[] = {
#embed "Console/signin.js"
};
static const unsigned char table_js[] = {
#embed "Console/table.js"
};
static const unsigned char time_js[] = {
#embed "Console/time.js"
};
static const unsigned char watch_js[] = {
#embed "Console/watch.js"
};
static const unsigned char webhooks_js[] = {
#embed "Console/webhooks.js"
};

static const struct cassets_entry entries[] = {
  {"app.js", app_js, sizeof app_js},
  {"attributes.js", attributes_js, sizeof attributes_js},
  {"console.css", console_css, sizeof console_css},
  {"console.html", console_html, sizeof console_html},
  {"dialog.js", dialog_js, sizeof dialog_js},
  {"dom.js", dom_js, sizeof dom_js},
  {"event-choice.js", event_choice_js, sizeof event_choice_js},
  {"event-types.js", event_types_js, sizeof event_types_js},
  {"events.js", events_js, sizeof events_js},
  {"explain.js", explain_js, sizeof explain_js},
  {"forms.js", forms_js, sizeof forms_js},
  {"grants.js", grants_js, sizeof grants_js},
  {"history.js", history_js, sizeof history_js},
  {"http.js", http_js, sizeof http_js},
  {"icon.svg", icon_svg, sizeof icon_svg},
  {"icons.js", icons_js, sizeof icons_js},
  {"jobs.js", jobs_js, sizeof jobs_js},
  {"leavers.js", leavers_js, sizeof leavers_js},
  {"markdown.js", markdown_js, sizeof markdown_js},
  {"page-access.js", page_access_js, sizeof page_access_js},
  {"page-activity.js", page_activity_js, sizeof page_activity_js},
  {"page-connect.js", page_connect_js, sizeof page_connect_js},
  {"page-connections.js", page_connections_js, sizeof page_connections_js},
  {"page-docs.js", page_docs_js, sizeof page_docs_js},
  {"page-events.js", page_events_js, sizeof page_events_js},
  {"page-groups.js", page_groups_js, sizeof page_groups_js},
  {"page-keys.js", page_keys_js, sizeof page_keys_js},
  {"page-overview.js", page_overview_js, sizeof page_overview_js},
  {"page-people.js", page_people_js, sizeof page_people_js},
  {"page-person.js", page_person_js, sizeof page_person_js},
  {"page-settings.js", page_settings_js, sizeof page_settings_js},
  {"parts.js", parts_js, sizeof parts_js},
  {"requests.js", requests_js, sizeof requests_js},
  {"reviews.js", reviews_js, sizeof reviews_js},
  {"router.js", router_js, sizeof router_js},
  {"session.js", session_js, sizeof session_js},
  {"setup-steps.js", setup_steps_js, sizeof setup_steps_js},
  {"setup.html", setup_html, sizeof setup_html},
  {"setup.js", setup_js, sizeof setup_js},
  {"signin.js", signin_js, sizeof signin_js},
  {"table.js", table_js, sizeof table_js},
  {"time.js", time_js, sizeof time_js},
  {"watch.js", watch_js, sizeof watch_js},
  {"webhooks.js", webhooks_js, sizeof webhooks_js},
};

const int cassets_console_count = sizeof entries / sizeof entries[0];

const struct cassets_entry *cassets_console(int index) {
  return index >= 0 && index < cassets_console_count ? &entries[index] : NULL;
}

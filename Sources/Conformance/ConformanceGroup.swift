package import Exchange
package import JSON

/// The cases of one group of requirements: one file, `CAssets/Conformance/NN-topic.json`.
///
/// The format, which is closed: unknown members, words and features are refused.
///
///     {"group": 4, "title": "Create", "cases": [CASE, ...]}
///
/// A CASE is played by itself, in any order, against a server that may hold foreign data:
///
///     {"id": "7644-3.3-04",            or "ids": [...] where it proves several
///      "level": "MUST",                MUST, SHOULD (a failure fails the run), MAY, IMPLIED (advice only)
///      "title": "a create is answered with 201",
///      "needs": ["etag", "User.title"],  skipped unless all are supported (`Feature`); "!patch" asks for the absence
///      "given": {"ada": "user", "g": {"template": "group", "with": {"members": [{"value": "${ada.id}"}]}}},
///      "steps": [STEP, ...]}
///
/// `given` makes resources from `templates.json`, in order, before the steps; what the server answered is the variable
/// (`${ada.id}`, `${ada.userName}`, `${ada:ETag}`). `with` sets members of the template's body; null removes one.
/// Whatever a case makes, by `given`, POST or bulk, is deleted after it. A template alone may be listed by its name:
/// `"given": ["user", "group"]`. A STEP has one of these members, and optionally `name` (words for the report) and
/// `when`, RULEs without which the step is passed over:
///
///     "send": "PATCH /Users/${ada.id}"  an exchange:
///        "query": {"filter": "userName eq \"${ada.userName}\""}   encoded by the runner; a list repeats the name
///        "fields": {"If-Match": "${ada:ETag}"}
///        "body": {...} or "text": "..."                           JSON, or bytes that need not be JSON
///        "key": "none" | "other" | "lowercase"                    no key at all, that of another tenant, or that of
///                                                                 the run after "bearer" in small letters
///        "expect": EXPECTATION or [EXPECTATION, ...]              alternatives: one of them must hold
///        "keep": "patched"                                        names the answer: ${patched.id}, ${patched:status}
///        "capture": {"first": "/Resources/0/id"}                  names values, which must be there
///     "walk": "/Users"                  all pages of a list, by "startIndex" or "cursor" ("by"), with "query", "keep";
///                                       "body" and "expect" are about {"Resources": all, "pages": n, "itemsPerPage":
///                                       [of each page], "totalResults": [of each page]}; "body" makes it POST .search
///     "check": [RULE, ...]              about variables only
///     "skipUnless": [RULE, ...], "reason": "..."     else the case ends here as skipped
///     "forEach": [...] or "${config.Resources}", "let": "type", "steps": [...]
///     "wait": 1100                      milliseconds, at most 5000
///
/// An EXPECTATION: `200`, or `{"status": 200 or [200, 204], "empty": true, "fields": {"ETag": "present", "Location":
/// {"startsWith": "http"}}, "body": [RULE, ...]}`. The tests of fields are those of rules; `contains` is about text.
///
/// A RULE: `{"path": "/emails/[type=work]/value", TESTS}` about the body (JSON pointer, "*" for every element), or
/// `{"value": "${a.id}", TESTS}`. TESTS, one or more:
/// `present`, `absent`, `distinct` (true); `equals`, `differs`, `equalsIgnoringCase`, `oneOf`, `contains`, `excludes`,
/// `sameSet` (values); `count`, `atLeast`, `atMost` (numbers); `text`, `startsWith`, `endsWith`, `nowhere` (texts);
/// `kind` (string, integer, number, boolean, array, object); `form` (dateTime, absoluteURI, unreserved, entityTag,
/// nonEmpty); `notBefore`, `after` (dateTimes); `sorted` (ascending, descending, ascendingExact, descendingExact);
/// `members`, `membersWithin` (names); `every`, `some` (rules about elements). `ValueTest` says what each means.
///
/// VARIABLES are put into every text, also names of members: `${run}` (differs in every run), `${unique}` (begins with
/// it, differs in every case, and in every resource of a template; a made-up id must contain one of them),
/// `${password}`, `${config}`, `${resourceTypes}`, `${schemas}` (the answers of discovery), `${base}`, and what was
/// given, kept or captured; `Variables` says how to reach into them and change them. In a path and a query what is put
/// in gets percent-encoded, but a path that begins with a variable takes that one as it is: a path, or a URL below the
/// base. `{"$repeat": 3, "$of": x}` in an array is x three times, with `${index}` from 1.
///
/// Rules that hold for every answer are checked on every answer (`AnswerRules`); a case need not repeat them. PUT,
/// PATCH and DELETE reach only what the run has made, or a made-up id, unless the case needs `intrusive`.
package struct ConformanceGroup: Sendable {
  package let number: Int
  package let title: String
  package let cases: [ConformanceCase]
}

extension ConformanceGroup {
  /// Reads a file of the format above.
  /// - Parameter file: its name, for errors.
  package init(_ json: JSONValue, file: String) throws(ScriptError) {
    let reader = try ScriptReader(json, at: file)
    try reader.allow(["group", "title", "cases"])
    guard let number = reader.json["group"]?.integerValue else { throw reader.error("no number \"group\"") }
    self.number = Int(truncatingIfNeeded: number)
    title = try reader.string("title")
    cases = try reader.array("cases").map { (value) throws(ScriptError) in
      try ConformanceCase(value, file: file)
    }
  }
}

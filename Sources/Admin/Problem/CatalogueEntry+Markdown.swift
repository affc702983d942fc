extension CatalogueEntry {
  /// The page `errors` of the documentation.
  package static var markdown: String {
    let (scim, admin) = (all.filter(\.isOfSCIM), all.filter { !$0.isOfSCIM })
    return """
      # Errors

      Every refusal has a code that never changes its meaning. In the answers of SCIM the `detail` ends with the id of
      the request and the code:

          {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400", "scimType": "invalidValue",
           "detail": "userName is required and must not be empty. (request 4bf0b9fc-17) [requiredMissing]"}

      In the answers of `/admin/v1` and `/api/v1` it is the member `code`. The access log and `scimd requests` have it too.

          scimd explain 4bf0b9fc-17                      what happened, why, and what to do at the provider of the request
          scimd explain requiredMissing --provider okta  the same about a code
          curl http://127.0.0.1:8080/docs/errors/requiredMissing

      The server prints this page, `scimd explain` and `/docs/errors` from one table. Menu paths are in the providers' files
      (`scimd help providers`).

      ## SCIM

      Codes from `keyMalformed` to `keyWrongCertificate` are shown to administrators only; the client gets `keyInvalid`. Those of
      signed tokens are shown to administrators only, too; the client gets `invalid_client` or `invalid_grant` of OAuth 2.0.

      \(table(scim, ["Code", "Status", "scimType", "Why", "What to do", "Section"]) { entry in
        [
          "`\(entry.code)`", "\(entry.status)", entry.scimType ?? "", entry.cause, entry.fix(),
          entry.reference ?? "",
        ]
      })

      ## Admin API and applications

      The admin API uses some codes of SCIM too. These are its own:

      \(table(admin, ["Code", "Status", "Meaning", "What to do"]) { entry in
        ["`\(entry.code)`", "\(entry.status)", entry.title, entry.fix()]
      })

      """
  }

  private static func table(
    _ entries: [CatalogueEntry], _ head: [String], _ cells: (CatalogueEntry) -> [String]
  ) -> String {
    ([head, head.map { _ in "---" }] + entries.map(cells))
      .map { row in "| " + row.map(escaped).joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  /// A bar would end the cell.
  private static func escaped(_ text: String) -> String {
    text.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
  }
}

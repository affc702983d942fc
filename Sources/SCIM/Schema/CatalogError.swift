/// All errors in a folder of schemas.
package struct CatalogError: Error, Sendable {
  /// At least one.
  package let problems: [CatalogProblem]

  package init(_ problems: [CatalogProblem]) { self.problems = problems }
}

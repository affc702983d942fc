/// How far an import is.
package struct ImportProgress: Sendable {
  package let done: Int
  package let report: ImportReport
  let outcomes: ImportOutcomes
}

package import Platform
import SCIM

/// Turns a damaged log into one that a server can start on, without the unreadable parts.
///
/// A damaged segment is rewritten with its good records; each record that is missing gets an empty one in its place,
/// which says so (see `ChangeRecord`). After that comes a new snapshot of the state, so that no start has to read past
/// the loss. Every damaged file keeps its bytes under another name.
package struct RepairPlan {
  /// More lost records than this in one place are not replaced one by one; the history before them is set aside.
  private static let maxReplaced: UInt64 = 100_000

  /// A rewritten segment.
  struct Rewrite {
    let segment: SegmentSalvage
    /// The record after its last one.
    let border: UInt64
    let header: LogHeader
  }

  let survey: LogSurvey
  /// The steps of the repair, and its losses.
  package let report: RepairReport
  /// Milliseconds since 1970.
  let now: Int64
  /// The incarnation in which the log continues if something was lost.
  let incarnation: Incarnation
  let salt: [UInt8]
  /// The files that get another name.
  let setAside: [String]
  let rewrites: [Rewrite]
  /// The position of the state's snapshot.
  let point: LogPoint

  /// Decides everything; writes nothing. History before a gap that is too large to fill is set aside.
  package init(_ survey: LogSurvey, environment: Environment) {
    self.survey = survey
    now = environment.now()
    incarnation = Incarnation(environment)
    salt = environment.randomBytes(JournalRecord.saltBytes)
    var chain = survey.chain
    var report = survey.report
    var aside = survey.badSnapshots
    if let gap = chain.segments.indices.last(where: { survey.chain.missing(in: $0) > Self.maxReplaced }) {
      aside += chain.segments[...gap].filter { !$0.isMissing }.map(\.path)
      report.historyStartsAt = chain.border(after: gap)
      chain = chain.dropping(through: gap)
    }
    setAside = aside
    self.report = report
    let known =
      chain.base?.seq == report.last
      ? chain.base?.hash : chain.segments.indices.last.map { chain.link(after: $0) }
    point = LogPoint(seq: report.last, hash: known ?? .zero)
    let incarnation = incarnation
    rewrites = chain.segments.indices.filter(chain.needsRewriting).map {
      Self.rewrite($0, of: chain, survey, incarnation)
    }
  }

  /// The new header of a segment that is put together from its good records.
  private static func rewrite(
    _ index: Int, of chain: SegmentChain, _ survey: LogSurvey, _ incarnation: Incarnation
  ) -> Rewrite {
    let segment = chain.segments[index]
    let border = chain.border(after: index)
    var header = LogHeader(
      kind: .journal, format: segment.format, directory: survey.directory, number: segment.first,
      prev: chain.link(before: index))
    if segment.format > 1 {
      header.incarnations.begin(
        survey.state.incarnations.of(segment.first) ?? incarnation, at: segment.first)
    }
    header.rewritten = LogPoint(seq: border - 1, hash: chain.link(after: index))
    return Rewrite(segment: segment, border: border, header: header)
  }
}

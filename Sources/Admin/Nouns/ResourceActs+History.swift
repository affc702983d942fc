import Insight
import JSON
import Platform
import SCIM
import Storage

// Operations on more than the current state.
extension ResourceActs {
  /// The id in the path, or of the resource it names. A UUID is accepted even if no resource has it: it may be in the
  /// history.
  private func knownID() throws(AdminProblem) -> (id: ResourceID, name: String?) {
    let found = try find(.any)
    guard let id = ResourceID(found?.id ?? call["id"]) else {
      throw AdminProblem(
        .unknownResource, "No \(type.name) \"\(call["id"].prefix(160))\" exists in \(directory.name).")
    }
    return (id, found?.name)
  }

  /// Erases the values from the state in one record, then from the files.
  func erase() throws(AdminProblem) -> AdminAnswer {
    let (id, name) = try knownID()
    let isKnown: Bool
    do throws(LogError) { isKnown = try directory.knows(id) } catch { throw AdminProblem(error) }
    guard isKnown else {
      throw AdminProblem(.unknownResource, "No \(type.name) \(id.text) exists in \(directory.name).")
    }
    var report = ErasureReport(id: id.text, type: type.name, name: name)
    guard !call.isDryRun else {
      report.isDryRun = true
      return AdminAnswer(report.json)
    }
    if type.canBeMember, try find(.present) != nil {
      try call.checkLosses(with: id.text, "ERASE \(type.endpoint)/{id}") { tx throws(SCIMError) in
        try tx.delete(try tx.resource(type, id.text))
      }
    }
    do throws(SCIMError) {
      _ = try directory.erase(type, id, call.context("ERASE \(type.endpoint)/{id}")).whenDurable().get()
    } catch {
      throw AdminProblem(error)
    }
    return finishErasure(report, of: id)
  }

  /// The result of an erasure that was recorded before, after another search for its values.
  func erased() throws(AdminProblem) -> AdminAnswer {
    let (id, _) = try knownID()
    return finishErasure(ErasureReport(id: id.text, type: type.name, name: nil), of: id)
  }

  /// Rewrites the files that may have the values; what could not be rewritten is in the report.
  private func finishErasure(_ report: ErasureReport, of id: ResourceID) -> AdminAnswer {
    let result = directory.finishErasure(of: id)
    var report = report
    report.rewritten = result.rewritten
    report.unreadable = result.unreadable
    report.postponed = result.postponed
    do throws(SystemError) {
      try call.world.ring.erase(id.text, report.name.map { [$0] } ?? [], in: directory.name)
    } catch {
      report.postponed = report.postponed ?? "requests to this person are still on disk: \(error)"
    }
    return AdminAnswer(report.json)
  }

  /// One page of the changes of a resource, oldest first; throws 404 if no record mentions it.
  func history() throws(AdminProblem) -> AdminAnswer {
    let start = try PageCursor.number(call.query["cursor"])
    let limit = call.query.integer("limit")
    let (id, name) = try knownID()
    let history: ResourceHistory
    do throws(LogError) { history = try directory.history(of: id) } catch { throw AdminProblem(error) }
    guard !history.events.isEmpty else { throw unknown(id, history) }
    let rest = history.events.filter { event in start.map { event.seq > $0 } ?? true }
    let page = rest.prefix(limit)
    let keys = KeysNoun.names(call.world)
    let items = page.map { event in
      HistoryItem(event, keyName: { keys[$0] }, name: { directory.displayName(of: $0) }).json
    }
    var more: JSONObject = ["id": .string(id.text)]
    if let name { more["name"] = .string(name) }
    if history.isIncomplete, let oldest = history.oldest {
      more["incompleteBefore"] = [
        "seq": .integer(Int64(clamping: oldest)), "time": .string(history.oldestTime ?? ""),
      ]
    }
    let next = rest.count > limit ? page.last.map { PageCursor.text($0.seq) } : nil
    return AdminAnswer(items: items, next: next, more)
  }

  /// The error for an id without history; it says so if older history is no longer kept.
  private func unknown(_ id: ResourceID, _ history: ResourceHistory) -> AdminProblem {
    var fix = "Check the id and the directory."
    if history.isIncomplete, let oldest = history.oldest {
      fix = "History before record \(oldest) (\(history.oldestTime ?? "unknown time")) is no longer kept."
    }
    return AdminProblem(
      .unknownResource, "The directory \(directory.name) has no record of \(id.text).", fix: fix)
  }

  static let historySchema = AdminSchema.page(
    .named("HistoryItem"),
    [
      .init("id", .text), .init("name", .text, optional: true),
      .init(
        "incompleteBefore", .object([.init("seq", .integer), .init("time", .text)]), optional: true),
    ])
}

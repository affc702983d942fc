import Foundation
import JSON
import Platform
import SCIM
import XCTest

@testable import Storage

/// Every kind of change goes through everything that happens to a record. A kind that is not known here does not compile.
final class ChangeKindTests: DirectoryTestCase {
  /// A directory in which one change of each kind can be made.
  private struct Scene {
    let store: Store
    let tenant: Tenant
    let alice: Resource
    let bob: Resource
    /// A group that is named after Alice.
    let circle: Resource

    /// The resource that the change is about: its values must go with its erasure.
    func subject(of kind: Change.Kind) -> Resource {
      switch kind {
      case .members: circle
      case .create, .update, .delete, .restore, .erase, .manage, .note, .erasure, .repair: alice
      }
    }

    /// Makes the change, as the last record or as the last but those that a deletion of files takes.
    func make(_ kind: Change.Kind) throws {
      let core = try tenant.core
      switch kind {
      case .create:
        // The change that made the subject; something else comes behind it.
        try tenant.createUser("somebody")
      case .update:
        try tenant.patch(alice, [["op": "replace", "path": "title", "value": "Alice Liddell's"]])
      case .members: try tenant.add([bob], to: circle)
      case .delete: try tenant.delete(alice)
      case .restore:
        try tenant.delete(alice)
        _ = try tenant.restore(alice)
      case .erase: _ = try core.erase(tenant.user, alice.id, Tenant.context).wait().get()
      case .manage:
        let other = self.alice.id
        _ = try core.writeTogether(Tenant.context) { tx throws(SCIMError) in
          tx.manage(try tx.resource(self.tenant.user, self.alice.id.text), by: other)
        }.wait().get()
      case .note: try write { $0.note("seen:1", about: self.alice.id, ["by": "alice liddell"]) }
      case .erasure:
        _ = try core.erase(tenant.user, bob.id, Tenant.context).wait().get()
        XCTAssertNil(core.finishErasure(of: bob.id).postponed)
      case .repair: try write { $0.changes.append(.repair(Change.Repair(lost: [], segments: []))) }
      }
    }

    func write(_ body: (inout Transaction) -> Void) throws {
      _ = try tenant.core.writeTogether(Tenant.context) { tx in body(&tx) }.wait().get()
    }
  }

  private var log: String { "\(folder)/directories/default" }

  private func scene() throws -> Scene {
    let store = try openStore()
    let tenant = try store.tenant()
    let alice = try tenant.create(
      tenant.user,
      [
        "userName": "alice@example.com", "externalId": "E-alice", "displayName": "Alice",
        "name": ["familyName": "Liddell"],
      ])
    let bob = try tenant.createUser("bob")
    let circle = try tenant.createGroup("Alice's circle", [alice])
    clock.advance(by: 1000)
    return Scene(store: store, tenant: tenant, alice: alice, bob: bob, circle: circle)
  }

  /// Runs the body on a scene in which a change of each kind was made.
  private func forEachKind(_ body: (Change.Kind, Scene) throws -> Void) throws {
    for kind in Change.Kind.allCases {
      try startOver()
      let scene = try scene()
      try scene.make(kind)
      try body(kind, scene)
    }
  }

  /// All that a snapshot would hold.
  private func lines(_ store: Store) throws -> [String] {
    let directory = try store.tenant().core
    var lines = SnapshotLines(directory.state.withLock { $0.directory.capture() }, directory.catalog)
    var texts: [String] = []
    while let line = lines.next() { texts.append(String(decoding: line, as: UTF8.self)) }
    return texts
  }

  private func reopened(_ path: String? = nil) throws -> [String] {
    let store = try openStore(path)
    defer { store.close() }
    return try lines(store)
  }

  /// Every change that the journal holds, by its kind.
  private func changes(_ path: String? = nil) throws -> [(kind: Change.Kind, json: JSONValue)] {
    var found: [(Change.Kind, JSONValue)] = []
    var history = try LogHistory(folder: path ?? log, directory: "default")
    while let entry = try history.next() {
      for json in try entry.record()["changes"]?.arrayValue ?? [] {
        found.append((try XCTUnwrap(Change.Kind(json)), json))
      }
    }
    XCTAssertEqual(try LogReport(folder: path ?? log, directory: "default").problems, [])
    return found
  }

  private func removeSnapshots() throws {
    for name in try FileSystem.list(log) where name.hasPrefix("snapshot-") {
      try FileSystem.unlink("\(log)/\(name)")
    }
  }

  /// Every file that has a value of Alice.
  private func filesWithValues() throws -> [String] {
    let names = try XCTUnwrap(FileManager.default.enumerator(atPath: folder)).compactMap { $0 as? String }
    return names.filter { name in
      guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return false }
      let text = String(decoding: bytes, as: UTF8.self).lowercased()
      return text.contains("alice") || text.contains("liddell")
    }
  }

  func testEveryKindIsWrittenUnderItsNameAndReadAsWhatItIs() throws {
    try forEachKind { kind, scene in
      XCTAssertTrue(try changes().contains { $0.kind == kind }, "\(kind)")
      let kinds = try FileSystem.list(log).filter { $0.hasPrefix("journal-") }
        .map { String(decoding: try FileSystem.readFile("\(log)/\($0)"), as: UTF8.self) }.joined()
      XCTAssertTrue(kinds.contains("[\"\(kind.rawValue)\""), "the frame names \(kind)")
      scene.store.close()
    }
  }

  func testEveryKindIsThereAfterAPowerCutAndReplayedToTheSameState() throws {
    try forEachKind { kind, scene in
      let expected = try lines(scene.store)
      XCTAssertEqual(try reopened(try copyOfFolder()), expected, "\(kind), from the journal")
      scene.store.close()
      XCTAssertTrue(try FileSystem.list(log).contains { $0.hasPrefix("snapshot-") })
      XCTAssertEqual(try reopened(), expected, "\(kind), from a snapshot")
      try removeSnapshots()
      XCTAssertEqual(try reopened(), expected, "\(kind), from the journal alone")
    }
  }

  func testEveryKindGoesThroughABackup() throws {
    try forEachKind { kind, scene in
      let expected = try lines(scene.store)
      var bytes: [UInt8] = []
      let pieces = scene.store.backup()
      while let piece = try pieces.next() { bytes += piece }
      scene.store.close()
      let (file, target) = (folder + ".backup", folder + "-restored")
      defer { for path in [file, target] { try? FileManager.default.removeItem(atPath: path) } }
      try Data(bytes).write(to: URL(fileURLWithPath: file))
      try BackupRestore.run(
        try BackupFile(file), into: target, catalog: try Catalog.standard(), environment: .system)
      XCTAssertTrue(try changes("\(target)/directories/default").contains { $0.kind == kind }, "\(kind)")
      XCTAssertEqual(try reopened(target), expected, "\(kind)")
    }
  }

  private static func name(_ effect: HistoryEvent.Effect) -> String {
    switch effect {
    case .created: "created"
    case .changed: "changed"
    case .membersAdded: "membersAdded"
    case .membersRemoved: "membersRemoved"
    case .addedTo: "addedTo"
    case .removedFrom: "removedFrom"
    case .deleted: "deleted"
    case .restored: "restored"
    case .erased: "erased"
    case .withheld: "withheld"
    }
  }

  /// What the history says of the subject's newest change.
  private static func shown(_ kind: Change.Kind) -> [String] {
    switch kind {
    case .create: ["created"]
    case .update, .manage: ["changed"]
    case .members: ["membersAdded"]
    case .delete: ["deleted", "removedFrom"]
    case .restore: ["restored", "addedTo"]
    case .erase: ["erased", "removedFrom"]
    // What was observed and what happened to files is in no history.
    case .note, .erasure, .repair: []
    }
  }

  func testTheHistoryShowsWhatWasDecidedAndNothingElse() throws {
    try forEachKind { kind, scene in
      let subject = scene.subject(of: kind).id
      let events = try ResourceHistory(of: subject, folder: log, directory: "default").events
      let own = events.map { $0.effects.map(Self.name) }
      let before = subject == scene.alice.id ? [["created"], ["addedTo"]] : [["created", "membersAdded"]]
      switch kind {
      case .create, .note, .erasure, .repair: XCTAssertEqual(own, before, "\(kind)")
      case .update, .members, .delete, .erase, .manage:
        XCTAssertEqual(own, before + [Self.shown(kind)], "\(kind)")
      case .restore: XCTAssertEqual(own, before + [Self.shown(.delete), Self.shown(kind)], "\(kind)")
      }
      if kind == .create { XCTAssertEqual(own.first, Self.shown(kind)) }
      scene.store.close()
    }
  }

  func testAnErasureLeavesNoValueOfThePersonInAnyKindOfChange() throws {
    try forEachKind { kind, scene in
      let core = try scene.tenant.core
      for resource in [scene.alice, scene.circle] {
        _ = try core.erase(resource.type, resource.id, Tenant.context).wait().get()
        XCTAssertNil(core.finishErasure(of: resource.id).postponed, "\(kind)")
      }
      XCTAssertEqual(try filesWithValues(), [], "\(kind)")
      let expected = try lines(scene.store)
      XCTAssertFalse(expected.joined().lowercased().contains("alice"), "\(kind)")
      let ids = [scene.alice.id.text, scene.circle.id.text]
      for (kind, json) in try changes() {
        guard let member = kind.subjectMember, let id = json[member]?.stringValue, ids.contains(id) else {
          continue
        }
        for name in kind.valueMembers { XCTAssertTrue(json[name] == nil || json[name] == [:], "\(json)") }
        XCTAssertEqual(json["erased"] == true, !kind.valueMembers.isEmpty, "\(kind)")
      }
      XCTAssertEqual(try reopened(try copyOfFolder()), expected, "\(kind)")
      scene.store.close()
      XCTAssertEqual(try filesWithValues(), [], "\(kind), after a snapshot")
      try removeSnapshots()
      XCTAssertEqual(try reopened(), expected, "\(kind), from the journal alone")
    }
  }

  func testANoteThatWasTakenAwayStaysAwayWhenItsPersonIsErased() throws {
    let scene = try scene()
    let core = try scene.tenant.core
    try scene.write { $0.note("seen:1", about: scene.alice.id, ["by": "alice"]) }
    try scene.write { $0.note("seen:1", about: scene.alice.id, nil) }
    try scene.write { $0.note("seen:2", about: scene.alice.id, ["by": "alice"]) }
    try scene.write { $0.note("seen:2", about: scene.bob.id, ["by": "bob"]) }
    _ = try core.erase(scene.tenant.user, scene.alice.id, Tenant.context).wait().get()
    _ = core.finishErasure(of: scene.alice.id)
    XCTAssertNil(try core.note("seen:1").wait())
    XCTAssertEqual(try core.note("seen:2").wait(), ["by": "bob"])
    let expected = try lines(scene.store)
    scene.store.close()
    try removeSnapshots()
    XCTAssertEqual(try reopened(), expected)
  }

  func testOnlyWhatTakesAccessAwayMayUseTheSpaceThatIsKept() throws {
    for kind in Change.Kind.allCases {
      try startOver()
      let scene = try scene()
      let remains = Change.Remains(
        document: Document(), created: 0, modified: 0, groups: [], members: [], manager: nil)
      let (type, id) = (scene.tenant.user, scene.alice.id)
      let document = Document(["userName": "x"])
      let change: Change =
        switch kind {
        case .create: .create(type, id, EncodedDocument(document, of: type))
        case .update: .update(type, id, before: document, after: document)
        case .delete: .delete(type, id, remains)
        case .restore:
          .restore(
            type, id,
            Change.Restoration(document: document, remains: remains, deleted: 0, groups: [], members: []))
        case .erase: .erase(type, id, groups: [], members: [])
        case .manage: .manage(type, id, from: nil, to: "connection:\(id.text)")
        case .note: .note(key: "k", about: nil, value: nil)
        case .erasure: .erasure([])
        case .repair: .repair(Change.Repair(lost: [], segments: []))
        case .members: .members(group: id, added: [], removed: [id])
        }
      XCTAssertEqual(change.kind, kind)
      XCTAssertEqual(
        change.takesAway, [.delete, .erase, .erasure, .repair, .members].contains(kind), "\(kind)")
      // The note of a request that is not to be repeated does not make its deletion one that gives.
      let note = Change.note(key: "k", about: nil, value: nil)
      XCTAssertEqual(Change.takeAway([change, note]), change.takesAway, "\(kind)")
      scene.store.close()
    }
  }
}

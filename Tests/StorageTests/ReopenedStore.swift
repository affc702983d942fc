import JSON
import Platform
import SCIM

@testable import Storage

/// A store that is closed and opened again before each look at what was changed: it shows only what its files hold.
final class ReopenedStore: StoreContract {
  private struct State {
    var store: Store
    var isChanged = false
  }

  private let open: @Sendable () throws -> Store
  private let state: Locked<State>

  init(_ open: @escaping @Sendable () throws -> Store) throws {
    self.open = open
    state = Locked(State(store: try open()))
  }

  func directory(_ name: String) throws -> any DirectoryContract {
    try state.withLock { state in
      ReopenedDirectory(
        store: self, name: name, catalog: try state.store.directory(named: name).get().catalog)
    }
  }

  func close() { state.withLock { $0.store.close() } }

  fileprivate func look<Value>(_ name: String, _ body: (Directory) throws -> Value) throws -> Value {
    try state.withLock { state in
      if state.isChanged {
        state.store.close()
        state = State(store: try open())
      }
      return try body(try state.store.directory(named: name).get())
    }
  }

  fileprivate func change<Value>(_ name: String, _ body: (Directory) throws -> Value) throws -> Value {
    try state.withLock { state in
      state.isChanged = true
      return try body(try state.store.directory(named: name).get())
    }
  }
}

private struct ReopenedDirectory: DirectoryContract {
  let store: ReopenedStore
  let name: String
  let catalog: Catalog

  func read(_ type: ResourceType, _ id: String) throws -> Resource {
    try store.look(name) { try $0.read(type, id) }
  }

  func page(_ query: ResourceQuery) throws -> Page { try store.look(name) { try $0.page(query) } }

  func summaries(_ type: ResourceType, deleted: Bool) throws -> [JSONValue] {
    try store.look(name) { try $0.summaries(type, deleted: deleted) }
  }

  func user(_ text: String) throws -> ResourceID? { try store.look(name) { try $0.user(text) } }

  func write(_ body: Tenant.Body) throws -> Resource? { try store.change(name) { try $0.write(body) } }

  func writeTogether<Value: Sendable>(
    _ body: (any TransactionContract) throws(SCIMError) -> Value
  ) throws -> Value {
    try store.change(name) { try $0.writeTogether(body) }
  }

  func importing<Value: Sendable>(
    _ body: (any TransactionContract) throws(SCIMError) -> (value: Value, isWanted: Bool)
  ) throws -> Value {
    try store.change(name) { try $0.importing(body) }
  }
}

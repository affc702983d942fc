import Platform
package import SCIM
package import Storage

/// What can be asked of the rights of one directory, and changed in them.
package struct DirectoryAccess: Sendable {
  package let directory: Directory
  private let index: AccessIndex

  package init(_ directory: Directory, _ index: AccessIndex) {
    self.directory = directory
    self.index = index
  }

  /// Groups that are looked at in the lock; of a user who is in more, a copy is.
  private static let maxInLock = 2000

  var now: Int64 { index.environment.now() }

  package var table: AccessTable { index.table(of: directory) }

  /// Asks for one user, by id or userName, in the lock: what comes out is of one moment, and of the latest. Nil if there
  /// is no such user.
  private func ask<Value: Sendable>(
    _ text: String,
    _ body: (AccessEvaluation, MembershipView.Principal) -> (value: Value, seq: UInt64)
  ) -> Pending<Value?> {
    let now = now
    let pending = directory.look { view -> (value: (value: Value?, isLarge: Bool), seq: UInt64) in
      guard let user = view.user(text) else { return ((nil, false), view.last) }
      guard !view.groups(of: user, limit: Self.maxInLock).isCut else { return ((nil, true), view.last) }
      let answer = body(AccessEvaluation(view, index.table(of: directory), now: now), user)
      return ((answer.value, false), answer.seq)
    }
    guard pending.contains(where: { $0.isLarge }) else { return pending.map(\.value) }
    return examine { evaluation in
      evaluation.view.user(text).map { body(evaluation, $0).value }
    }
  }

  /// Asks on a copy of the state: for what takes longer.
  package func examine<Value: Sendable>(_ body: (AccessEvaluation) -> Value) -> Pending<Value> {
    let now = now
    return directory.examine({ index.table(of: directory) }) { view, table in
      body(AccessEvaluation(view, table, now: now))
    }
  }

  /// Everything that a user may do; nil if the user does not exist.
  package func access(of user: String) -> Pending<EffectiveAccess?> {
    ask(user) { evaluation, principal in evaluation.access(of: principal) }
  }

  /// Whether a user may do something, and by which grant; nil if the user does not exist.
  package func check(_ user: String, _ permission: String, on target: String?) -> Pending<AccessAnswer?> {
    ask(user) { evaluation, principal in evaluation.answer(principal, permission, on: target) }
  }

  package func explain(_ user: String, _ permission: String, on target: String?) -> Pending<
    AccessExplanation?
  > {
    examine { evaluation in
      evaluation.view.user(user).map { evaluation.explanation(of: $0, permission, on: target) }
    }
  }

  /// Makes what `body` changes one record; returns when that is on disk.
  package func write<Value: Sendable>(
    _ context: RequestContext, _ body: (inout AccessChange, inout Transaction) throws(SCIMError) -> Value
  ) throws(SCIMError) -> Value {
    let now = now
    let result = directory.writeTogether(context) { (tx) throws(SCIMError) -> Value in
      var change = AccessChange(directory, index.table(of: directory), now: now)
      return try body(&change, &tx)
    }.whenDurable()
    return try result.get()
  }

  /// Carries steps out as one record. Throws the refusal of the first step that cannot be.
  ///
  /// - Returns: the id that the last step touched.
  @discardableResult package func perform(
    _ steps: [AccessStep], _ context: RequestContext
  ) throws(SCIMError) -> ResourceID? {
    try write(context) { change, tx throws(SCIMError) in
      for step in steps { try change.perform(step, &tx) }
      return change.touched
    }
  }
}

/// Whether somebody may do something.
package struct AccessAnswer: Sendable {
  package let isAllowed: Bool
  /// In a sentence.
  package let because: String
}

extension AccessEvaluation {
  func answer(
    _ user: MembershipView.Principal, _ permission: String, on target: String?
  ) -> (value: AccessAnswer, seq: UInt64) {
    guard user.isActive else {
      return (AccessAnswer(isAllowed: false, because: "The user is deactivated."), max(user.seq, table.seq))
    }
    let entry = target.flatMap { table.target($0) }
    let (holding, seq) = holding(user, permission, on: entry?.id)
    guard let holding else {
      let place = target.map { " on \($0)" } ?? ""
      return (AccessAnswer(isAllowed: false, because: "No grant allows \(permission)\(place)."), seq)
    }
    return (
      AccessAnswer(isAllowed: true, because: Self.sentence(view.name(of: user.id), permission, holding)), seq
    )
  }
}

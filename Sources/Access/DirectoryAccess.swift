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

  /// A user is in more groups than an event loop may look at.
  package struct TooManyGroups: Error {}

  private typealias Question<Value> =
    (AccessEvaluation, MembershipView.Principal, AccessEvaluation.Walk) -> Value

  /// Asks for one user, by id or userName: what comes out is of one moment, and of the latest. Nil if there is no such
  /// user.
  private func ask<Value: Sendable>(_ text: String, _ body: Question<Value>) -> Pending<Value?> {
    let pending = askInLock(text, body)
    guard pending.contains(where: { $0.isLarge }) else { return pending.map(\.value) }
    return examine { evaluation in
      evaluation.view.user(text).map { body(evaluation, $0, evaluation.walk($0)) }
    }
  }

  /// - Parameter isOnLoop: whether a user in many groups is refused.
  private func ask<Value: Sendable>(
    _ text: String, isOnLoop: Bool, _ body: Question<Value>
  ) throws(TooManyGroups) -> Pending<Value?> {
    guard isOnLoop else { return ask(text, body) }
    let pending = askInLock(text, body)
    guard !pending.contains(where: { $0.isLarge }) else { throw TooManyGroups() }
    return pending.map(\.value)
  }

  private func askInLock<Value: Sendable>(
    _ text: String, _ body: Question<Value>
  ) -> Pending<(value: Value?, isLarge: Bool)> {
    let now = now
    return directory.look { view -> (value: (value: Value?, isLarge: Bool), seq: UInt64) in
      guard let user = view.user(text) else { return ((nil, false), view.last) }
      let evaluation = AccessEvaluation(view, index.table(of: directory), now: now)
      let walk = evaluation.walk(user, limit: Self.maxInLock)
      guard !walk.groups.isCut else { return ((nil, true), view.last) }
      return ((body(evaluation, user, walk), false), walk.seq)
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
    ask(user) { evaluation, principal, walk in evaluation.access(of: principal, walk) }
  }

  /// The same as bytes, made by `render` unless they were and are still right.
  ///
  /// - Parameter isOnLoop: throws for a user in many groups instead of looking at them all.
  package func access(
    of user: String, isOnLoop: Bool = false, _ render: (EffectiveAccess) -> RenderedAccess
  ) throws(TooManyGroups) -> Pending<RenderedAccess?> {
    let number = index.numbered(directory).number
    let found = try ask(user, isOnLoop: isOnLoop) { evaluation, principal, walk -> Found in
      let key = number.map { AccessMemo.Key(directory: $0, user: principal.id) }
      let known = key.flatMap { index.memo.answer($0, walk.stamp) }
      let access = known == nil ? evaluation.access(of: principal, walk) : nil
      return Found(access: access, known: known, key: key, stamp: walk.stamp)
    }
    return found.map { found in
      guard let access = found?.access else { return found?.known }
      let answer = render(access)
      if let found, let key = found.key { index.memo.keep(answer, key, found.stamp) }
      return answer
    }
  }

  private struct Found {
    let access: EffectiveAccess?
    let known: RenderedAccess?
    let key: AccessMemo.Key?
    let stamp: AccessStamp
  }

  /// Whether a user may do something, and by which grant; nil if the user does not exist.
  ///
  /// - Parameter isOnLoop: throws for a user in many groups instead of looking at them all.
  package func check(
    _ user: String, _ permission: String, on target: String?, isOnLoop: Bool = false
  ) throws(TooManyGroups) -> Pending<AccessAnswer?> {
    try ask(user, isOnLoop: isOnLoop) { evaluation, principal, walk in
      evaluation.answer(principal, walk, permission, on: target)
    }
  }

  package func explain(_ user: String, _ permission: String, on target: String?) -> Pending<
    AccessExplanation?
  > {
    examine { evaluation in
      evaluation.view.user(user).map { evaluation.explanation(of: $0, permission, on: target) }
    }
  }

  /// Makes what `body` changes one record; returns when that is on disk.
  ///
  /// - Parameter follows: whether the table of the change follows its steps.
  package func write<Value: Sendable>(
    _ context: RequestContext, follows: Bool = true,
    _ body: (inout AccessChange, inout Transaction) throws(SCIMError) -> Value
  ) throws(SCIMError) -> Value {
    let now = now
    let result = directory.writeTogether(context) { (tx) throws(SCIMError) -> Value in
      var change = AccessChange(directory, index.table(of: directory), now: now, follows: follows)
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

extension AccessEvaluation {
  func answer(
    _ user: MembershipView.Principal, _ walk: Walk, _ permission: String, on target: String?
  ) -> AccessAnswer {
    guard user.isActive else { return AccessAnswer(isAllowed: false, because: "The user is deactivated.") }
    let entry = target.flatMap { table.target($0) }
    guard let holding = holding(walk, permission, on: entry?.id) else {
      let place = target.map { " on \($0)" } ?? ""
      return AccessAnswer(isAllowed: false, because: "No grant allows \(permission)\(place).")
    }
    return AccessAnswer(
      isAllowed: true, because: Self.sentence(view.name(of: user.id), permission, holding))
  }
}

/// An object whose members keep their order (RFC 8259 §4); names are compared byte for byte.
package struct JSONObject: Sendable {
  /// One name and its value.
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONValue

    @inlinable package init(name: String, value: JSONValue) {
      self.name = name
      self.value = value
    }

    package static func == (left: Member, right: Member) -> Bool {
      left.name.hasSameBytes(as: right.name) && left.value == right.value
    }
  }

  /// The members in order. Writers must keep the names distinct.
  package var members: [Member]

  /// An object without members.
  @inlinable package init() { members = [] }

  /// An object of these members, whose names must be distinct.
  @inlinable package init(_ members: [Member]) { self.members = members }

  @inlinable package var isEmpty: Bool { members.isEmpty }
  @inlinable package var count: Int { members.count }

  /// The value under exactly this name. Setting nil removes the member; a new name is appended.
  @inlinable package subscript(name: String) -> JSONValue? {
    get {
      guard let index = index(of: name) else { return nil }
      return members[index].value
    }
    set {
      switch (index(of: name), newValue) {
      case (let index?, let value?): members[index].value = value
      case (let index?, nil): members.remove(at: index)
      case (nil, let value?): members.append(Member(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// The position of the member with exactly this name.
  @inlinable package func index(of name: String) -> Int? {
    for index in members.indices where members[index].name.hasSameBytes(as: name) { return index }
    return nil
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  /// An object with its members in the order written; the names must be distinct.
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    members = elements.map { Member(name: $0.0, value: $0.1) }
  }
}

extension JSONObject: Equatable {
  /// Whether both have the same members, in whatever order.
  package static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    let split = zip(left.members, right.members).prefix { $0.name.hasSameBytes(as: $1.name) }.count
    for index in 0..<split where left.members[index].value != right.members[index].value { return false }
    return sameMembers(left.members[split...], right.members[split...])
  }

  /// Compares in linear time, by a dictionary of one side.
  private static func sameMembers(_ left: ArraySlice<Member>, _ right: ArraySlice<Member>) -> Bool {
    var rest: [ByteString: JSONValue] = [:]
    for member in right { rest[ByteString(member.name)] = member.value }
    return left.allSatisfy { rest[ByteString($0.name)] == $0.value }
  }
}

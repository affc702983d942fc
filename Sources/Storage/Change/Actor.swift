import JSON

/// Who made a change, as its record keeps it.
package struct Actor: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    /// A request with an API key.
    case key
    /// A user of this machine, through the unix socket of the data folder.
    case socket
    /// A command on the data folder while no server runs.
    case command
    /// A session of the console.
    case session
    /// Time alone: something expired.
    case clock
    /// The server itself: it converts a data folder to a new format, or continues a job.
    case server
  }

  package var kind: Kind
  /// The `keyId` of the API key.
  package var key: String?
  /// Which secret of the key it was; 1 for the first.
  package var generation: Int?
  /// The connection the key belongs to.
  package var connection: ResourceID?
  /// The profile of the key.
  package var profile: String?
  /// The client's address.
  package var remote: String?
  /// The subject of the certificate that the client presented.
  package var certificate: String?
  /// The user of this machine, by number and by name.
  package var userID: UInt32?
  package var user: String?
  /// Whether it passes a person's sign-in on, so that what it creates is managed by nobody but that.
  package var isSignIn = false
  /// The command or page in words, as `scimd user restore`.
  package var command: String?

  package init(
    _ kind: Kind, key: String? = nil, generation: Int? = nil, connection: ResourceID? = nil,
    profile: String? = nil, remote: String? = nil, certificate: String? = nil, userID: UInt32? = nil,
    user: String? = nil,
    command: String? = nil
  ) {
    self.kind = kind
    self.key = key
    self.generation = generation
    self.connection = connection
    self.profile = profile
    self.remote = remote
    self.certificate = certificate
    self.userID = userID
    self.user = user
    self.command = command
  }

  /// The manager of the resources it creates: its connection, otherwise its key, otherwise an administrator.
  var manager: String {
    if isSignIn { return ManagerTable.signIn }
    if let connection { return "connection:\(connection.text)" }
    switch kind {
    case .key: return "key:\(key ?? "")"
    case .socket, .command, .session: return "admin"
    case .clock, .server: return kind.rawValue
    }
  }

  /// The actor of a record, of any format; nil if the record has none.
  init?(record: JSONValue) {
    guard let actor = record["actor"] else { return nil }
    key = actor["key"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    // Records of format 1 have no kind; administrators have no key there.
    kind = actor["kind"]?.stringValue.flatMap(Kind.init) ?? (key == nil ? .socket : .key)
    generation = actor["generation"]?.integerValue.flatMap { Int(exactly: $0) }
    connection = actor["connection"]?.stringValue.flatMap { ResourceID($0) }
    profile = actor["profile"]?.stringValue
    remote = actor["remote"]?.stringValue
    certificate = actor["certificate"]?.stringValue
    userID = actor["uid"]?.integerValue.flatMap { UInt32(exactly: $0) }
    user = actor["user"]?.stringValue
    command = actor["command"]?.stringValue
    isSignIn = actor["signIn"]?.boolValue ?? false
  }

  /// Members without a value are omitted.
  func write(to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("kind", kind.rawValue)
    writer.member("key", key)
    if let generation { writer.member("generation", Int64(generation)) }
    writer.member("connection", connection?.text)
    writer.member("profile", profile)
    writer.member("remote", remote)
    writer.member("certificate", certificate)
    if let userID { writer.member("uid", Int64(userID)) }
    writer.member("user", user)
    writer.member("command", command)
    if isSignIn {
      writer.name("signIn")
      writer.bool(true)
    }
    writer.endObject()
  }
}

extension JSONWriter {
  /// Omits the member if the value is nil.
  mutating func member(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    self.name("\(name)")
    string(text)
  }

  mutating func member(_ name: StaticString, _ number: Int64) {
    self.name("\(name)")
    integer(number)
  }
}

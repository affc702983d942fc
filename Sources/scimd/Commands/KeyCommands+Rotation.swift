import Admin
import JSON

extension Command {
  static let keyRotate = Command(
    path: ["key", "rotate"], summary: "Give an API key a new secret, without an outage",
    details: [
      "Prints the new secret once. The key keeps its id, scopes and networks. The old secret keeps working until the "
        + "overlap ends, so that you have time to enter the new one at the client. `scimd key show` shows which of the "
        + "two the client uses.",
      "`scimd key complete` ends the old secret sooner, `scimd key cancel` the new one.",
    ],
    arguments: [keyArgument],
    options: [
      Option(
        name: "overlap", value: "SPAN",
        help: "How long the old secret keeps working: 30m, 24h, 7d, 90 days at most. Default: 24h."),
      Option(
        name: "until-seen",
        help: "End the old secret one minute after the first request with the new one, whenever that is."),
      Option(name: "now", help: "End the old secret at once, because it has leaked."),
      Option(
        name: "expires", value: "WHEN",
        help: "When the key expires from now on: \(Expiry.help). \(Expiry.standard) Never sooner than before."
      ),
      Option(name: "if-match", value: "VERSION", help: "Only if the key still has this version."),
      SecretFile.option, keyDirectoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "a day of overlap", line: "scimd key rotate key_4gT0aZk93BqX"),
      Example(
        does: "keep the old secret until the new one is used",
        line: "scimd key rotate key_4gT0aZk93BqX --until-seen"),
      Example(does: "the old one has leaked", line: "scimd key rotate key_4gT0aZk93BqX --now"),
    ]
  ) { invocation, console throws(CommandError) in
    let body = KeyRotation.json(
      overlap: try overlap(invocation), expires: try Expiry.creation(invocation, console))
    var request = keyRequest("POST", invocation, [invocation.arguments[0], "rotate"]).sending(body)
    request.ifMatch = invocation["if-match"]
    let (sent, client) = (request, try AdminClient(invocation, console))
    let ((json, key), place) = try SecretFile.kept(invocation, secret: { $0.report.secret }) {
      () throws(CommandError) in
      try client.send(sent, KeyReport.init)
    }
    return SecretFile.show(json, secretIn: place, invocation, console, KeyText.rotated(key, secretIn: place))
  }

  /// The overlap as the API accepts it; nil for the default.
  private static func overlap(_ invocation: Invocation) throws(CommandError) -> String? {
    let given = [
      invocation["overlap"], invocation.has("until-seen") ? "until-seen" : nil,
      invocation.has("now") ? "none" : nil,
    ].compactMap { $0 }
    guard given.count <= 1 else {
      throw CommandError(.usage, "--overlap, --until-seen and --now exclude each other")
    }
    return given.first
  }

  static let keyComplete = ending(
    "complete", summary: "End the old secret of an API key that is being rotated",
    details: [
      "Takes effect with the next request. `scimd key show` shows whether the client uses the new one."
    ],
    done: "Ended the old secret of")

  static let keyCancel = ending(
    "cancel", summary: "End the new secret of an API key that is being rotated",
    details: ["The old secret keeps working, and the key gets its previous expiry back."],
    done: "Ended the new secret of")

  /// `key complete` and `key cancel`, which end one of two secrets.
  private static func ending(
    _ verb: String, summary: String, details: [String], done: String
  ) -> Command {
    Command(
      path: ["key", verb], summary: summary, details: details, arguments: [keyArgument],
      options: [
        Option(name: "if-match", value: "VERSION", help: "Only if the key still has this version."),
        keyDirectoryOption,
      ] + AdminClient.options + [jsonOption],
      examples: [Example(does: "at once", line: "scimd key \(verb) key_4gT0aZk93BqX")]
    ) { invocation, console throws(CommandError) in
      var request = keyRequest("POST", invocation, [invocation.arguments[0], verb])
      request.ifMatch = invocation["if-match"]
      return try AdminClient(invocation, console).answer(request, KeyReport.init) { key in
        "\(done) \(ResourceText.label(key.id, key.name)).\n"
      }
    }
  }

  // MARK: Leaked keys

  /// Larger than any log worth searching this way.
  private static let maxInspectedBytes = 1 << 20

  static let keyInspect = Command(
    path: ["key", "inspect"], summary: "Identify keys in a text, such as a leaked key",
    details: [
      "Reads standard input, or a file, and reports every key and token of this server in it: its owner, whether its "
        + "checksum is right and whether it still works. The text is not stored. The regular expressions for secret "
        + "scanners are scim_[0-9A-Za-z]{49} and scimt_[0-9A-Za-z]{49}."
    ],
    options: [
      Option(name: "file", value: "FILE", help: "Read this file instead of standard input."),
      keyDirectoryOption,
    ] + AdminClient.options + [jsonOption],
    examples: [
      Example(does: "paste a key and press Ctrl-D", line: "scimd key inspect"),
      Example(does: "a log that may contain keys", line: "scimd key inspect --file app.log"),
    ]
  ) { invocation, console throws(CommandError) in
    let bytes = try InputFile.read(invocation["file"] ?? "-", maxBytes: maxInspectedBytes)
    let text = String(decoding: bytes, as: UTF8.self)
    let request = keyRequest("POST", invocation, ["inspect"]).sending(["text": .string(text)])
    let (json, page) = try AdminClient(invocation, console).page(request, KeyFindingReport.init)
    console.show(json, invocation) {
      page.items.isEmpty
        ? "The text contains no keys or tokens.\n"
        : KeyText.findings(page.items).text(width: console.columns())
    }
    return .success
  }
}

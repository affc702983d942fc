/// Why a signed token is refused: for administrators only, as the client gets the same answer in every case.
struct SignedTokenFault: Error, Sendable {
  let reason: KeyRefusal.Reason
  /// A sentence.
  let detail: String

  init(_ reason: KeyRefusal.Reason, _ detail: String) {
    self.reason = reason
    self.detail = detail
  }
}

extension String {
  /// A text of a stranger as an administrator may see it: short, in quotes.
  var quotedBriefly: String {
    let text = unicodeScalars.filter { $0.value >= 32 && !(127..<160).contains($0.value) }
    return "\"\(String(String.UnicodeScalarView(text.prefix(120))))\(text.count > 120 ? "…" : "")\""
  }
}

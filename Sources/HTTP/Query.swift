/// The parameters of a query string in order, decoded once; `+` is a space, as IdPs form-encode.
package struct Query: Sendable {
  /// One `name=value`; the value is nil without `=`.
  package struct Parameter: Sendable, Equatable {
    package let name: String
    package let value: String?
  }

  package let parameters: [Parameter]

  /// Splits on `&` only; parameters with an empty name are dropped.
  package init(_ bytes: ArraySlice<UInt8>?) throws(PercentDecodingError) {
    var parameters: [Parameter] = []
    let pieces = bytes?.split(separator: UInt8(ascii: "&")) ?? []
    for piece in pieces {
      let equals = piece.firstIndex(of: UInt8(ascii: "="))
      let name = try PercentDecoding.text(of: piece[..<(equals ?? piece.endIndex)], plusIsSpace: true)
      var value: String?
      if let equals {
        value = try PercentDecoding.text(of: piece[(equals + 1)...], plusIsSpace: true)
      }
      if !name.isEmpty { parameters.append(Parameter(name: name, value: value)) }
    }
    self.parameters = parameters
  }

  /// The parameters of that name, byte for byte.
  package func all(_ name: String) -> [Parameter] {
    parameters.filter { $0.name.utf8.elementsEqual(name.utf8) }
  }
}

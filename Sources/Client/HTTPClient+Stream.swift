extension HTTPClient {
  /// Sends one request on its own connection and delivers the body of a successful answer in pieces, so that it need
  /// not fit into memory; the answer returned has no body then. Another status comes back with its body, as from
  /// `send`.
  ///
  /// `sink` returns false to hear no more; the error is then `connectionLost`.
  package func stream(
    method: String, path: String, fields: [(String, String)] = [], body: [UInt8]? = nil,
    _ sink: (ArraySlice<UInt8>) -> Bool
  ) throws(ClientError) -> ClientResponse {
    let head = try head(method: method, path: path, fields: fields, body: body)
    let connection = try ClientConnection(to: base, timeout: timeoutSeconds)
    try connection.send([head, body ?? []])
    return try ResponseReader(connection: connection, bodyLimit: responseLimit).stream(sink)
  }
}

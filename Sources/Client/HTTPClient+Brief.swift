import Platform

extension HTTPClient {
  /// Sends one request on its own connection and takes the status, the fields and the beginning of the body: what comes
  /// after `keep` bytes, or fails to come, is of no interest. The whole takes little longer than the time-out.
  ///
  /// - Parameter address: the numeric address to connect to; nil to look the host up.
  package static func brief(
    _ method: String, _ base: ClientBase, path: String, address: String?, fields: [(String, String)],
    body: [UInt8]?, keep: Int, timeoutSeconds: Double
  ) throws(ClientError) -> ClientResponse {
    let client = HTTPClient(base: base, token: nil, timeoutSeconds: timeoutSeconds)
    let head = try client.head(method: method, path: path, fields: fields, body: body)
    let deadline = Environment.system.monotonic() + UInt64(timeoutSeconds * 1e9)
    let connection = try ClientConnection(to: base, timeout: timeoutSeconds, address: address)
    connection.deadline = deadline
    try connection.send([head + (body ?? [])])
    return try ResponseReader(connection: connection, bodyLimit: keep).brief()
  }
}

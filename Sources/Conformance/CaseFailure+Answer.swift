import Client
import Exchange

extension CaseFailure {
  private static let excerptBytes = 600

  init(_ request: WireRequest, _ answer: Answer?, step: String? = nil, reasons: [String]) {
    self.init(
      step: step ?? "\(request.method) \(request.path)", request: "\(request.method) \(request.path)",
      sent: String(decoding: (request.body ?? []).prefix(Self.excerptBytes), as: UTF8.self),
      status: answer?.response.status, reasons: reasons, excerpt: answer?.excerpt ?? "")
  }
}

// swift-tools-version: 6.3
import PackageDescription

/// One way down: a target imports only what stands to its right, and the compiler checks it.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], fixtures: Bool = true) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, exclude: fixtures ? ["Fixtures"] : [], swiftSettings: settings)
}

let package = Package(
  name: "scimd",
  dependencies: [],
  targets: [
    .target(name: "CPlatform"),
    .target(name: "COpenSSL"),
    .target(
      name: "CAssets", exclude: ["Conformance", "Console", "Docs", "Providers", "Schemas", "Simulator"]),
    target("JSON"),
    target("Platform", ["CPlatform"]),
    target("TLS", ["COpenSSL", "Platform"]),
    target("HTTP", ["TLS", "Platform"]),
    target("SCIM", ["JSON", "CAssets"]),
    target("Storage", ["SCIM", "JSON", "Platform"]),
    target("Credentials", ["Storage", "Client", "TLS", "HTTP", "SCIM", "JSON", "Platform"]),
    target("Insight", ["HTTP", "Storage", "SCIM", "JSON", "Platform"]),
    target("Protocol", ["Access", "Insight", "Credentials", "HTTP", "Storage", "SCIM", "JSON", "Platform"]),
    target("Transfer", ["Storage", "SCIM", "JSON"]),
    target("Feed", ["Storage", "Client", "TLS", "SCIM", "JSON", "Platform"]),
    target("Access", ["Storage", "SCIM", "JSON", "Platform"]),
    target(
      "Admin",
      [
        "Access", "Feed", "Insight", "Transfer", "Credentials", "Client", "HTTP", "Storage", "SCIM", "JSON",
        "Platform", "TLS",
        "CAssets",
      ]),
    target(
      "Console",
      ["Admin", "Credentials", "HTTP", "Storage", "SCIM", "JSON", "Platform", "CAssets"]),
    target("Client", ["TLS", "Platform", "JSON"]),
    target("Exchange", ["Client", "JSON", "Platform"]),
    target("Conformance", ["Exchange", "Client", "JSON", "CAssets"]),
    target("Simulator", ["Exchange", "JSON", "CAssets"]),
    .executableTarget(
      name: "scimd",
      dependencies: [
        "Access", "Admin", "Console", "Feed", "Insight", "Protocol", "Transfer", "Credentials", "HTTP",
        "Storage",
        "SCIM", "Conformance", "Simulator", "Exchange", "Client", "TLS", "JSON", "Platform",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "http-echo", dependencies: ["HTTP", "TLS", "Platform"], path: "Tests/HTTPEcho",
      swiftSettings: settings),
    tests("JSONTests", ["JSON"]),
    tests("PlatformTests", ["Platform"]),
    tests("TLSTests", ["TLS", "COpenSSL", "Platform"]),
    tests("HTTPTests", ["HTTP", "TLS", "Platform"]),
    tests("SCIMTests", ["SCIM", "JSON"]),
    tests("StorageTests", ["Storage", "SCIM", "JSON", "Platform"]),
    tests("AccessTests", ["Access", "Storage", "SCIM", "JSON", "Platform"]),
    tests("FeedTests", ["Feed", "Client", "TLS", "Storage", "SCIM", "JSON", "Platform"]),
    tests("InsightTests", ["Insight", "JSON", "Platform"], fixtures: false),
    tests(
      "AdminTests",
      [
        "Access", "Admin", "Feed", "Transfer", "Credentials", "HTTP", "Storage", "SCIM", "JSON", "Platform",
      ],
      fixtures: false),
    tests(
      "ConsoleTests",
      ["Admin", "Console", "Credentials", "Feed", "HTTP", "Storage", "SCIM", "JSON", "Platform"]),
    tests(
      "CredentialsTests", ["Admin", "Credentials", "Storage", "TLS", "HTTP", "SCIM", "JSON", "Platform"]),
    tests(
      "ProtocolTests", ["Access", "Protocol", "Credentials", "HTTP", "Storage", "SCIM", "JSON", "Platform"],
      fixtures: false),
    tests(
      "ConformanceTests",
      [
        "Protocol", "Credentials", "HTTP", "Storage", "SCIM", "Conformance", "Simulator", "Exchange",
        "Client", "JSON", "Platform",
      ]),
    tests(
      "CommandTests",
      [
        "scimd", "Admin", "Insight", "Protocol", "Transfer", "Credentials", "HTTP", "Storage", "SCIM",
        "Client",
        "TLS", "JSON", "Platform",
      ]),
  ]
)

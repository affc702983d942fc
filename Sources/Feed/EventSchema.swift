package import JSON

/// What documentation says of a type: when it happens, its JSON Schema, an example.
package struct EventSchema: Sendable {
  package let type: EventType

  package init(_ type: EventType) { self.type = type }

  /// The answer of `/docs/events/TYPE`.
  package var description: JSONValue {
    [
      "type": .string(type.rawValue), "meaning": .string(type.meaning),
      "securityEvents": .array(type.securityEvents.map { .string($0.rawValue) }), "schema": schema,
      "example": EventExample(type).event?.json() ?? .null,
    ]
  }

  /// JSON Schema 2020-12.
  package var schema: JSONValue {
    var properties: JSONObject = [
      "id": Self.id, "previousId": Self.id, "type": ["const": .string(type.rawValue)],
      "time": ["type": "string", "format": "date-time"], "directory": Self.text,
      "hash": ["type": "string", "pattern": "^[0-9a-f]{64}$"],
      "actor": [
        "type": "object", "properties": ["kind": Self.text, "key": Self.text, "connection": Self.text],
        "required": ["kind"], "additionalProperties": false,
      ],
      "request": Self.text, "job": Self.text,
      "subject": [
        "type": "object",
        "properties": [
          "type": Self.text, "id": Self.text, "userName": Self.text, "displayName": Self.text,
          "externalId": Self.text, "active": ["type": "boolean"], "name": Self.text,
        ], "required": ["type", "id"], "additionalProperties": false,
      ],
      "erased": ["const": true],
    ]
    for (name, has) in [("changed", hasChanged), ("previous", hasPrevious)] where has {
      properties[name] = ["type": "object"]
    }
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "$id": .string("/docs/events/\(type.rawValue)"), "title": .string(type.rawValue),
      "description": .string(type.meaning), "type": "object", "properties": .object(properties),
      "required": ["id", "type", "time", "directory", "hash", "subject"], "additionalProperties": false,
    ]
  }

  private static let text: JSONValue = ["type": "string"]
  private static let id: JSONValue = ["type": "string", "pattern": "^evt_[0-9A-Za-z]{8}_[0-9]+_[0-9]+$"]

  /// Whether such an event has `changed`.
  private var hasChanged: Bool {
    switch type {
    case .memberRemoved, .accessRevoked, .accessExpired, .roleDeleted, .userDeleted, .groupDeleted,
      .resourceDeleted, .userErased, .groupErased, .resourceErased:
      false
    default: true
    }
  }

  /// Whether it has `previous`.
  private var hasPrevious: Bool {
    switch type {
    case .userCreated, .groupCreated, .resourceCreated, .userRestored, .groupRestored, .resourceRestored,
      .memberAdded, .accessGranted, .connectionCreated, .keyCreated, .linkCreated, .roleCreated,
      .draftRolledBack,
      .reviewOpened, .leaverLate, .userErased, .groupErased, .resourceErased:
      false
    default: true
    }
  }
}

import type { ForeignShape } from "./foreign-shape.ts";
import { Mapping } from "./mapping.ts";

/** `version` is the version of the event's schema here, and is kept as the extension `dataversion`. */
export const snakeCase: ForeignShape = {
  shape: "snake-case",
  description: "event_id, event_type, source, timestamp, data, version",

  matches: (values) => Object.hasOwn(values, "event_id") || Object.hasOwn(values, "event_type"),

  read(object, values) {
    const mapping = new Mapping("snake-case", object, values);
    mapping.takeText("id", "event_id");
    mapping.takeText("type", "event_type");
    mapping.takeText("source", "source");
    mapping.takeText("subject", "subject");
    mapping.takeTime("timestamp", "occurred_at", "time");
    mapping.takeText("dataschema", "data_schema");
    mapping.takeText("kind", "kind");
    mapping.takeText("correlationid", "correlation_id");
    mapping.takeText("causationid", "causation_id");
    mapping.takeText("partitionkey", "partition_key");
    mapping.takeText("aggregatetype", "aggregate_type");
    mapping.takeText("aggregateid", "aggregate_id");
    mapping.takeText("aggregateversion", "aggregate_version");
    mapping.takeText("traceparent", "traceparent", "trace_parent");
    mapping.takeText("channel", "channel");
    mapping.takeValue("dataversion", "version");
    mapping.takeData("data", "payload");
    return mapping.finish({ id: "event_id", source: "source", type: "event_type" });
  },

  examples: [
    {
      title: "an order with all members of the shape",
      text: `{"event_id":"8f14e45f","event_type":"order.placed","source":"/shop/orders",
        "timestamp":"2025-11-22T03:05:16.789+09:00","data":{"total":12345678901234567890.10},"version":2}`,
      event: {
        id: "8f14e45f",
        type: "order.placed",
        source: "/shop/orders",
        time: "2025-11-22T03:05:16.789+09:00",
        dataContentType: "application/json",
        data: { encoding: "json", text: '{"total":12345678901234567890.10}' },
        extensions: { dataversion: 2 },
      },
    },
    {
      title: "numbers for id and time, members that have no place, and flow attributes",
      text: `{"event_id":9007199254740993,"event_type":"order.paid","source":"payments","timestamp":1763780716.25,
        "correlation_id":"order-1","causation_id":"8f14e45f","partition_key":"1","kind":"domain","subject":null,
        "region":"eu", "retries": [ 1.0, 2 ]}`,
      event: {
        id: "9007199254740993",
        type: "order.paid",
        source: "payments",
        time: "2025-11-22T03:05:16.250000000Z",
        kind: "domain",
        correlationId: "order-1",
        causationId: "8f14e45f",
        partitionKey: "1",
        extensions: { unmapped: '{"region":"eu","retries":[1.0,2]}' },
      },
    },
    {
      title: "optional members that can't be attributes",
      text: `{"event_id":"1","event_type":"t","source":"s","timestamp":"yesterday","kind":"OrderEvent",
        "version":{"major":1},"data":null}`,
      event: {
        id: "1",
        type: "t",
        source: "s",
        dataContentType: "application/json",
        data: { encoding: "json", text: "null" },
        extensions: { unmapped: '{"timestamp":"yesterday","kind":"OrderEvent","version":{"major":1}}' },
      },
    },
  ],
};

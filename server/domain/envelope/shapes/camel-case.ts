import { parseInteger } from "../attributes.ts";
import type { JsonObject } from "../json-slices.ts";
import type { ForeignShape } from "./foreign-shape.ts";
import { Mapping } from "./mapping.ts";

/**
 * The shape of aggregates: `version` is the aggregate's version when it is a whole number from 0 up, and the
 * version of the event's schema otherwise. Without a `source`, the aggregate type is the source, and without
 * a `subject` the aggregate is the subject.
 */
export const camelCase: ForeignShape = {
  shape: "camel-case",
  description: "eventId, eventType, aggregateId, aggregateType, occurredAt, version, payload",

  matches: (values) => Object.hasOwn(values, "eventId") || Object.hasOwn(values, "eventType"),

  read(object, values) {
    const mapping = new Mapping("camel-case", object, values);
    const { event } = mapping;
    mapping.takeText("id", "eventId");
    mapping.takeText("type", "eventType");
    mapping.takeText("aggregatetype", "aggregateType");
    mapping.takeText("aggregateid", "aggregateId");
    mapping.takeText("source", "source", "service", "producer");
    mapping.takeText("subject", "subject");
    mapping.takeTime("occurredAt", "timestamp", "time");
    mapping.takeText("dataschema", "dataSchema");
    mapping.takeText("kind", "kind");
    mapping.takeText("correlationid", "correlationId");
    mapping.takeText("causationid", "causationId");
    mapping.takeText("partitionkey", "partitionKey");
    mapping.takeText("aggregateversion", "aggregateVersion");
    mapping.takeText("traceparent", "traceparent", "traceParent");
    mapping.takeText("channel", "channel");
    if (event.aggregateVersion === null && isVersionNumber(object))
      mapping.takeText("aggregateversion", "version");
    else mapping.takeValue("dataversion", "version");
    mapping.takeData("payload", "data");
    if (event.source === "" && event.aggregateType !== null) {
      mapping.set("source", `/${encodeURIComponent(event.aggregateType)}`);
    }
    if (event.subject === null && event.aggregateId !== null) mapping.set("subject", event.aggregateId);
    return mapping.finish({ id: "eventId", source: "source or aggregateType", type: "eventType" });
  },

  examples: [
    {
      title: "an aggregate's event with all members of the shape",
      text: `{"eventId":"5b1","eventType":"OrderShipped","aggregateId":"order-17","aggregateType":"Order",
        "occurredAt":"2025-11-22T03:05:16Z","version":4,"payload":{"weight":1.50}}`,
      event: {
        id: "5b1",
        source: "/Order",
        type: "OrderShipped",
        subject: "order-17",
        time: "2025-11-22T03:05:16Z",
        aggregateType: "Order",
        aggregateId: "order-17",
        aggregateVersion: 4,
        dataContentType: "application/json",
        data: { encoding: "json", text: '{"weight":1.50}' },
      },
    },
    {
      title: "a source of its own, a schema version and flow attributes",
      text: `{"eventId":"5b2","eventType":"OrderShipped","source":"/shipping","subject":"parcel-3","version":"1.10",
        "correlationId":"order-17","causationId":"5b1","partitionKey":17,"occurredAt":1763780716789,
        "traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}`,
      event: {
        id: "5b2",
        source: "/shipping",
        type: "OrderShipped",
        subject: "parcel-3",
        time: "2025-11-22T03:05:16.789Z",
        correlationId: "order-17",
        causationId: "5b1",
        partitionKey: "17",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        extensions: { dataversion: "1.10" },
      },
    },
  ],
};

function isVersionNumber(object: JsonObject): boolean {
  const version = parseInteger(object.raw("version") ?? "");
  return version !== null && version >= 0;
}

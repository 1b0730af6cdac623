import type { TopologyDto, TopologyEdgeDto, TopologyNodeDto } from "#server/contract/topology.ts";
import { embedSchema } from "#server/domain/schemas/embed-schema.ts";
import type { RegisteredVersion } from "#server/domain/schemas/type-schemas.ts";

type Json = { [name: string]: unknown };
type Registered = { type: string; versions: readonly RegisteredVersion[] };

/**
 * The graph as an AsyncAPI 3.0 document: a channel for each channel, an operation for each service that sends or takes
 * there, and the payloads of types whose schemas are registered.
 */
export function writeAsyncApi({ window, nodes, edges }: TopologyDto, schemas: readonly Registered[]): Json {
  const channels = new Keys(nodes.filter(({ kind }) => kind === "channel").map(({ id }) => id));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const flows = edges.filter(
    ({ kind, from, to }) =>
      (kind === "publishes" && channels.has(to)) || (kind === "subscribes" && channels.has(from)),
  );
  const types = new Keys([...new Set(flows.flatMap((edge) => edge.types.map(({ type }) => type)))]);
  const operations = new Keys(flows.map(({ id }) => id));
  const components = { messages: writeMessages(types, schemas), schemas: writeSchemas(types, schemas) };
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Observed topology",
      version: window.to,
      description: `What was observed from ${window.from} to ${window.to}, and the schemas that are registered.`,
    },
    defaultContentType: "application/json",
    channels: channels.map((id, key) => [key, writeChannel(byId.get(id), travelled(id, flows), types)]),
    operations: operations.map((id, key) => {
      const edge = flows.find((one) => one.id === id);
      return [key, edge ? writeOperation(edge, { byId, channels, types }) : {}];
    }),
    components,
  };
}

function travelled(channel: string, flows: readonly TopologyEdgeDto[]): string[] {
  const own = flows.filter(({ from, to }) => from === channel || to === channel);
  return [...new Set(own.flatMap((edge) => edge.types.map(({ type }) => type)))];
}

function writeChannel(node: TopologyNodeDto | undefined, own: readonly string[], types: Keys): Json {
  const address = node?.id.replace(/^(channel|type):/, "") ?? "";
  return {
    address,
    title: node?.label ?? address,
    ...(node?.isDeclared === false
      ? { description: "Stands for events that travel no channel that has been set up." }
      : {}),
    ...(node?.group ? { tags: [{ name: node.group }] } : {}),
    messages: Object.fromEntries(
      own.map((type) => [types.of(type), ref(`components/messages/${types.of(type)}`)]),
    ),
  };
}

function writeOperation(
  { kind, from, to, types: carried }: TopologyEdgeDto,
  { byId, channels, types }: { byId: ReadonlyMap<string, TopologyNodeDto>; channels: Keys; types: Keys },
): Json {
  const isSent = kind === "publishes";
  const [channel, service] = isSent ? [to, byId.get(from)] : [from, byId.get(to)];
  const key = channels.of(channel);
  return {
    action: isSent ? "send" : "receive",
    channel: ref(`channels/${key}`),
    title: `${service?.label ?? ""} ${isSent ? "sends to" : "receives from"} ${byId.get(channel)?.label ?? ""}`,
    tags: [{ name: service?.label ?? "" }],
    messages: carried.map(({ type }) => ref(`channels/${key}/messages/${types.of(type)}`)),
  };
}

function writeMessages(types: Keys, schemas: readonly Registered[]): Json {
  return types.map((type, key) => {
    const versions = schemas.find((one) => one.type === type)?.versions ?? [];
    const payloads = versions.map(({ version }) => ref(`components/schemas/${schemaKey(key, version)}`));
    return [
      key,
      {
        name: type,
        title: type,
        ...(payloads.length === 0
          ? {}
          : { payload: payloads.length === 1 ? payloads[0] : { oneOf: payloads } }),
      },
    ];
  });
}

function writeSchemas(types: Keys, schemas: readonly Registered[]): Json {
  const embedded = schemas.flatMap(({ type, versions }) => {
    if (!types.has(type)) return [];
    return versions.map(({ version, schema }) => {
      const key = schemaKey(types.of(type), version);
      return [key, embedSchema(schema, `#/components/schemas/${key}`)] as const;
    });
  });
  return Object.fromEntries(embedded);
}

function schemaKey(type: string, version: string): string {
  return `${type}-v${version.replace(/[^\w.-]/g, "_")}`;
}

function ref(pointer: string): Json {
  return { $ref: `#/${pointer}` };
}

/** Names that the document may use as keys, one for each id. */
class Keys {
  readonly #keys = new Map<string, string>();

  constructor(ids: readonly string[]) {
    const taken = new Set<string>();
    for (const id of ids) {
      const plain = id.replace(/^(channel|type|service):/, "").replace(/[^\w.-]+/g, "_");
      let key = plain;
      for (let n = 2; taken.has(key); n += 1) key = `${plain}_${n}`;
      taken.add(key);
      this.#keys.set(id, key);
    }
  }

  has(id: string): boolean {
    return this.#keys.has(id);
  }

  of(id: string): string {
    return this.#keys.get(id) ?? "";
  }

  map(entry: (id: string, key: string) => [string, unknown]): Json {
    return Object.fromEntries([...this.#keys].map(([id, key]) => entry(id, key)));
  }
}

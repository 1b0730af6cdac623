import type { ScenarioGraphDto } from "#server/contract/scenarios.ts";
import { qualifiedName, type Scenario } from "./scenario.ts";

type Node = ScenarioGraphDto["nodes"][number];
type Edge = ScenarioGraphDto["edges"][number];

/** A system as a graph, as it is declared: who publishes what, by which channel, to whom, or who calls whom. */
export function drawScenario(scenario: Scenario): ScenarioGraphDto {
  if (scenario.calls !== undefined) return drawCalls(scenario);
  return scenario.process === null ? drawBroker(scenario) : drawMediator(scenario);
}

function drawBroker({ name, producer, channels, services, ...scenario }: Scenario): ScenarioGraphDto {
  const nodes: Node[] = [producerNode(producer)];
  const edges: Edge[] = [];
  const publishers = [
    { id: "producer", emits: scenario.produces ?? [scenario.produce("sample", () => 0).type] },
    ...services.map((service) => ({ id: service.name, emits: service.emits })),
  ];
  for (const channel of channels) {
    const id = `channel/${channel.name}`;
    nodes.push({ id, kind: "channel", label: channel.name, consumer: null, isOptional: false });
    for (const publisher of publishers) {
      addEdge(edges, publisher.id, id, common(publisher.emits, channel.carries));
    }
  }
  for (const { name: service, channel, takes, isOptional = false, isMediator = false } of services) {
    const consumer = qualifiedName(name, service);
    nodes.push({
      id: service,
      kind: isMediator ? "mediator" : "consumer",
      label: service,
      consumer,
      isOptional,
    });
    if (channel !== null) addEdge(edges, `channel/${channel}`, service, takes);
    else
      for (const publisher of publishers)
        addEdge(edges, publisher.id, service, common(publisher.emits, takes));
  }
  if (scenario.projection !== undefined) {
    const { name: label, types } = scenario.projection;
    nodes.push({ id: label, kind: "store", label, consumer: null, isOptional: false });
    for (const { id, emits } of publishers) addEdge(edges, id, label, common(emits, types));
  }
  return { nodes, edges };
}

function drawMediator({ name, producer, services, process }: Scenario): ScenarioGraphDto {
  const mediator = qualifiedName(name, "mediator");
  const nodes: Node[] = [
    producerNode(producer),
    { id: "mediator", kind: "mediator", label: "mediator", consumer: mediator, isOptional: false },
  ];
  const edges: Edge[] = [];
  addEdge(edges, "producer", "mediator", process === null ? [] : [process.startedBy.type]);
  for (const { name: service, takes, isOptional = false } of services) {
    const consumer = qualifiedName(name, service);
    nodes.push({ id: service, kind: "consumer", label: service, consumer, isOptional });
    addEdge(edges, "mediator", service, takes);
  }
  return { nodes, edges };
}

/** In the order in which they are called. */
function drawCalls({ producer, services }: Scenario): ScenarioGraphDto {
  const called = services.map(({ name: label }): Node => {
    return { id: label, kind: "service", label, consumer: null, isOptional: false };
  });
  const edges = services.map(({ name: to, takes }) => {
    return { from: "producer", to, types: [...takes], isCall: true };
  });
  return { nodes: [producerNode(producer), ...called], edges };
}

function producerNode(label: string): Node {
  return { id: "producer", kind: "producer", label, consumer: null, isOptional: false };
}

function addEdge(edges: Edge[], from: string, to: string, types: readonly string[]): void {
  if (types.length > 0) edges.push({ from, to, types: [...types], isCall: false });
}

function common(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((type) => others.includes(type));
}

import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 500;
const GIVE_UP_MS = 30_000;

type Finding = { question: string; delaysMs: number[] };

/**
 * Until the signal, posts an event now and then and asks for it as soon as it was acknowledged, in each way in which an
 * event can be found, until it is. Beside a full load that is how late the events of the load are found.
 */
export async function measureFinding(
  url: string,
  signal: AbortSignal,
): Promise<{ posted: number; byQuestion: Finding[] }> {
  const delays = new Map<string, number[]>();
  let posted = 0;
  while (!signal.aborted || posted === 0) {
    const name = `probe-${posted}`;
    const since = new Date(Date.now() - 1_000).toISOString();
    const asked = new Map([
      ["id", `/api/v1/events/by-id?id=${name}`],
      ["type", `/api/v1/events?type=bench.${name}`],
      ["source", `/api/v1/events?source=/bench/${name}`],
      ["subject", `/api/v1/events?subject=${name}`],
      ["correlation", `/api/v1/events?correlationid=${name}`],
      ["time", `/api/v1/events?type=bench.${name}&from=${since}`],
    ]);
    await post(url, name);
    posted += 1;
    const acknowledgedAt = performance.now();
    await Promise.all(
      [...asked].map(async ([question, path]) => {
        await waitUntilFound(`${url}${path}`, name, acknowledgedAt);
        delays.set(question, [...(delays.get(question) ?? []), performance.now() - acknowledgedAt]);
      }),
    );
    await sleep(EVERY_MS);
  }
  return { posted, byQuestion: [...delays].map(([question, delaysMs]) => ({ question, delaysMs })) };
}

async function post(url: string, name: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${url}/api/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/cloudevents+json" },
      body: JSON.stringify({
        specversion: "1.0",
        id: name,
        source: `/bench/${name}`,
        type: `bench.${name}`,
        subject: name,
        correlationid: name,
      }),
    });
    await response.arrayBuffer();
    if (response.ok) return;
    if (response.status !== 503) throw new Error(`A probe was answered with ${response.status}.`);
    await sleep(1_000);
  }
}

async function waitUntilFound(address: string, name: string, since: number): Promise<void> {
  for (;;) {
    const response = await fetch(address);
    if ((await response.text()).includes(`"${name}"`)) return;
    if (performance.now() - since > GIVE_UP_MS) throw new Error(`${name} was not found: ${address}`);
    await sleep(20);
  }
}

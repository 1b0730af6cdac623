import { CloudEvent, HTTP } from "cloudevents";

/** What every webhook of GitHub has in its body, beside much else. */
export type WebhookPayload = { action?: string; repository?: { full_name: string } };

/**
 * A webhook of GitHub as a CloudEvent. `headers` are those of GitHub's request: `x-github-event` says what happened,
 * `x-github-delivery` names the delivery, so that one that GitHub repeats is stored once.
 */
export function toCloudEvent(headers: Headers, payload: WebhookPayload): CloudEvent<WebhookPayload> {
  const { action, repository } = payload;
  const name = headers.get("x-github-event") ?? "unknown";
  return new CloudEvent({
    id: headers.get("x-github-delivery") ?? crypto.randomUUID(),
    source: `https://github.com/${repository?.full_name ?? ""}`,
    type: ["com.github", name, action].filter(Boolean).join("."),
    time: new Date().toISOString(),
    datacontenttype: "application/json",
    data: payload,
  });
}

/** Sends one event to Nagare; resolves once it is stored. */
export async function send(nagare: string, event: CloudEvent<WebhookPayload>): Promise<void> {
  // Or `HTTP.structured(event)`: attributes and payload in one JSON document.
  const { headers, body } = HTTP.binary(event);
  await post(
    nagare,
    new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    String(body),
  );
}

/** Sends many in one request. */
export async function sendBatch(nagare: string, events: CloudEvent<WebhookPayload>[]): Promise<void> {
  await post(nagare, { "content-type": "application/cloudevents-batch+json" }, JSON.stringify(events));
}

async function post(nagare: string, headers: HeadersInit, body: string): Promise<void> {
  const response = await fetch(`${nagare}/api/v1/events`, { method: "POST", headers, body });
  if (!response.ok) throw new Error(`Nagare answered ${response.status}: ${await response.text()}`);
}

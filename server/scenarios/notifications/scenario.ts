import type { SampleService, SampleUnit, Scenario } from "../scenario.ts";
import { CUSTOMER_IDS, lookUp, WAYS, type Way } from "./preferences.ts";
import { readRegistered, USER_REGISTERED } from "./user-registered.ts";

/**
 * Decides who hears of what, and where. `user.registered` carries all that it needs; `password.changed` only says
 * whose, so that the router looks the rest up in its own store.
 */
const router: SampleService = {
  name: "router",
  takes: ["user.registered", "password.changed"],
  emits: WAYS.map(commandOf),
  channel: "notices",
  isMediator: true,
  reads: "newest",
  workMs: 15,
  serve: async ({ type, data }, { once, tell }) => {
    const isNew = type === "user.registered";
    const { fullName, wants } = isNew ? readRegistered(data) : lookUp(String(data.customerId));
    if (!(await once("routed"))) return;
    const text = isNew ? `Welcome, ${fullName}.` : `${fullName}, your password was changed.`;
    for (const way of wants) await tell(commandOf(way), { customerId: data.customerId, to: fullName, text });
  },
};

/** Sends what it is told to, and says so. It knows neither events nor preferences. */
function sender(way: Way, workMs: number): SampleService {
  return {
    name: way,
    takes: [commandOf(way)],
    emits: ["notification.sent"],
    channel: way,
    workMs,
    serve: async ({ data }, { once, emit }) => {
      if (await once("sent")) await emit("notification.sent", { ...data, by: way });
    },
  };
}

function commandOf(way: Way): string {
  return `${way}.send`;
}

/** Half of what happens is a registration: from the old form in version 1.0, from the new one in 2.0. */
function makeNotice(id: string, random: () => number): SampleUnit {
  const key = `notice-${id}`;
  const kind = "integration";
  const kindOfNotice = random();
  if (kindOfNotice >= 0.5) {
    const customerId = pick(CUSTOMER_IDS, random);
    return { type: "password.changed", kind, key, partitionKey: customerId, data: { customerId } };
  }
  const customerId = `customer-${1_000 + Math.floor(random() * 9_000)}`;
  const { fullName, wants } = lookUp(pick(CUSTOMER_IDS, random));
  const unit = { type: "user.registered", kind, key, partitionKey: customerId } as const;
  return kindOfNotice < 0.25
    ? { ...unit, version: "1.0", data: { customerId, name: fullName, wants } }
    : { ...unit, version: "2.0", data: { customerId, full_name: fullName, wants } };
}

function pick(ids: readonly string[], random: () => number): string {
  return ids[Math.floor(random() * ids.length)] ?? "customer-1";
}

/** Notifications: a router reads what each customer prefers, and tells push, SMS, mail or chat to send. */
export const notifications: Scenario = {
  name: "notifications",
  producer: "accounts",
  produces: ["user.registered", "password.changed"],
  rate: 2,
  maxRate: 50,
  channels: [
    { name: "notices", kind: "topic", carries: ["user.registered", "password.changed"] },
    ...WAYS.map((way) => ({ name: way, kind: "queue" as const, carries: [commandOf(way)] })),
  ],
  services: [router, sender("push", 20), sender("sms", 80), sender("mail", 60), sender("chat", 40)],
  schemas: USER_REGISTERED,
  process: null,
  presets: [
    { name: "sms-is-down", service: "sms", seconds: 60, fault: { isDown: true } },
    { name: "chat-is-slow", service: "chat", seconds: 60, fault: { latencyMs: 4_000 } },
  ],
  produce: makeNotice,
};

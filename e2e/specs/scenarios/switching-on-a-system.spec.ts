import { expect, test } from "../../fixtures/scenarios.ts";

/** What a whole system does takes its time. */
test.describe.configure({ timeout: 300_000 });

const SYSTEMS = [
  { name: "orders-broker", story: "Inventory is down for a minute", service: "inventory" },
  { name: "orders-mediator", story: "The mediator is down for a minute", service: "mediator" },
  { name: "orders-saga", story: "The payment provider is down for a minute", service: "payment" },
  { name: "sensors", story: "One machine sends rubbish", service: "alerts" },
  { name: "notifications", story: "The router is down for a minute", service: "router" },
  { name: "trading", story: "Risk is down for a minute", service: "risk" },
] as const;

for (const { name, story, service } of SYSTEMS) {
  test(`${name} runs after one click, fails on demand, is well again, and is removed`, async ({
    scenarios,
  }) => {
    await scenarios.open(name);
    await scenarios.start();
    await expect(scenarios.recentFlow).toBeVisible();
    await scenarios.play(story);
    await expect(scenarios.service(service).getByText(/^[1-9]\d* failed lately$/)).toBeVisible();
    await scenarios.end(story);
    await scenarios.stop();
    await scenarios.remove();
  });
}

test("orders-events shows how its read model falls behind the streams and catches up", async ({
  scenarios,
}) => {
  const story = "The read model falls behind";
  const table = scenarios.system.getByRole("table", { name: "The truth and what is shown of it" });
  // On a phone the difference stands in another column.
  const shown = (text: RegExp) => table.getByText(text).filter({ visible: true }).first();
  await scenarios.open("orders-events");
  await scenarios.start();
  await expect(table.getByText("delivered").first()).toBeVisible();
  await scenarios.play(story);
  await expect(shown(/^[2-9] events, /)).toBeVisible();
  await scenarios.end(story);
  await expect(shown(/^none$/)).toBeVisible();
  await scenarios.stop();
  await scenarios.remove();
});

test("a service joins and leaves a system that runs, and a flow shows what was done", async ({
  page,
  scenarios,
}) => {
  const fraud = scenarios.service("fraud");
  await scenarios.open("orders-broker");
  await scenarios.start();
  await fraud.getByRole("button", { name: "Add fraud" }).click();
  await expect(fraud.getByRole("link", { name: "fraud" })).toBeVisible();
  await fraud.getByRole("button", { name: "Take fraud away" }).click();
  await expect(fraud.getByRole("link", { name: "fraud" })).toHaveCount(0);
  await scenarios.stop();
  await scenarios.recentFlow.click();
  await page.getByRole("radio", { name: "Tree and log" }).click();
  await expect(page.getByText("order.shipped", { exact: true }).first()).toBeVisible();
  await scenarios.open("orders-broker");
  await scenarios.remove();
});

test("the list of systems is walked by keys, and keeps its place in the address", async ({
  page,
  scenarios,
}) => {
  await scenarios.open("orders-saga");
  const choose = (name: string) => page.getByRole("radio", { name, exact: true });
  await expect(choose("Saga")).toBeChecked();
  await choose("Saga").focus();
  await page.keyboard.press("ArrowDown");
  await expect(choose("Event-sourced")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(choose("Event-sourced")).toBeChecked();
  await expect(page).toHaveURL(/scenario=orders-events$/);
  await expect(page.getByRole("article", { name: "Orders, stored as their events" })).toBeVisible();
});

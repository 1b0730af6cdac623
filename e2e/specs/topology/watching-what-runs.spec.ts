import { expect } from "@playwright/test";
import { reloadPage } from "../../fixtures/navigation.ts";
import { test } from "../../fixtures/topology-screen.ts";

/** Flows are judged once they have come to rest. */
const UNTIL_JUDGED = { timeout: 90_000 };

/** Both tests look at the same systems, whichever comes first. */
test.beforeEach(({ systems }) => systems.start("orders-broker", 2));

test("a broker and a mediator are told apart, drawn and compared", async ({ page, systems, topology }) => {
  test.setTimeout(300_000);

  await test.step("a system that starts appears without a reload", async () => {
    await topology.open();
    await systems.start("orders-mediator", 1);
    await expect(topology.node(/^analytics, consumer, active/)).toBeVisible({ timeout: 60_000 });
    await expect(topology.node(/^mediator, mediator/)).toBeVisible(UNTIL_JUDGED);
  });

  await test.step("the broker's system is called a broker, the mediator's a mediator", async () => {
    await expect(topology.flowType("orders-broker")).toContainText("broker,", UNTIL_JUDGED);
    await expect(topology.flowType("orders-mediator")).toContainText("mediator,", UNTIL_JUDGED);
  });

  await test.step("one click shows one flow type, with its mediator in the middle", async () => {
    await topology.flowType("orders-mediator").click();
    await expect(topology.node(/^mediator, mediator/)).toBeVisible();
    await expect(topology.node(/^analytics/)).toHaveCount(0);
    await expect(page.getByRole("radio", { name: "Mediator" })).toBeChecked();
    await expect(topology.picture("order.confirmed").getByText(/^1 payment\.charge/)).toBeVisible();
  });

  await test.step("the verdict tells its evidence", async () => {
    await page.getByRole("button", { name: "Why this verdict on order.confirmed" }).click();
    const panel = topology.panel("Verdict");
    await expect(panel.first()).toContainText("mediator sends commands to");
    await expect(panel.first()).toContainText("payment.charge");
  });

  await test.step("another flow type stands beside it", async () => {
    await page.getByRole("button", { name: /^Show order.confirmed beside/ }).click();
    await expect(topology.picture("order.confirmed")).toHaveCount(2);
    await expect(topology.node(/^analytics, consumer/)).toBeVisible();
  });

  await systems.remove("orders-mediator");
});

test("what changes is seen, and taken away as files", async ({ page, serverApart, topology, request }) => {
  test.setTimeout(300_000);
  await topology.open();
  await expect(topology.node(/^mail, consumer, active/)).toBeVisible({ timeout: 60_000 });
  // Until some of their flows were examined, they stand there twice: as what consumes and as what produces.
  for (const service of ["inventory", "points", "shipping"]) {
    const linked = topology.node(new RegExp(`^${service}, consumer and producer, `));
    await expect(linked).toBeVisible(UNTIL_JUDGED);
  }

  await test.step("a consumer that is paused shows", async () => {
    const paused = await request.post(`${serverApart}/api/v1/subscriptions/orders-broker.mail/pause`);
    expect(paused.ok()).toBe(true);
    await expect(topology.node(/^mail, consumer, paused/)).toBeVisible();
  });

  await test.step("a new consumer appears, and nothing else moves", async () => {
    const places = () =>
      page
        .locator(".react-flow__node")
        .evaluateAll((nodes) =>
          nodes.map(
            (node) =>
              `${node.getAttribute("data-id")} ${node.getAttribute("style")?.match(/left: [^;]+; top: [^;]+/)?.[0]}`,
          ),
        );
    const before = await places();
    const added = await request.put(`${serverApart}/api/v1/scenarios/orders-broker/consumers/fraud`, {
      data: { isOn: true },
    });
    expect(added.ok()).toBe(true);
    await expect(topology.node(/^fraud, /)).toBeVisible();
    expect(await places()).toEqual(expect.arrayContaining(before));
  });

  await test.step("a box is found, reached with the arrow keys, opened and closed", async () => {
    const shop = topology.node(/^shop, producer/);
    await shop.focus();
    await page.keyboard.press("ArrowRight");
    await expect(topology.node(/^orders, channel/)).toBeFocused();
    await page.keyboard.press("Enter");
    const panel = topology.panel("Node orders");
    await expect(panel.getByRole("link", { name: "order.confirmed", exact: true })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(panel).toHaveCount(0);
  });

  await test.step("an address opens what it names, in the window that it names", async () => {
    await topology.node(/^inventory, /).click();
    await expect(topology.panel("Node inventory")).toBeVisible();
    const { search } = new URL(page.url());
    const to = new Date();
    const from = new Date(to.getTime() - 10 * 60_000);
    await topology.open(`${search}&from=${from.toISOString()}&to=${to.toISOString()}`);
    await expect(topology.panel("Node inventory").getByText("Events emitted")).toBeVisible();
    await expect(page.getByRole("button", { name: /^Time range: \d{4}-/ })).toBeVisible();
  });

  await test.step("a playback goes through time, by keys", async () => {
    await page.getByRole("button", { name: "Play back" }).click();
    const slider = page.getByRole("slider", { name: "Time" });
    await slider.focus();
    const shown = await slider.getAttribute("aria-valuetext");
    await page.keyboard.press("ArrowLeft");
    await expect(slider).not.toHaveAttribute("aria-valuetext", shown ?? "");
    await expect.poll(() => new URL(page.url()).searchParams.get("from")).not.toBeNull();
    await page.getByRole("button", { name: "Back to now" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.get("from")).toBeNull();
  });

  await test.step("any two windows are compared, and the address says which", async () => {
    await topology.open();
    await page.getByRole("button", { name: "Compare" }).click();
    const panel = topology.panel("What is different");
    await panel.getByRole("radio", { name: "Another window" }).click();
    await panel.getByLabel("From").fill("2026-01-05 10:00");
    await panel.getByLabel("To").fill("2026-01-05 11:00");
    await panel.getByRole("button", { name: "Apply" }).click();
    await expect(panel.getByText("2026-01-05 10:00 – 2026-01-05 11:00")).toBeVisible();
    await expect(panel.getByText("Appeared").first()).toBeVisible();
    expect(new URL(page.url()).searchParams.get("beforeFrom")).toContain("2026-01-05T");
    await reloadPage(page);
    await expect(panel.getByText("2026-01-05 10:00 – 2026-01-05 11:00")).toBeVisible();
  });

  await test.step("pictures and texts are saved as files", async () => {
    await topology.open();
    await expect(topology.node(/^orders, channel/)).toBeVisible();
    const svg = await topology.exports("SVG");
    expect(svg.name).toBe("topology.svg");
    expect(svg.text).toContain("<svg");
    const png = await topology.exports("PNG");
    expect(png.name).toBe("topology.png");
    expect(png.text.slice(1, 4)).toBe("PNG");
    const mermaid = await topology.exports("Mermaid");
    expect(mermaid.text).toContain("flowchart");
    const asyncapi = await topology.exports("AsyncAPI 3");
    expect(JSON.parse(asyncapi.text)).toMatchObject({ asyncapi: expect.stringMatching(/^3\./) });
  });
});

import { openPage } from "../../fixtures/navigation.ts";
import type { System } from "../../fixtures/system.ts";
import { expect, test } from "../../fixtures/test.ts";

/** placed -> (authorize -> authorized, reserve); one mail whose cause was never sent. */
async function sendOrder(system: System, flow: string) {
  const placed = await system.send({ type: "order.placed", flow });
  const authorize = await system.send({
    type: "card.authorize",
    flow,
    causedBy: placed,
    attributes: { kind: "command" },
  });
  const authorized = await system.send({ type: "card.authorized", flow, causedBy: authorize });
  await system.send({ type: "stock.reserve", flow, causedBy: placed });
  await system.send({ type: "mail.sent", flow, causedBy: "never-sent" });
  return { placed, authorized };
}

const TREE = ["order.placed", "  card.authorize", "    card.authorized", "  stock.reserve", "mail.sent"];

test.describe("Following a flow", () => {
  test("an event shows its flow as a tree by cause, and where a cause is missing", async ({
    system,
    events,
  }) => {
    await sendOrder(system, system.flow());
    await events.open({ source: system.source });
    await events.openRow("card.authorized");
    await events.showTab("Flow");
    await expect(events.flow.getByRole("treeitem")).toHaveCount(5);
    expect(await events.flowOutline(system.name)).toEqual(TREE);
    await expect(events.flow.getByRole("treeitem", { selected: true })).toContainText("card.authorized");
    await expect(
      events.flow.getByRole("img", { name: "Its cause never-sent is not in this flow" }),
    ).toBeVisible();
  });

  test("arrows move through the tree and Enter opens the event", async ({ page, system, events }) => {
    await sendOrder(system, system.flow());
    await events.open({ source: system.source });
    await events.openRow("order.placed");
    await events.showTab("Flow");
    await events.flow.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(events.panel.getByRole("heading")).toHaveText(system.type("card.authorized"));
  });

  test("the page of an event steps through the flow as it was recorded", async ({ page, system }) => {
    const { placed } = await sendOrder(system, system.flow());
    await openPage(page, `/events/${await system.positionOf(placed)}`);
    await expect(page.getByText("1 of 5 in its flow")).toBeVisible();
    for (const type of ["card.authorize", "card.authorized", "stock.reserve", "mail.sent"]) {
      await page.keyboard.press("j");
      await expect(page.getByRole("heading", { level: 1 })).toContainText(system.type(type));
    }
    await expect(page.getByRole("button", { name: "Next event of the flow" })).toBeDisabled();
    await page.keyboard.press("k");
    await expect(page.getByText("4 of 5 in its flow")).toBeVisible();
  });

  test("the flow has a page of its own, whatever signs its id has", async ({ page, system, events }) => {
    const flow = system.flow("7 & 8/ü?#%");
    await sendOrder(system, flow);
    await openPage(page, `/flows/${encodeURIComponent(flow)}?view=events`);
    await expect(page.getByRole("radio", { name: "Tree and log" })).toBeChecked();
    await expect(events.flow.getByRole("treeitem")).toHaveCount(5);
    expect(await events.flowOutline(system.name)).toEqual(TREE);

    await page.getByRole("radio", { name: "By time" }).click();
    await expect(events.flow.getByRole("treeitem", { level: 2 })).toHaveCount(0);
    await events.flow.getByRole("treeitem").nth(1).click();
    await expect(events.panel).toContainText("card.authorize");
  });

  test("the palette leads to it", async ({ page, system, events }) => {
    const flow = system.flow();
    await sendOrder(system, flow);
    await events.open();
    await page.getByRole("button", { name: "Search or jump" }).click();
    await page.getByRole("combobox", { name: "Command palette" }).fill(flow);
    await page.getByRole("option", { name: `Flow ${flow}` }).click();
    await page.getByRole("radio", { name: "Tree and log" }).click();
    await expect(events.flow.getByRole("treeitem")).toHaveCount(5);
  });

  test("an id that no event has says so", async ({ page, system }) => {
    await openPage(page, `/flows/${system.name}`);
    await expect(page.getByText("No event belongs to this flow")).toBeVisible();
    await expect(page.getByText("Nothing waits to be stored.")).toBeVisible();
  });
});

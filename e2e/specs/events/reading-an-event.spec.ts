import { openPage } from "../../fixtures/navigation.ts";
import { runInShell } from "../../fixtures/shell.ts";
import { expect, test } from "../../fixtures/test.ts";

const EXACT = '{"orderId":12345678901234567890,"total":0.1000,"factor":1E+2}';

test.describe("Reading an event", () => {
  test("it opens by keyboard beside the list, and Escape closes it again", async ({
    page,
    system,
    events,
  }) => {
    await system.sends({ type: "order.placed" }, { type: "order.paid", data: '{"paid":true}' });
    await events.open({ source: system.source });
    await expect(events.row("order.paid")).toBeVisible();

    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(events.payload).toContainText('"paid": true');

    await page.keyboard.press("j");
    await expect(events.panel).toContainText("order.placed");
    await expect(events.row("order.placed")).toHaveAttribute("aria-selected", "true");

    await page.keyboard.press("Escape");
    await expect(events.panel).toHaveCount(0);
    await expect(events.row("order.placed")).toHaveAttribute("aria-selected", "true");
  });

  test("numbers of the payload are shown as they were sent", async ({ system, events }) => {
    await system.send({ data: EXACT });
    await events.open({ source: system.source });
    await events.openRow("happened");
    for (const number of ["12345678901234567890", "0.1000", "1E+2"]) {
      await expect(events.payload).toContainText(number);
    }
    await events.showTab("Envelope");
    await expect(events.envelope).toContainText("12345678901234567890");
  });

  test("text is found in the payload", async ({ page, system, events }) => {
    await system.send({ data: '{"city":"Tokyo","note":"leave at the door"}' });
    await events.open({ source: system.source });
    await events.openRow("happened");
    await expect(events.payload).toContainText("Tokyo");
    await page.getByRole("button", { name: "Find" }).click();
    await page.getByRole("textbox", { name: "Find" }).fill("the door");
    await page.keyboard.press("Enter");
    await expect(events.panel.locator(".cm-searchMatch")).toHaveText("the door");
  });

  test("both clocks are shown where they differ", async ({ system, events }) => {
    await system.send({ time: "2020-02-29T12:00:00.123456Z" });
    await events.open({ source: system.source });
    await events.openRow("happened");
    await expect(events.panel).toContainText("2020-02-29 12:00:00.123");
    await expect(events.panel).toContainText("behind");
    await events.showTab("Metadata");
    await expect(events.panel).toContainText("as written: 2020-02-29T12:00:00.123456Z");
  });

  test("attributes without a meaning here are kept and shown", async ({ system, events }) => {
    await system.send({ attributes: { tenant: "acme", retrycount: 3 } });
    await events.open({ source: system.source });
    await events.openRow("happened");
    await events.showTab("Metadata");
    await expect(events.panel.getByRole("definition").filter({ hasText: "acme" })).toBeVisible();
    await expect(events.panel).toContainText("Not given: Subject");
  });

  test("a copied link opens the same view", async ({ page, context, system, events }) => {
    await system.sends({ type: "order.placed" }, { type: "order.paid", data: '{"paid":true}' });
    await events.open({ source: system.source, range: "1h" });
    await events.openRow("order.paid");
    await events.showTab("Metadata");
    const link = await events.copy("Copy link to this view");
    // What comes later is not part of what was shared.
    await system.send({ type: "order.shipped" });

    const colleague = await context.newPage();
    await openPage(colleague, link);
    const rows = colleague.getByRole("grid", { name: "Events" }).locator("tbody").getByRole("row");
    await expect(rows).toHaveCount(2);
    await expect(rows.first()).toHaveAttribute("aria-selected", "true");
    await expect(colleague.getByRole("tab", { name: "Metadata" })).toHaveAttribute("aria-selected", "true");
    await expect(colleague.getByRole("region", { name: "Event", exact: true })).toContainText("order.paid");
    expect(new URL(page.url()).searchParams.get("range")).toBe("1h");
  });

  test("the copied command sends the same event again", async ({ page, system, events }) => {
    await system.send({ data: `{"text":"it's \\"quoted\\" $HOME \`x\`","n":${"9".repeat(25)}}` });
    await events.open({ source: system.source });
    await events.openRow("happened");
    const command = await events.copy(/^Copy as curl/);
    expect(await runInShell(command)).toMatchObject({ accepted: 0, duplicates: 1, conflicts: 0 });
    await expect(page.getByRole("grid").locator("tbody").getByRole("row")).toHaveCount(1);
  });

  test("the id that a log knows leads to the event", async ({ page, system, events }) => {
    const id = await system.send({ id: `log/7 & more ${system.name}`, data: '{"found":1}' });
    await openPage(page, `/events/by-id?${new URLSearchParams({ id, source: system.source })}`);
    await expect(page).toHaveURL(`/events/${await system.positionOf(id)}`);
    await expect(events.payload).toContainText('"found": 1');
  });

  test("an id that nobody sent says so", async ({ page, system }) => {
    await openPage(page, `/events/by-id?id=${system.name}`);
    await expect(page.getByText(`No event has the id ${system.name}.`)).toBeVisible();
    await openPage(page, "/events/7");
    await expect(page.getByText("what is older than the retention time is dropped")).toBeVisible();
  });
});

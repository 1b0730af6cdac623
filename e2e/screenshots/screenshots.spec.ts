import { expect, test } from "@playwright/test";
import { openPage } from "../fixtures/navigation.ts";
import { startConsumers, waitForDeadLetters } from "./consumers.ts";
import { appendOrder, postOrders } from "./orders.ts";

const FOLDER = "docs/images";

test.describe("Pictures of the console", () => {
  test.describe.configure({ mode: "serial" });
  let consumers: Awaited<ReturnType<typeof startConsumers>> | undefined;
  test.afterAll(() => consumers?.close());
  test.use({ colorScheme: "dark", viewport: { width: 1440, height: 860 } });

  test("live", async ({ page, request }) => {
    await openPage(page, "/live");
    await expect(page.getByRole("navigation").first()).toBeVisible();
    await page.waitForFunction(() => document.readyState === "complete");
    consumers = await startConsumers(request);
    await postOrders(request, 40);
    await expect(page.getByText("mail.sent").first()).toBeVisible();
    await page.screenshot({ path: `${FOLDER}/live.png` });
  });

  test("one event and its flow", async ({ page, request }) => {
    const found = await request.get("/api/v1/events/by-id?id=order-1012-payment.processed");
    const { position } = await found.json();
    await openPage(page, `/events/${position}`);
    await expect(page.getByText("inventory.reserved").first()).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Payload" })).toContainText("account");
    await page.screenshot({ path: `${FOLDER}/event.png` });
  });

  test("consumers, one of which fails", async ({ page, request }) => {
    await waitForDeadLetters(request);
    await openPage(page, "/consumers?consumer=ledger");
    await expect(
      page.getByRole("region", { name: "Consumer ledger" }).getByText("503").first(),
    ).toBeVisible();
    // The numbers of the time range are refreshed every few seconds.
    await expect(page.getByRole("row", { name: /^mailer/ })).toContainText("0%");
    await page.screenshot({ path: `${FOLDER}/consumers.png` });
  });

  test("a failure case", async ({ page }) => {
    await openPage(page, "/dead-letters");
    await page.getByText("The ledger is closed until").first().click();
    await expect(page.getByRole("heading", { name: "What failing payloads have in common" })).toBeVisible();
    await expect(page.getByText("Whom it affects")).toBeVisible();
    await page.screenshot({ path: `${FOLDER}/failure-case.png` });
  });

  test("the graph that was observed", async ({ page }) => {
    await openPage(page, "/topology");
    await expect(page.locator(".react-flow__node").filter({ hasText: "ledger" }).first()).toBeVisible();
    await expect(page.locator(".react-flow__edge").first()).toBeVisible();
    await page.screenshot({ path: `${FOLDER}/topology.png` });
  });

  test("one order through time", async ({ page, request }) => {
    await appendOrder(request, "order-2041");
    await openPage(page, "/streams/order/order-2041?version=6");
    await expect(page.getByRole("textbox", { name: "State" })).toContainText("paid");
    await page.screenshot({ path: `${FOLDER}/stream.png` });
  });
});

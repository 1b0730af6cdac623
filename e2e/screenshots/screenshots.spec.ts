import { expect, test } from "@playwright/test";
import { postOrders } from "./orders.ts";

const FOLDER = "docs/images";

test.describe("Pictures of the console", () => {
  test.describe.configure({ mode: "serial" });
  test.use({ colorScheme: "dark", viewport: { width: 1440, height: 860 } });

  test("live", async ({ page, request }) => {
    await page.goto("/live");
    await expect(page.getByRole("navigation").first()).toBeVisible();
    await page.waitForFunction(() => document.readyState === "complete");
    await postOrders(request, 40);
    await expect(page.getByText("mail.sent").first()).toBeVisible();
    await page.screenshot({ path: `${FOLDER}/live.png` });
  });

  test("one event and its flow", async ({ page, request }) => {
    const found = await request.get("/api/v1/events/by-id?id=order-1012-order.confirmed");
    const { position } = await found.json();
    await page.goto(`/events/${position}`);
    await expect(page.getByText("inventory.reserved").first()).toBeVisible();
    await page.screenshot({ path: `${FOLDER}/event.png` });
  });
});

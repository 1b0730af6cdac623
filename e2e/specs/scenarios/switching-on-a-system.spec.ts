import { expect, test } from "@playwright/test";
import { startServer } from "../../server.ts";

/** Systems are on for everybody, so that these have a server of their own. */
const withServer = test.extend<{ url: string }>({
  url: [
    async ({ browserName: _ }, use) => {
      const server = await startServer();
      await use(server.url);
      await server.stop();
    },
    { timeout: 120_000 },
  ],
});

withServer("each system runs after one click, fails on demand, and is removed", async ({ page, url }) => {
  withServer.setTimeout(150_000);
  const article = page.getByRole("article");
  const service = (name: string) => article.getByRole("listitem", { name, exact: true });

  await test.step("the broker: fraud detection joins while it runs", async () => {
    await page.goto(`${url}/scenarios`);
    await expect(article.getByRole("img", { name: /who publishes what to whom/ })).toBeVisible();
    await article.getByRole("button", { name: "Start", exact: true }).click();
    await expect(article.getByRole("status")).toHaveText(/[1-9]\d* orders so far/);
    await service("fraud").getByRole("button", { name: "Add fraud" }).click();
    await expect(service("fraud").getByRole("link", { name: "fraud" })).toBeVisible({ timeout: 20_000 });
    await article.getByRole("link", { name: "Live", exact: true }).click();
    await expect(page.getByText("order.shipped").first()).toBeVisible({ timeout: 20_000 });
  });

  await test.step("a story goes wrong, counts down and can be ended", async () => {
    await page.goto(`${url}/scenarios`);
    const story = article.getByRole("listitem", { name: "Inventory is down for a minute" });
    await story.getByRole("button", { name: /^Play/ }).click();
    await expect(story.getByText(/left$/)).toBeVisible({ timeout: 20_000 });
    await expect(service("inventory").getByText(/^[1-9]\d* failed lately$/)).toBeVisible({ timeout: 20_000 });
    await story.getByRole("button", { name: "End it now" }).click();
    await expect(story.getByText(/left$/)).toHaveCount(0);
  });

  for (const { name, type } of [
    { name: "Mediator", type: "order.fulfilled" },
    { name: "Saga", type: "inventory.reserved" },
    { name: "Sensors", type: "alert.raised" },
    { name: "Notifications", type: "notification.sent" },
    { name: "Trading", type: "risk.limit-exceeded" },
  ]) {
    await test.step(`the ${name.toLowerCase()}: its traffic has its effects`, async () => {
      await page.goto(`${url}/scenarios`);
      await page.getByRole("radio", { name }).click();
      await expect(page.getByRole("radio", { name })).toBeChecked();
      await article.getByRole("button", { name: "Start", exact: true }).click();
      await expect(article.getByText("On", { exact: true })).toBeVisible({ timeout: 20_000 });
      await article.getByRole("link", { name: "Live", exact: true }).click();
      await expect(page.getByText(type).first()).toBeVisible({ timeout: 30_000 });
    });
  }

  await test.step("stopped, its data is counted and removed", async () => {
    await page.goto(`${url}/scenarios?scenario=orders-saga`);
    await article.getByRole("button", { name: "Stop", exact: true }).click();
    await article.getByRole("button", { name: "Remove data" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Count it" }).click();
    await expect(dialog.getByText("Events", { exact: true })).toBeVisible({ timeout: 20_000 });
    await dialog.getByRole("button", { name: "Remove it" }).click();
    await expect(article.getByRole("status")).toHaveText("0 orders so far");
    await expect(dialog).toHaveCount(0);
  });
});

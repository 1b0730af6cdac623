import { openPage } from "../../fixtures/navigation.ts";
import { expect } from "../../fixtures/test.ts";
import { test } from "../../fixtures/webhook.ts";

test("a destination shows its secret once, and takes a test", async ({ page, system, webhook }) => {
  await openPage(page, "/alerts/destinations");
  await page.getByRole("button", { name: "New destination" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(system.name);
  await dialog.getByLabel("URL").fill(webhook.url);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText(/^whsec_\S+$/)).toBeVisible();
  await dialog.getByRole("button", { name: "I have kept it" }).click();
  await expect(page.getByText(/whsec_/)).toHaveCount(0);

  await page
    .getByRole("listitem", { name: system.name })
    .getByRole("button", { name: "Send a test" })
    .click();
  const messages = page.getByRole("region", { name: "Messages sent" });
  const sent = messages.getByRole("listitem").filter({ hasText: `Test of ${system.name}` });
  await expect(sent.getByText("Sent", { exact: true })).toBeVisible();
  expect(webhook.messages).toHaveLength(1);
  expect(webhook.messages[0]?.headers["webhook-signature"]).toMatch(/^v1,/);
});

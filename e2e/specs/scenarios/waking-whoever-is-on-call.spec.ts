import { expect, type Locator, type Page } from "@playwright/test";
import { openPage } from "../../fixtures/navigation.ts";
import { test } from "../../fixtures/webhook.ts";

/** What failed is counted against a consumer for a minute. */
const UNTIL_FORGOTTEN = { timeout: 150_000 };
const CONSUMER = "orders-broker.mail";
const DESTINATION = "On call";
const RULE = "Mail fails";

async function choose(page: Page, field: Locator, option: string): Promise<void> {
  await field.click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

test("a fault shows, wakes whoever is on call, can be looked into, and is over", async ({
  page,
  request,
  serverApart,
  systems,
  webhook,
}) => {
  test.setTimeout(400_000);
  const fault = `${serverApart}/api/v1/scenarios/orders-broker/faults/mail`;
  const failing = page.getByRole("region", { name: "What is wrong" }).getByRole("link", {
    name: /orders-broker\.mail fails at/,
  });
  const alert = page.getByRole("list", { name: "Alerts" }).getByRole("button", { name: RULE });
  await systems.start("orders-broker", 4);

  await test.step("a rule is made that tells a destination", async () => {
    const data = { kind: "webhook", name: DESTINATION, url: webhook.url };
    const made = await request.post(`${serverApart}/api/v1/destinations`, { data });
    expect(made.ok()).toBe(true);
    await openPage(page, `${serverApart}/alerts/rules`);
    await page.getByRole("button", { name: "New rule" }).click();
    await page.getByRole("menuitem", { name: "Empty rule" }).click();
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").fill(RULE);
    await form.getByLabel("Only consumer").fill(CONSUMER);
    await form.getByLabel("Value (%)").fill("50");
    await choose(page, form.getByLabel("Over", { exact: true }), "10 sec");
    await form.getByLabel(`Tell ${DESTINATION}`).check();
    await form.getByRole("button", { name: "Save and switch on" }).click();
    await expect(page.getByRole("listitem", { name: RULE }).getByText(`Tells ${DESTINATION}`)).toBeVisible();
  });

  await test.step("the overview says who fails, and leads to the evidence", async () => {
    await openPage(page, serverApart);
    await expect(
      page.getByRole("region", { name: "Services" }).getByRole("row", { name: /mail/ }),
    ).toBeVisible();
    await expect(failing).toHaveCount(0);
    const injected = await request.put(fault, { data: { failureRate: 1, seconds: null } });
    expect(injected.ok()).toBe(true);
    await expect(failing).toBeVisible();
    await failing.click();
    await expect(page).toHaveURL(/\/dead-letters\/letters\?consumer=orders-broker\.mail$/);
  });

  await test.step("the alert fires, and is taken", async () => {
    await openPage(page, `${serverApart}/alerts`);
    await expect(alert).toContainText("Firing");
    await alert.click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel("What you are doing about it").fill("Asking the mail provider");
    await sheet.getByRole("button", { name: "I take it" }).click();
    await expect(sheet.getByText(/^Taken by .*: Asking the mail provider$/)).toBeVisible();
    await expect(sheet.getByText(`Firing: ${RULE}, to ${DESTINATION}`)).toBeVisible();
    await sheet.getByRole("button", { name: "Close", exact: true }).click();
    await expect(alert).toContainText("Taken");
  });

  await test.step("it is over once the consumer is well, and whoever was told hears that too", async () => {
    expect((await request.delete(fault)).ok()).toBe(true);
    await expect(page.getByText("Nothing fires")).toBeVisible(UNTIL_FORGOTTEN);
    await page.getByRole("radio", { name: /^Over/ }).click();
    await expect(alert).toContainText("Over");
    await expect
      .poll(() => webhook.messages.map(({ body }) => body))
      .toMatchObject(
        ["firing", "acknowledged", "resolved"].map((kind) => ({ type: `nagare.alert.${kind}` })),
      );
  });

  await test.step("the overview names the consumer no more", async () => {
    await openPage(page, serverApart);
    await expect(
      page.getByRole("region", { name: "Services" }).getByRole("row", { name: /mail/ }),
    ).toBeVisible();
    await expect(failing).toHaveCount(0, UNTIL_FORGOTTEN);
  });

  await systems.remove("orders-broker");
});

import type { Locator, Page } from "@playwright/test";
import { openPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/scenarios.ts";

const SYSTEMS = ["Orders, through a broker", "Orders, under a mediator", "Orders, called synchronously"];
/** Orders take their time where three systems share a busy machine. */
const PATIENT = { timeout: 150_000 };
const SOME_DONE = /[1-9][\d,]* done/;
const SOME_FAILED = /[1-9][\d,]* failed/;

/** The figures of a system in one phase of the window. */
function figures(page: Page, system: string, phase: string): Locator {
  return page.getByRole("rowgroup", { name: system, exact: true }).getByRole("row", { name: phase });
}

test("the same story fails the orders that are called for, and only delays the others", async ({
  page,
  serverApart,
  systems,
}) => {
  test.setTimeout(600_000);
  const article = page.getByRole("article", { name: "Three ways to take the same order" });
  const button = (name: string) => article.getByRole("button", { name, exact: true });
  await openPage(page, `${serverApart}/scenarios`);
  await page.getByRole("link", { name: "Compare three ways to take an order" }).click();

  await test.step("without orders there are no figures", async () => {
    for (const system of SYSTEMS) {
      await expect(figures(page, system, "Last 5 min")).toContainText("No orders yet");
    }
    await expect(button("Mail is slow")).toBeDisabled();
  });

  await test.step("all three take orders after one click", async () => {
    await article.getByLabel("Orders in each").click();
    await page.getByRole("option", { name: "0.5 a second" }).click();
    await button("Start all three").click();
    for (const system of SYSTEMS) {
      await expect(figures(page, system, "Last 5 min")).toContainText(SOME_DONE, PATIENT);
    }
  });

  await test.step("a slow mail fails what waits for it", async () => {
    await button("Mail is slow").click();
    const during = (system: string) => figures(page, system, "During “Mail is slow”");
    await expect(during("Orders, called synchronously")).toContainText(SOME_FAILED, PATIENT);
    await expect(during("Orders, through a broker")).toContainText(SOME_DONE, PATIENT);
    await expect(during("Orders, through a broker")).not.toContainText("failed");
  });

  await test.step("what was done for an order that failed stays done", async () => {
    await button("Stop all three").click();
    await expect(button("Stop all three")).toHaveCount(0);
    for (const system of SYSTEMS) await expect(figures(page, system, "Afterwards")).toBeVisible();
    const called = article.getByRole("rowgroup", { name: "Orders, called synchronously" });
    await called.getByRole("link", { name: "Flow of the newest that failed" }).click();
    await page.getByRole("radio", { name: "Tree and log" }).click();
    await expect(page.getByText("order.failed", { exact: true }).first()).toBeVisible();
    await expect(page.getByText("inventory.updated", { exact: true }).first()).toBeVisible();
  });

  for (const name of ["orders-broker", "orders-mediator", "orders-sync"]) await systems.remove(name);
});

test("orders are called for after one click, fail on demand, and are removed", async ({ scenarios }) => {
  await scenarios.open("orders-sync");
  await scenarios.start();
  await scenarios.play("Inventory is down for a minute");
  await scenarios.seesLive("order.failed");
  await scenarios.open("orders-sync");
  await scenarios.stop();
  await scenarios.remove();
});

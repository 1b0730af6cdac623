import { expect, test } from "#e2e/fixtures/dead-letters.ts";
import { openPage, reloadPage } from "#e2e/fixtures/navigation.ts";

test.describe("Finding and discarding letters", () => {
  test("letters are found by the text of their error and payload, and by a link", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({ data: '{"currency":"JPY"}', key: "order-1" }, { data: '{"currency":null}' });
    await deadLetters.open("/letters");
    await deadLetters.filterBy(`consumer:${consumer.name} answered`);
    await expect(deadLetters.letterRows).toHaveCount(2);
    await deadLetters.filterBy('payload:"JPY"');
    await expect(deadLetters.letterRows).toHaveCount(1);
    await expect(deadLetters.letterRows.first()).toContainText("order-1");
    await expect(page).toHaveURL(/q=JPY/);

    const link = page.url();
    await openPage(page, "/events");
    await openPage(page, link);
    await expect(deadLetters.letterRows).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Change payload:JPY" })).toBeVisible();
    await deadLetters.filterBy("no such words");
    await expect(page.getByText("No dead letter matches")).toBeVisible();
  });

  test("ticked letters are discarded with a reason, and restored", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({}, {}, {}, {});
    await deadLetters.open(`/letters?consumer=${consumer.name}`);
    await expect(deadLetters.letterRows).toHaveCount(4);
    const ticks = page.getByRole("checkbox", { name: "Tick this letter" });
    await ticks.nth(0).click();
    await ticks.nth(2).click({ modifiers: ["Shift"] });
    const bar = page.getByRole("toolbar", { name: "Selected letters" });
    await expect(bar).toContainText("3 letters selected");
    await bar.getByRole("button", { name: "Discard…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("3 letters included.")).toBeVisible();
    const discard = dialog.getByRole("button", { name: "Discard 3 letters" });
    await expect(discard).toBeDisabled();
    await dialog.getByLabel("Reason").fill("Sent twice by the shop");
    await discard.click();
    await expect(dialog).toHaveCount(0);
    const discarded = deadLetters.letterRows.filter({ has: page.getByText("Discarded", { exact: true }) });
    await expect(discarded).toHaveCount(3);
    await expect(bar).toContainText("Tick letters");

    await discarded.first().click();
    const panel = page.getByRole("region", { name: "Dead letter", exact: true });
    await panel.getByRole("link", { name: "Open" }).click();
    await expect(deadLetters.section("History")).toContainText("Sent twice by the shop");
    await page.getByRole("button", { name: "Restore…" }).click();
    await dialog.getByRole("button", { name: "Restore 1 letter" }).click();
    await expect(deadLetters.standing("Parked")).toBeVisible();
    await expect(deadLetters.section("History")).toContainText("Restored by");
  });

  test("everything that matches is cut off at the moment when it was selected", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({}, {});
    await deadLetters.open(`/letters?status=parked&consumer=${consumer.name}`);
    await expect(deadLetters.letterRows).toHaveCount(2);
    await page.getByRole("button", { name: "Select everything that matches" }).click();
    const bar = page.getByRole("toolbar", { name: "Selected letters" });
    await expect(bar).toContainText("All 2 letters that matched");
    await consumer.failsAt({});
    await bar.getByRole("button", { name: "Discard…" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("2 included, 1 newer left out.")).toBeVisible();
    await dialog.getByLabel("Reason").fill("Of a test");
    await dialog.getByRole("button", { name: "Discard 2 letters" }).click();
    await expect(dialog).toHaveCount(0);
    await reloadPage(page);
    await expect(deadLetters.letterRows).toHaveCount(1);
  });
});

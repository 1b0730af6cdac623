import { expect, test } from "#e2e/fixtures/dead-letters.ts";
import { openPage } from "#e2e/fixtures/navigation.ts";

test.describe("Understanding a failure", () => {
  test("the way leads from the alarm to the case, and from the case to the letter", async ({
    page,
    system,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt(
      { data: '{"total":12345678901234567890}', key: "order-1", flow: system.flow() },
      { data: '{"total":2}', key: "order-2" },
    );
    await deadLetters.open(`?consumer=${consumer.name}`);
    const row = deadLetters.caseRows.first();
    await expect(row).toContainText("HTTP 500");
    await expect(row).toContainText("The ledger is closed.");
    await expect(row.getByText("Failing now")).toBeVisible();
    await deadLetters.openCase(consumer.name);

    await expect(deadLetters.standing("Open")).toBeVisible();
    await expect(deadLetters.section("What fails")).toContainText("The ledger is closed.");
    await expect(deadLetters.section("What failing payloads have in common")).toContainText(
      "has not handled an event of this type yet",
    );
    await expect(deadLetters.section("Whom it affects")).toContainText("2 partition keys and 1 flow");
    await deadLetters
      .section("Whom it affects")
      .getByRole("list", { name: "Keys with most letters" })
      .getByRole("link", { name: "order-1" })
      .click();

    await expect(deadLetters.letterRows).toHaveCount(1);
    await deadLetters.letterRows.first().click();
    const panel = page.getByRole("region", { name: "Dead letter", exact: true });
    await expect(panel.getByRole("textbox", { name: "Payload" })).toContainText("12345678901234567890");
    await panel.getByRole("link", { name: "Open" }).click();

    await expect(deadLetters.standing("Parked")).toBeVisible();
    await expect(deadLetters.section("Why it failed")).toContainText("The ledger is closed.");
    await expect(
      deadLetters.section("Attempts, oldest first").getByRole("list").getByText("Failed"),
    ).toBeVisible();
    await expect(deadLetters.section("What it holds up")).toContainText("Nobody else gets this event.");
    await expect(deadLetters.section("History")).toContainText("Became a dead letter of case #");
    await page.getByRole("link", { name: "Its event" }).click();
    await page.getByRole("tab", { name: "Deliveries" }).click();
    await expect(page.getByRole("link", { name: "Why, and what to do" })).toHaveAttribute(
      "href",
      new RegExp(`^/dead-letters/\\d+/${consumer.name}$`),
    );
  });

  test("the keyboard leads from the list to a case and to the plan of its replay", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({});
    await openPage(page, "/events");
    await deadLetters.open(`?consumer=${consumer.name}`);
    await expect(deadLetters.caseRows).toHaveCount(1);
    await page.keyboard.press("j");
    await expect(deadLetters.caseRows.first()).toHaveAttribute("aria-selected", "true");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/dead-letters\/cases\/\d+$/);
    const id = page.url().split("/").at(-1);
    await expect(page.getByRole("button", { name: "Mute…" })).toBeVisible();
    await page.keyboard.press("r");
    await page.waitForURL(new RegExp(`/dead-letters/replays/new\\?case=${id}&upTo=\\d+`));
  });

  test("a new case waits for a click, while the figures of the others change in place", async ({
    page,
    consumer,
    deadLetters,
  }) => {
    await consumer.subscribes();
    await consumer.failsAt({});
    await deadLetters.open(`?consumer=${consumer.name}`);
    const known = deadLetters.caseRows.filter({ hasText: "The ledger is closed." });
    await expect(known).toHaveCount(1);
    consumer.breaks("The printer is out of paper.");
    await consumer.failsAt({}, {}, {});
    const pill = page.getByRole("button", { name: "1 new case" });
    await expect(pill).toBeVisible({ timeout: 30_000 });
    await expect(deadLetters.caseRows).toHaveCount(1);
    consumer.breaks();
    await consumer.failsAt({});
    await expect(known.getByRole("gridcell").nth(1)).toHaveText("2", { timeout: 30_000 });
    await pill.click();
    await expect(deadLetters.caseRows).toHaveCount(2);
    await expect(deadLetters.caseRows.first()).toContainText("out of paper");
  });
});

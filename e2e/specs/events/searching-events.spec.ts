import { reloadPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/test.ts";

test.describe("Searching events", () => {
  test("a filter that is typed narrows the list and stands in the address", async ({
    page,
    system,
    events,
  }) => {
    await system.sends({ type: "order.placed" }, { type: "order.paid" }, { type: "cart.updated" });
    await events.open({ source: system.source });
    await expect(events.rows).toHaveCount(3);

    await page.keyboard.press("/");
    await expect(events.filter).toBeFocused();
    await events.filterBy("type:*.order.*");
    await expect(events.rows).toHaveCount(2);
    expect(new URL(page.url()).searchParams.getAll("type")).toEqual(["*.order.*"]);

    await reloadPage(page);
    await expect(events.rows).toHaveCount(2);
  });

  test("text is searched in payloads", async ({ system, events }) => {
    await system.sends(
      { data: '{"city":"Osaka"}', type: "a.moved" },
      { data: '{"city":"Kyoto"}', type: "b.moved" },
    );
    await events.open({ source: system.source });
    await events.filterBy("kyoto");
    await expect(events.rows).toHaveCount(1);
    await expect(events.rows).toContainText("b.moved");
  });

  test("a time in which nothing was recorded offers the way to what there is", async ({
    page,
    system,
    events,
  }) => {
    await system.send({});
    await events.open({ from: "2001-01-01T00:00:00.000Z", to: "2001-01-02T00:00:00.000Z" });
    await expect(page.getByText("Nothing was recorded in this time")).toBeVisible();
    await expect(page.getByText("Nothing waits to be stored.")).toBeVisible();
    await page.getByRole("button", { name: "Go to the newest event" }).click();
    await expect(events.rows.first()).toBeVisible();
  });

  test("a filter that nothing matches can be cleared", async ({ page, system, events }) => {
    await system.send({});
    await events.open({ source: `${system.source}/nothing` });
    await expect(page.getByText("No event matches")).toBeVisible();
    await page.getByRole("button", { name: "Clear the filter", exact: true }).last().click();
    await expect(events.rows.first()).toBeVisible();
  });

  test("new events are announced, and rows stay where they are until they are wanted", async ({
    page,
    system,
    events,
  }) => {
    await system.send({ type: "first.seen" });
    await events.open({ source: system.source });
    await expect(events.rows).toHaveCount(1);
    await system.sends({ type: "second.seen" }, { type: "third.seen" });

    await expect(page.getByRole("button", { name: "2 new events – show" })).toBeVisible();
    await expect(events.rows).toHaveCount(1);
    await page.getByRole("button", { name: "2 new events – show" }).click();
    await expect(events.rows).toHaveCount(3);
    await expect(page.getByRole("button", { name: /new event/ })).toHaveCount(0);
  });

  test("a list that can't be refreshed stays, and says how old it is", async ({ page, system, events }) => {
    await system.send({});
    await events.open({ source: system.source });
    await expect(events.rows).toHaveCount(1);

    await page.route("**/api/v1/events?*", (route) => route.abort());
    await page.keyboard.press("r");
    await expect(page.getByText("Could not refresh. What you see is from")).toBeVisible();
    await expect(events.rows).toHaveCount(1);

    await page.unroute("**/api/v1/events?*");
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByText("Could not refresh")).toHaveCount(0);
  });

  test("thousands of events are paged through to the first one", async ({ page, system, events }) => {
    for (let batch = 0; batch < 4; batch++) {
      const start = batch * 500;
      await system.sends(
        ...Array.from({ length: 500 }, (_, index) => ({ subject: `number ${start + index}` })),
      );
    }
    await events.open({ source: system.source });
    await expect(events.row("number 1999")).toBeVisible();
    expect(await events.rows.count()).toBeLessThan(100);

    await events.table.focus();
    // Each time it goes to the end of what is loaded so far.
    await expect(async () => {
      await page.keyboard.press("End");
      expect(await events.table.getByText("number 0", { exact: true }).isVisible()).toBe(true);
    }).toPass({ intervals: [200] });
    await expect(page.getByText("That is everything since")).toBeVisible();
    await page.keyboard.press("Home");
    await expect(events.row("number 1999")).toBeVisible();
  });

  test("columns that were hidden stay hidden on the next visit", async ({ page, system, events }) => {
    await system.send({ subject: "order 7" });
    await events.open({ source: system.source });
    await expect(events.table.getByRole("columnheader", { name: "Subject" })).toBeVisible();
    await page.getByRole("button", { name: "Columns", exact: true }).click();
    await page.getByRole("menuitemcheckbox", { name: "Subject" }).click();
    await page.keyboard.press("Escape");
    await expect(events.table.getByRole("columnheader", { name: "Subject" })).toHaveCount(0);
    await reloadPage(page);
    await expect(events.rows).toHaveCount(1);
    await expect(events.table.getByRole("columnheader", { name: "Subject" })).toHaveCount(0);
  });
});

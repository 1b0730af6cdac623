import { openPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/test.ts";

test.describe("Watching events arrive", () => {
  test("an event appears by itself, newest on top", async ({ system, live }) => {
    await system.send({ type: "order.placed" });
    await live.open(system);
    await expect(live.row("order.placed")).toBeVisible();

    await system.send({ type: "order.paid" });
    await expect(live.rows.first()).toContainText("order.paid");
    await expect(live.rows).toHaveCount(2);
    await expect(live.page.getByText("1 matched")).toBeVisible();
  });

  test("a pause loses nothing and says how many wait", async ({ page, system, live }) => {
    await system.send({ type: "order.placed" });
    await live.open(system);
    await page.keyboard.press("Space");
    await system.sends({ type: "order.paid" }, { type: "order.packed" }, { type: "order.shipped" });
    await expect(page.getByText("3 waiting")).toBeVisible();
    await expect(live.rows).toHaveCount(1);

    await page.keyboard.press("Space");
    await expect(live.rows).toHaveCount(4);
    await expect(live.rows.first()).toContainText("order.shipped");
  });

  test("an open event keeps its place while others arrive", async ({ page, system, live }) => {
    await system.sends({ type: "order.placed" }, { type: "order.paid" });
    await live.open(system);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(live.panel).toContainText("order.paid");

    await system.sends({ type: "order.packed" }, { type: "order.shipped" });
    await expect(live.news).toHaveText("2 new");
    await expect(live.rows.first()).toContainText("order.paid");
    await expect(live.rows.first()).toHaveAttribute("aria-selected", "true");

    await live.news.click();
    await expect(live.rows.first()).toContainText("order.shipped");
    await expect(live.panel).toContainText("order.paid");
  });

  test("a filter narrows the stream, and its link opens the same one", async ({ page, system, live }) => {
    await live.open(system);
    await page.keyboard.press("/");
    await live.filterBy('type:*.paid kind:command "berlin"');
    await expect(page.getByRole("button", { name: "Remove kind:command" })).toBeVisible();
    const berlin = { type: "order.paid", data: '{"city":"Berlin"}', attributes: { kind: "command" } };
    await system.sends(
      berlin,
      { ...berlin, type: "order.placed" },
      { ...berlin, attributes: { kind: "domain" } },
      { ...berlin, data: '{"city":"Paris"}' },
    );
    await expect(live.rows).toHaveCount(1);
    await expect(live.row("order.paid")).toBeVisible();

    await openPage(page, page.url());
    await expect(live.rows).toHaveCount(1);
    await system.send(berlin);
    await expect(live.rows).toHaveCount(2);
  });

  test("suggestions complete a filter from the keyboard", async ({ page, system, live }) => {
    await live.open(system);
    await live.filter.fill("ki");
    await expect(page.getByRole("option", { name: /^kind:/ })).toBeVisible();
    await live.filter.press("ArrowDown");
    await live.filter.press("Enter");
    await expect(live.filter).toHaveValue("kind:");
    await live.filter.press("ArrowDown");
    await live.filter.press("Enter");
    await expect(page.getByRole("button", { name: "Remove kind:domain" })).toBeVisible();
    await live.filter.press("Backspace");
    await expect(live.filter).toHaveValue("kind:domain");
    await expect(page.getByRole("button", { name: "Remove kind:domain" })).toHaveCount(0);
  });

  test("after a lost connection it goes on without a gap or a repetition", async ({ system, live }) => {
    await live.watchConnection();
    await system.send({ type: "order.placed" });
    await live.open(system);
    await system.send({ type: "order.paid" });
    await expect(live.rows).toHaveCount(2);

    await live.cutConnection();
    await system.sends({ type: "order.packed" }, { type: "order.shipped" });
    await live.restoreConnection();
    await system.send({ type: "order.received" });
    await expect(live.rows).toContainText([
      "order.received",
      "order.shipped",
      "order.packed",
      "order.paid",
      "order.placed",
    ]);
    await expect(live.page.getByText("4 matched")).toBeVisible();
  });
});

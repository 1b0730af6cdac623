import { expect, test } from "../../fixtures/sagas.ts";

test.describe("Where every process stands", () => {
  test("each order is where it is, is found by its number, and by the step at which it is stuck", async ({
    page,
    consumer,
    orders,
    sagas,
  }) => {
    await consumer.subscribes();
    const completed = await orders.takes("completed");
    const failed = await orders.takes("failed");
    const compensated = await orders.takes("compensated");
    const stuck = await orders.takes("stuck");
    await sagas.open(`?${new URLSearchParams({ type: stuck.type })}`);

    await test.step("the stuck one is on top", async () => {
      await expect(sagas.rows).toHaveCount(4);
      await expect(sagas.rows.first()).toContainText(stuck.key ?? "");
      await expect(sagas.row(stuck)).toContainText("is a dead letter and waits for a replay");
      await expect(sagas.row(completed)).toContainText("Completed");
      await expect(sagas.row(failed)).toContainText("Failed");
      await expect(sagas.row(compensated)).toContainText("1 of 1 taken back");
    });

    await test.step("the chip of a step narrows the list to it", async () => {
      await sagas.chips.filter({ hasText: `1 stuck at ${consumer.name}` }).click();
      await expect(sagas.rows).toHaveCount(1);
      await expect(sagas.row(stuck)).toBeVisible();
      await expect(page).toHaveURL(/step=/);
    });

    await test.step("an order is found by its number alone, and its trace opens", async () => {
      await sagas.open();
      await page.getByRole("searchbox").fill((compensated.key ?? "").replace("-", " "));
      await expect(sagas.rows).toHaveCount(1);
      await sagas.row(compensated).click();
      await expect(page).toHaveURL(/\/flows\//);
    });

    await test.step("two that were ticked are compared", async () => {
      await sagas.open(`?${new URLSearchParams({ type: stuck.type })}`);
      await sagas.row(completed).getByRole("checkbox").click();
      await sagas.row(failed).getByRole("checkbox").click();
      const bar = page.getByRole("toolbar", { name: "Compare two sagas" });
      await bar.getByRole("link", { name: "Compare" }).click();
      await expect(page).toHaveURL(/\/sagas\/compare\?left=.+&right=/);
    });
  });

  test("the map of a type has the steps, branches and variants that the API counts", async ({
    page,
    orders,
    sagas,
  }) => {
    const { type } = await orders.takes("completed");
    await orders.takes("completed");
    await orders.takes("compensated");
    await expect.poll(async () => (await orders.map(type)).flows).toBe(3);
    const map = await orders.map(type);
    await sagas.openMap(type);

    await test.step("as a picture", async () => {
      await expect(page.locator(".react-flow__edge")).toHaveCount(map.branches.length);
      const ends = Object.keys(map.ends).length;
      await expect(page.locator(".react-flow__node-map")).toHaveCount(1 + map.steps.length + ends);
      await expect(page.locator(".react-flow__node-map").filter({ hasText: "Start" })).toContainText("3");
    });

    await test.step("with a variant that lights its way", async () => {
      const variants = page.getByRole("region", { name: "2 variants" });
      await expect(variants.getByRole("listitem")).toHaveCount(map.variants.length);
      await variants.getByRole("button").first().click();
      await expect(page).toHaveURL(/variant=/);
      await expect(variants.getByRole("button").first()).toHaveAttribute("aria-pressed", "true");
    });

    await test.step("and as tables", async () => {
      await page.getByRole("radio", { name: "Table" }).click();
      await expect(sagas.table("Steps")).toHaveCount(map.steps.length);
      await expect(sagas.table("Branches")).toHaveCount(map.branches.length);
      const [branch] = map.branches;
      await expect(sagas.table("Branches").first()).toContainText(String(branch?.flows));
    });
  });
});

import type { Page } from "@playwright/test";
import { test } from "../../fixtures/failing-consumer.ts";
import { openPage } from "../../fixtures/navigation.ts";
import { expect } from "../../fixtures/test.ts";

async function saveCsv(page: Page): Promise<string> {
  await page.getByRole("button", { name: "What can be done with Attempts" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Save as CSV" }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

test("charts of a consumer are narrowed, zoomed into, and taken away as CSV", async ({
  page,
  system,
  consumer,
}) => {
  await consumer.subscribes();
  await consumer.failsAt({}, {}, {});
  const chart = page.getByRole("region", { name: "Attempts, Per second by consumer" });
  const type = system.type("happened");

  await test.step("charts are drawn of what the consumer did", async () => {
    await openPage(page, `/metrics?type=${type}&range=15m`);
    for (const name of ["Failure rate, Share by consumer", "Dead letters, Count by consumer"]) {
      const region = page.getByRole("region", { name });
      await expect(region.getByRole("img", { name }).locator("canvas")).toBeVisible();
      await expect(region.getByRole("button", { name: consumer.name })).toBeVisible();
    }
  });

  await test.step("a click in the legend narrows all of them", async () => {
    await chart.getByRole("button", { name: consumer.name }).click();
    await expect(page).toHaveURL(new RegExp(`[?&]consumer=${consumer.name}(&|$)`));
    const widen = page.getByRole("button", { name: `consumer: ${consumer.name}. Show all again` });
    await expect(widen).toBeVisible();
  });

  await test.step("the last quarter of an hour is saved with a row for each step", async () => {
    const [head, ...rows] = (await saveCsv(page)).trimEnd().split("\n");
    expect(head).toBe(`time,${consumer.name}`);
    const times = rows.map((row) => Date.parse(row.split(",")[0] ?? ""));
    const steps = new Set(times.slice(1).map((time, place) => time - (times[place] ?? 0)));
    expect(steps.size).toBe(1);
    const [stepMs = 0] = steps;
    expect(rows.length * stepMs).toBeGreaterThanOrEqual(15 * 60_000);
    expect(rows.some((row) => Number(row.split(",")[1]) > 0)).toBe(true);
  });

  await test.step("a drag over a chart sets the time range", async () => {
    const box = await chart.locator(".u-over").boundingBox();
    if (box === null) throw new Error("The chart is not drawn.");
    const [left, right] = [box.x + box.width / 4, box.x + box.width / 2];
    const middle = box.y + box.height / 2;
    await page.mouse.move(left, middle);
    await page.mouse.down();
    await page.mouse.move(right, middle, { steps: 4 });
    await page.mouse.up();
    await expect(page).toHaveURL(/[?&]from=.*&to=/);
    const { searchParams } = new URL(page.url());
    const span = Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "");
    expect(span).toBeGreaterThan(3 * 60_000);
    expect(span).toBeLessThan(5 * 60_000);
    expect(searchParams.get("consumer")).toBe(consumer.name);
  });

  await test.step("a click on a point leads to what it was counted from, at that time", async () => {
    await chart.locator(".u-over").click();
    await expect(page).toHaveURL(new RegExp(`/consumers\\?consumer=${consumer.name}&from=.*&to=`));
  });
});

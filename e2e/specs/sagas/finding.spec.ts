import { randomInt } from "node:crypto";
import { sagaPageSchema } from "#server/contract/sagas.ts";
import { openPage } from "../../fixtures/navigation.ts";
import { expect, test } from "../../fixtures/sagas.ts";

test.describe("Finding where a process is", () => {
  test("events with nothing but a number in their payload are followed by it, and found in the palette", async ({
    page,
    system,
    sagas,
  }) => {
    await sagas.open(`?${new URLSearchParams({ q: system.name })}`);
    await expect(page.getByText("No saga matches")).toBeVisible();

    await page.getByRole("button", { name: "Correlation" }).click();
    const sheet = page.getByRole("dialog", { name: "Correlation" });
    const form = sheet.getByRole("form", { name: "Add the place" });
    await form.getByRole("button", { name: "Add the place" }).click();
    await expect(form.getByText("Name a type, or * for all of them.")).toBeVisible();
    await form.getByLabel("Event types").fill(`${system.name}.*`);
    await form.getByLabel("Place in the payload").fill("order_id");
    await expect(form.getByText("Write a place such as data.order_id.")).toBeVisible();
    await form.getByLabel("Place in the payload").fill("data.order_id");
    await form.getByRole("button", { name: "Add the place" }).click();
    const place = sheet.getByRole("listitem").filter({ hasText: `of ${system.name}.*` });
    await expect(place).toContainText("data.order_id");

    const source = (service: string) => `${system.source}/${service}`;
    // Larger than a JavaScript number holds, and of nobody else.
    const number = `9007199254740993${randomInt(10 ** 8, 10 ** 9)}`;
    const about = { subject: system.flow("invoice"), data: `{"order_id":${number}}` };
    const placed = await system.send({ ...about, type: "order.placed", source: source("shop") });
    const paid = await system.send({ ...about, type: "paid", source: source("bank"), causedBy: placed });
    await system.send({ ...about, type: "sent", source: source("post"), causedBy: paid });
    const found = async () => {
      const answer = await page.request.get("/api/v1/sagas", { params: { q: about.subject } });
      return sagaPageSchema.parse(await answer.json()).sagas.map(({ state, events }) => [state, events]);
    };
    await expect.poll(found, { timeout: 60_000 }).toEqual([["completed", 3]]);

    await place.getByRole("button", { name: "Delete data.order_id" }).click();
    await page.getByRole("button", { name: "Delete the place" }).click();
    await expect(place).toHaveCount(0);
    await sheet.getByRole("button", { name: "Close" }).click();
    await expect(sheet).toHaveCount(0);
    await page.getByRole("button", { name: "Search or jump" }).click();
    await page.getByRole("combobox", { name: "Command palette" }).fill(about.subject);
    await page.getByRole("option", { name: `${about.subject} · Completed` }).click();
    await expect(page).toHaveURL(new RegExp(`/flows/${number}\\?correlation=payload`));
    await expect(page.getByRole("region", { name: "Facts" }).getByText("3 events")).toBeVisible();
  });

  test("a list, or the places, that can't be loaded say so, and load when they can", async ({ page }) => {
    const lists = /\/api\/v1\/(sagas\?|correlation-paths)/;
    await page.route(lists, (route) => route.abort());
    // A list of a span that ends now is asked for in the browser.
    await openPage(page, "/sagas?range=1h");
    const failed = page.getByRole("alert").filter({ hasText: "Could not load the sagas" });
    await expect(failed).toBeVisible();
    await page.getByRole("button", { name: "Correlation" }).click();
    const places = page.getByRole("alert").filter({ hasText: "Could not load the places" });
    await expect(places).toBeVisible();

    await page.unroute(lists);
    await places.getByRole("button", { name: "Try again" }).click();
    await expect(places).toHaveCount(0);
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    // It may have been asked for already, since something was told of sagas.
    await page.getByRole("button", { name: "Refresh and sort anew" }).click();
    await expect(failed).toHaveCount(0);
  });

  test("a search that fails says so, and never shows what another one found", async ({ page, sagas }) => {
    await sagas.open();
    const searches = /\/api\/v1\/sagas\?.*q=/;
    await page.route(searches, (route) => route.abort());
    await page.getByRole("searchbox").fill("nothing-like-it");
    const failed = page.getByRole("alert").filter({ hasText: "Could not load the sagas" });
    await expect(failed).toBeVisible();
    const again = page.waitForRequest(searches);
    await page.getByRole("button", { name: "Refresh and sort anew" }).click();
    await again;
    await expect(failed).toBeVisible();
    await expect(sagas.list).toHaveCount(0);
  });
});

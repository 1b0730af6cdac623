import { openPage } from "../../fixtures/navigation.ts";
import { expect, ORDER_EVENTS, test } from "../../fixtures/streams.ts";

test.describe("Looking at a stream through time", () => {
  test("the list finds a stream by a part of its id, and Enter opens it", async ({
    page,
    system,
    streams,
  }) => {
    await system.appends("order", `${system.name}/1`, "none", ORDER_EVENTS);
    await system.appends("order", `${system.name}/2`, "none", ORDER_EVENTS.slice(0, 2));
    await openPage(page, "/streams");
    await page.keyboard.press("/");
    await streams.search.fill(system.name.toUpperCase());
    await expect(streams.table.locator("tbody").getByRole("row")).toHaveCount(2);
    await expect(page).toHaveURL(/q=STREAM-/);
    await expect(streams.row(`${system.name}/1`).getByRole("gridcell").nth(2)).toHaveText("5");

    await streams.search.press("Tab");
    await streams.table.focus();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(new RegExp(`/streams/order/${system.name}%2F1$`));
    await expect(page.getByText("Version 5 of 5").first()).toBeVisible();
  });

  test("each version shows the state it led to and what it changed", async ({ system, streams }) => {
    const id = `${system.name}-order`;
    await system.appends("order", id, "none", ORDER_EVENTS);
    await streams.open("order", id);
    await expect(streams.state).toContainText('"status": "shipped"');
    await expect(streams.changes).toHaveText([/^status.*"paid".*"shipped"$/, /^trackingId.*null.*"JP7"$/]);

    await streams.version(/order\.placed/).click();
    await expect(streams.state).toContainText('"status": "placed"');
    await expect(streams.state).toContainText('"trackingId": null');
    await expect(streams.changes).toHaveText([/^status.*"draft".*"placed"$/]);
  });

  test("the slider, its arrow keys and j and k move through versions, and the link opens the same one", async ({
    page,
    system,
    streams,
  }) => {
    const id = `${system.name}-order`;
    await system.appends("order", id, "none", ORDER_EVENTS);
    await streams.open("order", id);
    await page.keyboard.press("k");
    await expect(page.getByText("Version 4 of 5").first()).toBeVisible();
    await streams.slider.focus();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await expect(page.getByText("Version 2 of 5").first()).toBeVisible();
    await expect(streams.state).toContainText('"sku": "tea"');
    await expect(streams.version(/order\.line-added/)).toHaveAttribute("aria-current", "true");
    await expect(page).toHaveURL(/version=2$/);

    await openPage(page, page.url());
    await expect(page.getByText("Version 2 of 5").first()).toBeVisible();
    await expect(streams.state).toContainText('"status": "draft"');
  });

  test("a version that is appended meanwhile is there to go to, and what is looked at stays", async ({
    page,
    system,
    streams,
  }) => {
    const id = `${system.name}-order`;
    await system.appends("order", id, "none", ORDER_EVENTS.slice(0, 3));
    await streams.open("order", id, 3);
    await expect(page.getByText("Version 3 of 3").first()).toBeVisible();
    await system.appends("order", id, 3, ORDER_EVENTS.slice(3));
    await expect(page.getByText("Version 3 of 5").first()).toBeVisible();
    await expect(streams.state).toContainText('"status": "placed"');
  });

  test("a version leads to its event, and the event's metadata back to the version", async ({
    page,
    system,
    streams,
  }) => {
    const id = `${system.name}-order`;
    const positions = await system.appends("order", id, "none", ORDER_EVENTS);
    await streams.open("order", id, 4);
    await page.getByRole("link", { name: "Open the event" }).click();
    await expect(page).toHaveURL(new RegExp(`/events/${positions[3]}$`));
    await page.getByRole("link", { name: id }).click();
    await expect(page).toHaveURL(new RegExp(`/streams/order/${id}\\?version=4$`));
    await expect(page.getByText("Version 4 of 5").first()).toBeVisible();
  });

  test("versions that are missing or stand twice are named, in the list and in the stream", async ({
    page,
    system,
    streams,
  }) => {
    const id = `${system.name}-shelf`;
    await system.sendsVersions("shelf", id, [1, 2, 5, 5, 6]);
    await openPage(page, `/streams?q=${id}`);
    // Streams of others are observed after their events are stored; the list looks again every few seconds.
    await expect(streams.row(id)).toContainText("2 missing");
    await expect(streams.row(id)).toContainText("1 duplicate");

    await streams.open("shelf", id, 5);
    await expect(streams.versions.getByText("Versions 3 to 4 are missing")).toBeVisible();
    await expect(page.getByText("2 events claim to be version 5.")).toBeVisible();
    await expect(page.getByRole("textbox", { name: "Payload" })).toContainText('"used": 20');
    await streams.open("shelf", id, 3);
    await expect(page.getByText("No event with version 3 has come in.")).toBeVisible();
  });

  test("a stream of hundreds of versions is moved through from end to end", async ({
    page,
    system,
    streams,
  }) => {
    const id = `${system.name}-cart`;
    const events = Array.from({ length: 230 }, (_, index) => ({
      type: "cart.changed",
      data: { items: index },
    }));
    await system.appends("cart", id, "none", events);
    await streams.open("cart", id);
    const payload = page.getByRole("textbox", { name: "Payload" });
    await expect(payload).toContainText('"items": 229');
    await streams.slider.focus();
    await page.keyboard.press("Home");
    await expect(payload).toContainText('"items": 0');
    await streams.slider.fill("150");
    await expect(payload).toContainText('"items": 149');
    await expect(streams.changes).toHaveText([/^items.*148.*149$/]);
  });

  test("an address without a stream says so", async ({ page, system }) => {
    await openPage(page, `/streams/order/${system.name}`);
    await expect(page.getByRole("heading", { name: `There is no order ${system.name} here` })).toBeVisible();
    await page.getByRole("link", { name: "All streams" }).click();
    await expect(page.getByRole("heading", { name: "Streams", level: 1 })).toBeVisible();
  });
});

import { expect, test } from "#e2e/fixtures/consumers.ts";
import { runInShell } from "#e2e/fixtures/shell.ts";

test.describe("Setting up a consumer", () => {
  test("the form makes a consumer, and says where a filter is wrong", async ({ system, consumers }) => {
    const form = await consumers.beginNew();
    await form.getByLabel("Name", { exact: true }).fill(system.name);
    await form.getByLabel("URL").fill(system.http.url);
    await form.getByLabel("Filters (JSON)").fill('[{"prefix":{"data":"x"}}]');
    await form.getByRole("button", { name: "Create" }).click();
    await expect(form.getByText("0.prefix.data: Filters look at attributes, not into data.")).toBeVisible();
    await form.getByLabel("Filters (JSON)").fill(JSON.stringify([{ exact: { type: system.type } }]));
    await form.getByRole("button", { name: "Create" }).click();
    await expect(consumers.panel.getByRole("heading", { name: system.name })).toBeVisible();
    await system.emits();
    await system.hasReceived(1);
  });

  test("every setting arrives, stands in the form again, and its command does the same", async ({
    page,
    context,
    system,
    consumers,
  }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    const form = await consumers.beginNew();
    await expect(form.getByText("Up to 4 attempts: 3 retries, at a random moment within")).toBeVisible();
    await form.getByLabel("Name", { exact: true }).fill(system.name);
    await form.getByRole("button", { name: "exact", exact: true }).click();
    await expect(form.getByLabel("Filters (JSON)")).toHaveValue(/"exact": \{\s+"type": "order.placed"/);
    await form.getByLabel("URL").fill(system.http.url);
    await form.getByLabel("Headers (JSON)").fill('{ "X-Tenant": "tokyo" }');
    await form.getByLabel("Order", { exact: true }).click();
    await page.getByRole("option", { name: "By partition key" }).click();
    await form.getByLabel("After a dead letter").click();
    await page.getByRole("option", { name: "Go on with its key" }).click();
    await form.getByLabel("Deliveries at once").fill("3");
    await form.getByLabel("Timeout (ms)").fill("2500");
    await form.getByLabel("Retries", { exact: true }).fill("2");
    await form.getByLabel("First delay (ms)").fill("500");
    await form.getByLabel("Growth factor").fill("1.5");
    await form.getByLabel("Longest delay (ms)").fill("600");
    await form.getByLabel("Jitter").click();
    await page.getByRole("option", { name: "None: exactly the delay" }).click();
    await expect(form.getByText("Up to 3 attempts: 2 retries, after 500 ms, 600 ms.")).toBeVisible();

    await form.getByText("The same with curl").click();
    await form.getByRole("button", { name: "Copy the command" }).click();
    const command = await page.evaluate(() => navigator.clipboard.readText());
    await form.getByRole("button", { name: "Create" }).click();
    await expect(consumers.panel.getByRole("heading", { name: system.name })).toBeVisible();
    const settings = {
      channel: null,
      filters: [{ exact: { type: "order.placed" } }],
      target: { kind: "http", url: system.http.url, headerNames: ["X-Tenant"], secretCount: 0 },
      ordering: "key",
      onDead: "continue",
      concurrency: 3,
      timeoutMs: 2500,
      retry: { retries: 2, baseMs: 500, factor: 1.5, capMs: 600, jitter: "none" },
    };
    expect(await system.subscription()).toMatchObject(settings);
    expect(await runInShell(command)).toMatchObject(settings);

    await consumers.panel.getByRole("button", { name: "Edit" }).click();
    await expect(form.getByLabel("Growth factor")).toHaveValue("1.5");
    await expect(form.getByLabel("Longest delay (ms)")).toHaveValue("600");
    await expect(form.getByText("Secrets and header values are never shown.")).toBeVisible();
    await form.getByLabel("Headers (JSON)").fill('{ "X-Tenant": "tokyo" }');
    await form.getByLabel("Growth factor").fill("2");
    await form.getByRole("button", { name: "Save" }).click();
    await expect(form).toHaveCount(0);
    expect(await system.subscription()).toMatchObject({
      ...settings,
      retry: { ...settings.retry, factor: 2 },
    });
  });

  test("what is wrong is said beside its field, and the first such field has the focus", async ({
    system,
    consumers,
  }) => {
    await system.subscribes();
    const form = await consumers.beginNew();
    await form.getByLabel("URL").fill("mail.example/events");
    await form.getByLabel("Retries", { exact: true }).fill("101");
    await form.getByLabel("Growth factor").fill("0.5");
    await form.getByRole("button", { name: "Create" }).click();
    await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
    expect(await consumers.problemOf("Name")).toBe("Needs a value.");
    expect(await consumers.problemOf("URL")).toBe(
      "Give a whole address that begins with http:// or https://.",
    );
    expect(await consumers.problemOf("Retries")).toBe("At most 100.");
    expect(await consumers.problemOf("Growth factor")).toBe("At least 1.");

    // A new one of a name that is taken would change the one that has it.
    await form.getByLabel("Name", { exact: true }).fill(system.name);
    expect(await consumers.problemOf("Name")).toContain("There is a consumer of this name.");
    expect((await system.subscription()).target).toMatchObject({ url: system.http.url });
  });

  test("a form that is left gives the focus back to what opened it", async ({ page, consumers }) => {
    const form = await consumers.beginNew();
    await expect(form.getByLabel("Name", { exact: true })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(form).toHaveCount(0);
    await expect(page.getByRole("button", { name: "New consumer" })).toBeFocused();
  });
});

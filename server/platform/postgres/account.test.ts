import { expect, test } from "vitest";
import { type Account, commandAs } from "./account.ts";

const accounts: Account[] = [{ kind: "self" }, { kind: "namespace" }, { kind: "user", uid: 1001, gid: 1002 }];

test.each(accounts)("Postgres gets nothing of our environment as $kind", (account) => {
  const { options } = commandAs(account, "/bin/postgres", []);
  expect(Object.keys(options.env ?? {}).sort()).toEqual(["LC_ALL", "PATH", "TZ"]);
});

test("in a namespace, root is called nobody and the program stays as it is", () => {
  const { file, args } = commandAs({ kind: "namespace" }, "/bin/postgres", ["-D", "/data"]);
  expect([file, ...args].join(" ")).toBe(
    "unshare --user --map-user=65534 --map-group=65534 -- /bin/postgres -D /data",
  );
});

test("as another user, the program runs with the ids of that user", () => {
  const { file, args, options } = commandAs({ kind: "user", uid: 1001, gid: 1002 }, "/bin/postgres", [
    "-D",
    "/data",
  ]);
  expect([file, ...args]).toEqual(["/bin/postgres", "-D", "/data"]);
  expect(options).toMatchObject({ uid: 1001, gid: 1002 });
});

/** The client against a server that runs. `cargo xtask web` starts one and names it in `LANDFALL_URL`. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { ApiError, createClient, rows, type Client } from "../src/api/client.js";
import type { DataImport } from "../src/api/schema.js";

const baseUrl = process.env["LANDFALL_URL"] ?? "";
let api: Client;

before(async () => {
  assert.notEqual(baseUrl, "", "LANDFALL_URL names no server: run `cargo xtask web`");
  const outside = createClient({ baseUrl });
  const tenant = await outside.post("/api/v3/tenants", { body: { name: `Client ${crypto.randomUUID()}` } });
  const engagement = await createClient({ baseUrl, clientAccountId: tenant.id }).post("/api/v3/engagements", {
    body: { name: "Exit" },
    headers: {},
  });
  api = createClient({ baseUrl, clientAccountId: tenant.id, engagementId: engagement.id });
});

async function finished(id: string): Promise<DataImport> {
  for (let tries = 0; tries < 300; tries += 1) {
    const found: DataImport = await api.get("/api/v3/imports/{id}", { path: { id } });
    if (found.status !== "pending" && found.status !== "processing") return found;
    await new Promise((wake) => setTimeout(wake, 100));
  }
  throw new Error("the import does not end");
}

test("a file becomes assets that are read page by page", async () => {
  const form = new FormData();
  const lines = Array.from({ length: 7 }, (_, row) => `web${row},10.0.0.${row + 1},prd`);
  form.set("file", new Blob([["hostname,ip_address,environment", ...lines].join("\n")]), "servers.csv");
  const receipt = await api.post("/api/v3/imports", { body: form });
  assert.ok("import_id" in receipt);
  const found = await finished(receipt.import_id);
  assert.deepEqual([found.status, found.filename, found.total_records], ["completed", "servers.csv", 7]);
  assert.equal(found.master_flow_id, receipt.master_flow_id);

  const names: string[] = [];
  const page = (cursor?: string) =>
    api.get("/api/v3/assets", { query: { environment: "Production", limit: 3, ...(cursor ? { cursor } : {}) } });
  for await (const asset of rows(page)) names.push(asset.name);
  assert.deepEqual(names.sort(), ["web0", "web1", "web2", "web3", "web4", "web5", "web6"]);
});

test("an asset is made, changed under its version and deleted", async () => {
  const asset = await api.post("/api/v3/assets", { body: { hostname: "db1", memory_gb: 64 } });
  const path = { id: asset.id };
  const tag = (version: number) => ({ "If-Match": `"${version}"` });
  const changed = await api.patch("/api/v3/assets/{id}", { path, headers: tag(asset.version), body: { memory_gb: 128 } });
  assert.equal(changed.memory_gb, 128);
  const stale = api.patch("/api/v3/assets/{id}", { path, headers: tag(asset.version), body: { memory_gb: 1 } });
  await assert.rejects(stale, (error: unknown) => error instanceof ApiError && error.status === 412);
  assert.equal(await api.delete("/api/v3/assets/{id}", { path }), undefined);
});

test("a refusal says every fault of every field", async () => {
  const refused = api.post("/api/v3/assets", { body: { hostname: "x", memory_gb: -1, cpu_cores: 4.5 } });
  await assert.rejects(refused, (error: unknown) => {
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.code], [422, "VALIDATION_ERROR"]);
    assert.equal(error.about("memory_gb").length, 1);
    assert.equal(error.about("cpu_cores").length, 1);
    return true;
  });
});

test("a POST with the same key is done once", async () => {
  const body = { hostname: "once" };
  const first = await api.post("/api/v3/assets", { body, idempotencyKey: "once" });
  const again = await api.post("/api/v3/assets", { body, idempotencyKey: "once" });
  assert.equal(again.id, first.id);
});

test("a request without an answer is sent again under its key", async () => {
  const keys: (string | null)[] = [];
  let failures = 2;
  const flaky: typeof fetch = async (input, init) => {
    keys.push(new Headers(init?.headers).get("Idempotency-Key"));
    if (failures-- > 0) throw new TypeError("the line broke");
    return fetch(input, init);
  };
  const client = createClient({ baseUrl, fetch: flaky });
  await client.post("/api/v3/tenants", { body: { name: `Flaky ${crypto.randomUUID()}` } });
  assert.equal(keys.length, 3);
  assert.equal(new Set(keys).size, 1);
});

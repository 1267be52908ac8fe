// Feeds the sample consumer events that the local stack published (events.json), each twice and in random orders.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { consumer } from "./consumer.mjs";

const events = JSON.parse(readFileSync(new URL("./events.json", import.meta.url), "utf8"));

/** The current state of each job, from the events in order. */
const standing = {};
for (const { detail } of events) {
  const job = detail.data.credential_binding_job;
  if (job) standing[job.id] = { sequence: detail.metadata.sequence, state: job.state };
}

function memory() {
  const kept = new Map();
  return {
    kept,
    get: async (id) => kept.get(id),
    put: async (id, entry) => {
      if (!(kept.get(id)?.sequence >= entry.sequence)) kept.set(id, entry);
    },
  };
}

const batchOf = (list) => ({ Records: list.map((event, at) => ({ messageId: `m${at}`, body: JSON.stringify(event) })) });

/** A random order that is the same in every run (a linear congruential generator). */
function shuffled(list, seed) {
  const mixed = [...list];
  for (let at = mixed.length - 1; at > 0; at -= 1) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    const other = seed % (at + 1);
    [mixed[at], mixed[other]] = [mixed[other], mixed[at]];
  }
  return mixed;
}

test("the events contain the states that the other tests need", () => {
  const states = Object.values(standing).map(({ state }) => state);
  for (const state of ["COMPLETE", "REVOKED", "FAILED_TO_SEND"]) assert.ok(states.includes(state), state);
});

test("duplicates and order change nothing", async () => {
  for (let seed = 1; seed <= 200; seed += 1) {
    const store = memory();
    const welcomed = [];
    const handler = consumer(store, async (job) => welcomed.push(job.id));
    assert.deepEqual(await handler(batchOf(shuffled([...events, ...events], seed))), { batchItemFailures: [] });
    assert.deepEqual(Object.fromEntries(store.kept), standing, `seed ${seed}`);
    const complete = Object.keys(standing).filter((id) => standing[id].state === "COMPLETE");
    assert.deepEqual(welcomed.sort(), complete.sort(), `seed ${seed}`);
  }
});

test("only failed messages are reported for a retry", async (t) => {
  t.mock.method(console, "error", () => {});
  let broken = true;
  const store = memory();
  const welcomed = [];
  const handler = consumer(store, async (job) => {
    if (broken) throw new Error("no connection");
    welcomed.push(job.id);
  });
  const batch = batchOf(events);
  batch.Records.push({ messageId: "nonsense", body: "{" });
  const { batchItemFailures } = await handler(batch);
  const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  const complete = events.findIndex(({ detail }) => detail.data.credential_binding_job?.state === "COMPLETE");
  assert.deepEqual(failed, [`m${complete}`, "nonsense"]);
  broken = false;
  const again = { Records: batch.Records.filter(({ messageId }) => messageId === failed[0]) };
  assert.deepEqual(await handler(again), { batchItemFailures: [] });
  assert.equal(welcomed.length, 1);
  assert.deepEqual(Object.fromEntries(store.kept), standing);
});
